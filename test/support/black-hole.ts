/** Relays connections to a server and can silently drop them, as a network partition or a stateful firewall does. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

interface BlackHole extends AsyncDisposable {
  /** The URL of the server through the relay. */
  readonly url: string;
  /** Drops all traffic in both directions from now on; connections are accepted and get no response. */
  swallow(): void;
  /** Relays new connections again; existing ones stay cut. */
  restore(): void;
  /** Relays new connections to another server, as behind an address that several share. */
  leadTo(serverUrl: string): void;
}

/** Starts the relay. @param serverUrl Contains the host and port of the server. */
export async function blackHole(serverUrl: string): Promise<BlackHole> {
  let { hostname, port } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const proxy = createServer({ allowHalfOpen: true }, (client) => {
    keep(client);
    if (isCut) return;
    const server = connect(Number(port), hostname);
    keep(server);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const)
      from.pipe(to).on('close', () => from.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`; // it listens on a port
  return {
    url: url.href,
    swallow() {
      isCut = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    restore: () => (isCut = false),
    leadTo: (other) => ({ hostname, port } = new URL(other)),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
