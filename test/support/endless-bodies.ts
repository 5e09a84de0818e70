/**
 * Opens connections of malicious clients: bodies that never end, requests that never arrive, responses that nobody reads. For
 * tests, and for a long-running attack.
 */
import { connect, type Socket } from 'node:net';

/** The results of the connections of one kind. */
interface HostileCounts {
  opened: number;
  /** Connections by the status of their first response. */
  readonly statuses: Record<string, number>;
  /** Connections that the server closed. */
  ended: number;
}

interface HostileConnections {
  readonly counts: Readonly<Record<HostileKind, HostileCounts>>;
  /** Returns the bytes sent of endless bodies. */
  readonly sentBytes: () => number;
  /** Returns the connections that the server has not closed. */
  readonly open: () => number;
  /** Resolves when the server has closed all of them. */
  readonly ended: Promise<unknown>;
  close(): void;
}

interface HostileOptions {
  /** Connections of each kind. */
  readonly count: number;
  readonly kinds?: readonly HostileKind[];
  /** Paths to which bodies are sent, in rotation. */
  readonly paths?: readonly string[];
  /** A token for responses that are not read. */
  readonly authorization?: string | undefined;
  /** A path with a large response. */
  readonly largePath?: string;
}

/** Starts a connection. @param send Sends data; may be called before it is connected. */
type Begin = (socket: Socket, parts: Parts, number: number) => void;

interface Parts {
  readonly host: string;
  readonly options: HostileOptions;
  readonly path: (number: number) => string;
  readonly count: (bytes: number) => void;
}

const chunk = Buffer.from(`10000\r\n${' '.repeat(0x10000)}\r\n`);

/** The first bytes of a ClientHello (RFC 8446, section 5.1) of 512 bytes, of which no more come. */
const halfHello = Buffer.from('1603010200010001fc0303', 'hex');

const kinds = {
  endlessChunks(socket, { host, path, count }, number) {
    socket.write(
      `POST ${path(number)} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const more = () => {
      if (socket.destroyed || !socket.writable) return;
      count(chunk.length);
      if (socket.write(chunk)) setImmediate(more);
      else socket.once('drain', more);
    };
    more();
  },
  stalledUpload(socket, { host, path }, number) {
    socket.write(
      `POST ${path(number)} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
    );
  },
  slowUpload(socket, { host, path }, number) {
    socket.write(
      `POST ${path(number)} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    drip(socket, '1\r\n \r\n');
  },
  silent() {
    // Sends nothing.
  },
  halfHeaders(socket, { host }) {
    socket.write(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\nX-More: `);
  },
  slowHeaders(socket, { host }) {
    socket.write(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\nX-More: `);
    drip(socket, 'x');
  },
  idleKeptAlive(socket, { host }) {
    socket.write(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  },
  unreadAnswers(socket, { host, options }) {
    const { authorization, largePath = '/v1.0/$metadata' } = options;
    const token = authorization === undefined ? '' : `Authorization: ${authorization}\r\n`;
    socket.pause();
    // More responses than both sides can buffer.
    socket.write(`GET ${largePath} HTTP/1.1\r\nHost: ${host}\r\n${token}\r\n`.repeat(200));
  },
  halfHandshake(socket) {
    socket.write(halfHello);
  },
  halfClosed(socket, { host, path }, number) {
    socket.end(`POST ${path(number)} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000\r\n\r\n{`);
  },
} satisfies Record<string, Begin>;

type HostileKind = keyof typeof kinds;
export const hostileKinds = Object.keys(kinds) as readonly HostileKind[]; // as they stand above

const usualPaths = [
  '/v1.0/$batch',
  '/v1.0/subscriptions',
  '/rollcall/dev/clock',
  '/11111111-1111-4111-8111-111111111111/oauth2/v2.0/token',
  '/nothing-here',
];

/** Opens the connections. @param url The URL of the server; with https, only the handshake starts. */
export function openHostile(url: string, options: HostileOptions): HostileConnections {
  const { hostname, port, host, protocol } = new URL(url);
  const { count, paths = usualPaths } = options;
  const chosen = options.kinds ?? (protocol === 'https:' ? ['silent', 'halfHandshake'] : hostileKinds);
  const counts = Object.fromEntries(
    hostileKinds.map((kind) => [kind, { opened: 0, statuses: {}, ended: 0 } satisfies HostileCounts]),
  ) as unknown as Record<HostileKind, HostileCounts>; // of every kind
  const sockets = new Set<Socket>();
  let sent = 0;
  const all = Promise.withResolvers<undefined>();
  const parts: Parts = {
    host,
    options,
    path: (number) => paths[number % paths.length]!,
    count: (bytes) => (sent += bytes),
  };
  for (const kind of chosen) {
    for (let number = 0; number < count; number++) {
      const socket = connect({
        port: Number(port),
        host: hostname.replace(/^\[|\]$/g, ''),
        allowHalfOpen: true,
      });
      const own = counts[kind];
      sockets.add(socket);
      own.opened++;
      let isAnswered = false;
      socket.on('data', (piece: Buffer) => {
        const [, status] = isAnswered ? [] : (/^HTTP\/1\.1 (\d+)/.exec(piece.toString('latin1')) ?? []);
        isAnswered = true;
        if (status !== undefined) own.statuses[status] = (own.statuses[status] ?? 0) + 1;
      });
      // Stops writing as soon as the server closes the connection.
      socket.on('end', () => socket.destroy());
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        own.ended++;
        sockets.delete(socket);
        if (sockets.size === 0) all.resolve(undefined);
      });
      kinds[kind](socket, parts, number);
    }
  }
  return {
    counts,
    sentBytes: () => sent,
    open: () => sockets.size,
    ended: all.promise,
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Sends a few bytes at intervals while the connection is open. */
function drip(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.writable && socket.write(text), 200);
  socket.once('close', () => clearInterval(timer));
}
