/** Sends requests continuously over one connection, reconnects when it closes, and records the result of each. */
import type { Socket } from 'node:net';
import { connectTo } from './raw-http.ts';

interface Outcome {
  /** The status of the response; undefined when the connection closed before it was complete. */
  readonly status: number | undefined;
  /** The number of the connection. */
  readonly connection: number;
}

export interface KeepAliveClient {
  readonly outcomes: readonly Outcome[];
  /** Resolves after this many further responses. */
  answered(count: number): Promise<void>;
  /** Stops after the current request. */
  stop(): Promise<void>;
}

export function startKeepAliveClient(url: string, target: string, authorization: string): KeepAliveClient {
  const { host, protocol } = new URL(url);
  const connected = protocol === 'https:' ? 'secureConnect' : 'connect';
  const request = `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${authorization}\r\n\r\n`;
  const outcomes: Outcome[] = [];
  const waiting: { until: number; resolve: () => void }[] = [];
  let isStopping = false;
  let answers = 0;
  let connection = 0;
  const note = (status: number | undefined) => {
    outcomes.push({ status, connection });
    if (status === undefined) return;
    answers++;
    for (const { until, resolve } of waiting) if (answers >= until) resolve();
  };

  async function run(): Promise<void> {
    while (!isStopping) {
      connection++;
      await useConnection(connectTo(url));
    }
  }

  /** Sends requests until the connection closes: by the server, by a reset, or because the client stops. */
  function useConnection(socket: Socket): Promise<void> {
    return new Promise((resolve) => {
      let isUnderWay = false;
      let received = Buffer.alloc(0);
      const ask = () => {
        isUnderWay = true;
        received = Buffer.alloc(0);
        socket.write(request);
      };
      socket.on(connected, ask);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        if (isUnderWay) note(undefined);
        resolve();
      });
      socket.on('data', (piece) => {
        received = Buffer.concat([received, piece]);
        const end = received.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = received.toString('latin1', 0, end);
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
        if (received.length < end + 4 + length) return;
        isUnderWay = false;
        note(Number(head.slice(9, 12)));
        // After `Connection: close`, a client may not send another request on the connection (RFC 9112, section 9.6).
        if (isStopping || /connection: close/i.test(head)) socket.end();
        else ask();
      });
    });
  }

  const running = run();
  return {
    outcomes,
    answered: (count) => new Promise((resolve) => waiting.push({ until: answers + count, resolve })),
    async stop() {
      isStopping = true;
      await running;
    },
  };
}
