/** Logs each request on one line: its route, never its path, query or body. */
import type { Log } from '../../base/log.ts';
import { isGuid } from '../../contract/ids.ts';
import type { Exchange } from '../../graph/exchange.ts';
import { methodLabel } from '../http/request-target.ts';

interface AnsweredRequest {
  /** The status of the response, or 499 when there is none. */
  readonly status: number;
  readonly seconds: number;
  /** Bytes sent to the client, including headers. */
  readonly bytes: number;
}

export type RequestLog = (exchange: Exchange, answered: AnsweredRequest) => void;

/** Creates the log, at level debug: a line costs a quarter of a cached page (docs/operating.md). */
export function createRequestLog(log: Log): RequestLog | undefined {
  if (!log.isOn('debug')) return undefined;
  return ({ request, ids, route }, { status, seconds, bytes }) => {
    const { requestId, clientRequestId } = ids;
    // Any other id may contain personal data.
    const isLogged = clientRequestId !== requestId && isGuid(clientRequestId);
    log.write('debug', 'A request was answered.', {
      method: methodLabel(request.method),
      route: route.template,
      status,
      ms: Math.round(seconds * 1e6) / 1e3,
      bytes,
      requestId,
      clientRequestId: isLogged ? clientRequestId : undefined,
    });
  };
}
