/**
 * Starts a proxy that connects given host names to a port of this machine and rejects all others: a client that
 * requires a specific host then reaches only the server under test.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ConnectProxy extends AsyncDisposable {
  readonly url: string;
  /** Hosts of opened connections, each with its port. */
  readonly opened: readonly string[];
  /** Hosts that were rejected. */
  readonly refused: readonly string[];
}

interface ConnectProxyOptions {
  /** `user:password`; without it the proxy responds 407. */
  readonly credentials?: string;
  /** Allows connections to ports of this machine. */
  readonly leadsHere?: boolean;
  /** The response to every request; `silent` sends none. */
  readonly always?: number | 'silent';
}

/** Starts the proxy. @param hosts Each with its port, or without for 443. */
export async function startConnectProxy(
  hosts: readonly string[],
  port: number,
  { credentials, leadsHere = false, always }: ConnectProxyOptions = {},
): Promise<ConnectProxy> {
  const opened: string[] = [];
  const refused: string[] = [];
  const open = new Set<Socket>();
  const proxy = createServer((request, response) => {
    refused.push(request.url ?? '');
    response.writeHead(502).end();
  });
  proxy.on('connect', (request, socket: Socket, head) => {
    const authority = request.url ?? '';
    const isNamed = hosts.some((host) => authority === (host.includes(':') ? host : `${host}:443`));
    const [, own] = (leadsHere ? /^127\.0\.0\.1:(\d+)$/.exec(authority) : null) ?? [];
    const basic = `Basic ${Buffer.from(credentials ?? '').toString('base64')}`;
    const isKnown = credentials === undefined || request.headers['proxy-authorization'] === basic;
    if (always !== undefined || !isKnown || (!isNamed && own === undefined)) {
      refused.push(authority);
      const status = always ?? (isKnown ? 502 : 407);
      open.add(socket);
      if (status !== 'silent') socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    opened.push(authority);
    const upstream = connect(Number(own ?? port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      socket.pipe(upstream).pipe(socket);
    });
    for (const end of [socket, upstream]) {
      open.add(end);
      end.on('close', () => open.delete(end));
      // A closed side closes the other.
      end.on('error', () => [socket, upstream].forEach((each) => each.destroy()));
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    opened,
    refused,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
