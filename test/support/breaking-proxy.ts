/** Relays connections to a PostgreSQL server and breaks at a chosen message of its clients. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

interface BreakingProxy extends AsyncDisposable {
  /** The URL of the server through the proxy. */
  readonly url: string;
  /** Messages of clients since `breakAt`. */
  readonly messages: number;
  /**
   * Sets the failure. @param at The first message that is lost, with its connection; with `lasts`, all later ones fail
   * too.
   */
  breakAt(at: number, lasts: boolean): void;
}

export async function startBreakingProxy(serverUrl: string): Promise<BreakingProxy> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let messages = 0;
  let breaks = { at: Infinity, lasts: false };
  const isBroken = () => messages === breaks.at || (breaks.lasts && messages > breaks.at);
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on('data', (piece) => {
      messages++;
      if (isBroken()) end();
      else upstream.write(piece);
    });
    upstream.on('data', (piece) => client.write(piece));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(serverUrl);
  url.port = String((server.address() as AddressInfo).port); // it listens on a port
  url.hostname = '127.0.0.1';
  return {
    url: url.href,
    get messages() {
      return messages;
    },
    breakAt(at, lasts) {
      messages = 0;
      breaks = { at, lasts };
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
