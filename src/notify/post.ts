/** One POST to an endpoint that a subscriber named: bounded in time, in what is read, and in where it may go. */
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Clock } from '../clock.ts';
import type { AddressRule } from './addresses.ts';

/** What an endpoint must do within this time, for Graph to be content (reference "Receive change notifications"). */
export const answerTimeoutMs = 10_000;

/** What is read of an answer at most: a validation token is shorter, and of a delivery only the status counts. */
const maxAnswerBytes = 4096;

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  /** The first bytes of the body, as text; empty where only the status was asked for. */
  readonly body: string;
}

export type PostOutcome =
  | { readonly answer: Answer }
  /** `address`: it may not be connected to. `stopped`: by the signal. */
  | { readonly failure: 'timeout' | 'address' | 'connection' | 'stopped' };

export interface Post {
  readonly url: string;
  readonly contentType: string;
  readonly body: string;
  /** Whether the body of the answer matters. */
  readonly reads: 'status' | 'body';
  readonly signal?: AbortSignal | undefined;
}

export interface Poster {
  post(what: Post): Promise<PostOutcome>;
  /** Lets go of the connections that are kept open. */
  close(): void;
}

/** Resolves a name to all of its addresses, as `dns.lookup` does. */
export type Resolve = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface PosterOptions {
  readonly mayConnect: AddressRule;
  readonly clock: Clock;
  /** Certificate authorities to trust, in PEM; Node's own when absent. */
  readonly ca?: readonly string[] | undefined;
  readonly resolve?: Resolve;
}

class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** How long a connection is kept open for the next delivery. */
const idleMs = 30_000;

export function createPoster({ mayConnect, clock, ca, resolve = systemLookup }: PosterOptions): Poster {
  const lookup = checkedLookup(mayConnect, resolve);
  const keptOpen = { keepAlive: true, timeout: idleMs, scheduling: 'lifo' } as const;
  const http = new HttpAgent(keptOpen);
  const https = new HttpsAgent({ ...keptOpen, ...(ca && { ca: [...ca] }) });

  function begin({ url, contentType, body }: Post): ClientRequest {
    const target = new URL(url);
    const host = target.hostname.replace(/^\[|\]$/g, '');
    // A literal is connected to without a look-up.
    if (isIP(host) !== 0 && !mayConnect(host)) throw new AddressRefused();
    const headers = { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) };
    const options = { method: 'POST', headers, lookup };
    return target.protocol === 'https:'
      ? httpsRequest(target, { ...options, agent: https })
      : httpRequest(target, { ...options, agent: http });
  }

  /** @param again False once the request was sent anew after a kept connection turned out to be closed. */
  function attempt(what: Post, again: boolean): Promise<PostOutcome> {
    return new Promise((settle) => {
      let request: ClientRequest;
      try {
        request = begin(what);
      } catch (error) {
        settle({ failure: failureOf(error) });
        return;
      }
      let isKnown = false;
      const end = (outcome: PostOutcome | Promise<PostOutcome>) => {
        isKnown = true;
        settle(outcome);
      };
      const over = new AbortController();
      const stop = () => {
        end({ failure: 'stopped' });
        request.destroy();
      };
      what.signal?.addEventListener('abort', stop, { once: true });
      over.signal.addEventListener('abort', () => what.signal?.removeEventListener('abort', stop));
      if (what.signal?.aborted === true) stop();
      void clock.sleep(answerTimeoutMs, over.signal).then(() => {
        if (over.signal.aborted) return;
        end({ failure: 'timeout' }); // unless its status was enough
        request.destroy();
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        // The other side may end a kept connection just as it is used: it has not seen the request.
        const isStale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        if (isStale && again && !isKnown) end(attempt(what, false));
        else end({ failure: failureOf(error) });
      });
      request.once('response', (response) => {
        isKnown = true;
        if (what.reads === 'status') end({ answer: answerOf(response, '') });
        readSome(response, (text) => end({ answer: answerOf(response, text) }));
      });
      request.once('close', () => {
        over.abort();
        end({ failure: 'connection' }); // unless something better is known
      });
      request.end(what.body);
    });
  }

  return {
    post: (what) => attempt(what, true),
    close() {
      http.destroy();
      https.destroy();
    },
  };
}

/** Looks a name up and passes on only the addresses that may be connected to: what is checked is what is used. */
function checkedLookup(mayConnect: AddressRule, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const [first, ...rest] = addresses.filter(({ address }) => mayConnect(address));
      if (first === undefined) callback(new AddressRefused(), []);
      else if (options.all === true) callback(null, [first, ...rest]);
      else callback(null, first.address, first.family);
    });
  };
}

function readSome(response: IncomingMessage, done: (text: string) => void): void {
  const pieces: Buffer[] = [];
  let length = 0;
  response.on('data', (piece: Buffer) => {
    length += piece.length;
    pieces.push(piece);
    if (length <= maxAnswerBytes) return;
    done(Buffer.concat(pieces).toString('utf8', 0, maxAnswerBytes));
    response.destroy();
  });
  response.once('end', () => done(Buffer.concat(pieces).toString()));
  response.on('error', () => undefined); // the request tells of it
}

function answerOf(response: IncomingMessage, body: string): Answer {
  return { status: response.statusCode ?? 0, contentType: response.headers['content-type'] ?? '', body };
}

function failureOf(error: unknown): 'address' | 'connection' {
  return error instanceof AddressRefused ? 'address' : 'connection';
}
