/** Sends raw HTTP that no client would send. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Connects to a server on this machine: over TLS, with any certificate, for a URL of https. */
export function connectTo(url: string): Socket {
  const { port, protocol } = new URL(url);
  const at = { port: Number(port), host: '127.0.0.1' };
  return protocol === 'https:' ? connectTls({ ...at, rejectUnauthorized: false }) : connect(at);
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes. @returns What is received until the server closes the connection, or resets it after its response */
export function sendRaw(url: string, ...pieces: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTo(url);
    const received: Buffer[] = [];
    socket.on('data', (piece) => received.push(piece));
    socket.on('error', (error) => {
      if (received.length === 0) reject(error);
    });
    socket.on('close', () => resolve(Buffer.concat(received).toString()));
    for (const piece of pieces) socket.write(piece);
  });
}

/** Sends one request on a new connection. */
export async function exchange(
  url: string,
  method: string,
  target: string,
  headers: readonly (readonly [string, string])[] = [],
): Promise<RawAnswer> {
  const own = headers.some(([name]) => name === 'Host') ? [] : [`Host: ${new URL(url).host}`];
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...own,
    'Connection: close',
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return parseAnswer(await sendRaw(url, `${lines.join('\r\n')}\r\n\r\n`));
}

export function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: text.slice(end + 4),
  };
}
