/** One line a request in the log: what was asked for by its route, never by its path, its query or its body. */
import type { Log } from '../../base/log.ts';
import type { Exchange } from '../../graph/exchange.ts';
import { methodLabel } from '../http/request-target.ts';

interface AnsweredRequest {
  /** The template of its path. */
  readonly route: string;
  /** Of the answer, or what it is counted by where there is none. */
  readonly status: number;
  readonly seconds: number;
  /** Sent to the client, headers among them. */
  readonly bytes: number;
}

export type RequestLog = (exchange: Exchange, answered: AnsweredRequest) => void;

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** @returns `undefined` where nobody wants the lines: they cost a quarter of a cached page (docs/operating.md). */
export function createRequestLog(log: Log): RequestLog | undefined {
  if (!log.isOn('debug')) return undefined;
  return ({ request, ids }, { route, status, seconds, bytes }) => {
    const { requestId, clientRequestId } = ids;
    // Whatever else a client calls its requests may say something of somebody.
    const isTold = clientRequestId !== requestId && guid.test(clientRequestId);
    log.write('debug', 'A request was answered.', {
      method: methodLabel(request.method),
      route,
      status,
      ms: Math.round(seconds * 1e6) / 1e3,
      bytes,
      requestId,
      clientRequestId: isTold ? clientRequestId : undefined,
    });
  };
}
