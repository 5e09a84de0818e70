/** What a worker answers by itself: reads, while nothing that only the supervisor knows can change their answers. */
import { maxBatchBytes } from '../http/api.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Interception } from '../http/interception.ts';
import { readBody } from '../http/read-body.ts';
import type { Forward } from './forwarding.ts';

export interface WorkerInterceptionOptions {
  readonly forward: Forward;
  /** False while only the supervisor may answer. */
  readonly isAlone: () => boolean;
  /** Counts what is answered here. */
  readonly counting?: Interception | undefined;
}

export function workerInterception(options: WorkerInterceptionOptions): Interception {
  const { forward, isAlone, counting } = options;
  const intercept = (exchange: Exchange, answer: (exchange: Exchange) => Promise<void> | undefined) =>
    counting === undefined ? answer(exchange) : counting.exchange(exchange, answer);
  return {
    exchange(exchange, answer) {
      const { request } = exchange;
      if (!isAlone() || isForSupervisor(request.url ?? '/')) return forward(exchange);
      if (request.method === 'GET' || request.method === 'HEAD') return intercept(exchange, answer);
      if (!isSmallBatch(exchange)) return forward(exchange);
      return readBody(request, maxBatchBytes).then((body) =>
        mayChange(body) ? forward({ ...exchange, body }) : intercept({ ...exchange, body }, answer),
      );
    },
    batchItem: (request, ids) => counting?.batchItem(request, ids),
  };
}

/** The stage, what sums up all the workers, and signing in, whose bounds are those of the whole server. */
function isForSupervisor(url: string): boolean {
  return /^\/(rollcall\/(dev\/|sign-)|metrics([?#]|$))/.test(url) || !url.startsWith('/');
}

/** A batch that can be read whole before it is known who answers it. */
function isSmallBatch({ request: { method, url = '', headers } }: Exchange): boolean {
  return (
    method === 'POST' &&
    /^\/(v1\.0|beta)\/\$batch([?#]|$)/.test(url) &&
    Number(headers['content-length'] ?? Infinity) <= maxBatchBytes
  );
}

/** True unless every item says plainly that it is a read. */
function mayChange(batch: Buffer): boolean {
  const text = batch.toString('latin1');
  // A letter may be written as an escape.
  if (text.includes('\\u')) return true;
  return /"method"\s*:\s*(?!"(GET|HEAD)")/.test(text);
}
