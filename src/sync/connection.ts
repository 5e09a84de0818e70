/** HTTP to upstream: connections are kept, answers are bounded in size and in time, nothing is followed by itself. */
import * as http from 'node:http';
import * as https from 'node:https';
import { gunzipSync } from 'node:zlib';
import type { Clock } from '../clock.ts';
import { UpstreamFailure } from './failure.ts';
import { ended } from './wake.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Connection {
  /** @throws UpstreamFailure when there is no answer: `upstreamDown`, `timedOut`, `cut`, or `notUnderstood` when it is too long */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** Requests sent and not answered yet. */
  readonly underWay: number;
  close(): void;
}

/** An answer is whole by then, or the request has failed: Graph itself gives up a minute before. */
const timeoutMs = 120_000;
const maxBodyBytes = 64 * 2 ** 20;

export function createConnection(clock: Clock, sockets: number): Connection {
  const settings = { keepAlive: true, maxSockets: sockets, scheduling: 'lifo' as const };
  const plain = new http.Agent(settings);
  const secure = new https.Agent(settings);
  let underWay = 0;
  return {
    get underWay() {
      return underWay;
    },
    async send(request, signal) {
      signal.throwIfAborted();
      underWay++;
      const isSecure = request.url.protocol === 'https:';
      const agent = isSecure ? secure : plain;
      const { answer, cancel } = exchangeOf(isSecure ? https : http, request, agent);
      const stop = () => cancel(new Stopped());
      signal.addEventListener('abort', stop, { once: true });
      const answered = new AbortController();
      void clock.sleep(timeoutMs, answered.signal).then(() => {
        if (!answered.signal.aborted) cancel(new TimedOut());
      });
      try {
        return await answer;
      } catch (error) {
        signal.throwIfAborted();
        throw failureOf(error);
      } finally {
        underWay--;
        signal.removeEventListener('abort', stop);
        answered.abort(ended);
      }
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

interface HttpExchange {
  readonly answer: Promise<HttpAnswer>;
  /** Ends an exchange that is under way; one that has ended leaves its connection to the next. */
  readonly cancel: (reason: Error) => void;
}

function exchangeOf(
  protocol: Pick<typeof http, 'request'>,
  { method, url, headers, body }: HttpRequest,
  agent: http.Agent,
): HttpExchange {
  const request = protocol.request(url, { method, headers, agent });
  let isUnderWay = true;
  const answer = new Promise<HttpAnswer>((resolve, reject) => {
    request.once('error', (error) => reject(error));
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > maxBodyBytes) response.destroy(new TooLong());
        else chunks.push(chunk);
      });
      response.once('error', (error) => reject(error));
      response.once('end', () => {
        isUnderWay = false;
        try {
          const received = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length);
          const packed = response.headers['content-encoding'] === 'gzip';
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: packed ? gunzipSync(received, { maxOutputLength: maxBodyBytes }) : received,
          });
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  });
  request.end(body);
  const cancel = (reason: Error) => {
    if (isUnderWay) request.destroy(reason);
  };
  return { answer, cancel };
}

class Stopped extends Error {
  override readonly name = 'Stopped';
}

class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

class TooLong extends Error {
  override readonly name = 'TooLong';
}

/** By Node's codes; none of them holds anything of the answer. */
function failureOf(error: unknown): UpstreamFailure {
  if (error instanceof TimedOut) return new UpstreamFailure('timedOut', { cause: error });
  if (error instanceof TooLong)
    return new UpstreamFailure('notUnderstood', { detail: 'the answer is too long' });
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const facts = { detail: code === '' ? undefined : code, cause: error };
  if (/^(Z_|ERR_BUFFER|ERR_ZLIB|HPE_)/.test(code)) return new UpstreamFailure('notUnderstood', facts);
  if (code === 'ECONNRESET' || code === 'EPIPE') return new UpstreamFailure('cut', facts);
  return new UpstreamFailure('upstreamDown', facts);
}
