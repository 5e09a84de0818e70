/** The HTTP client of sync: its limits, and failures as those of upstream. */
import type { Clock } from '../../base/clock.ts';
import {
  createHttpClient,
  type HttpClient,
  HttpFailure,
  type HttpFailureReason,
} from '../../base/http-client.ts';
import type { FetchFailureReason } from '../../store/upstream.ts';
import { UpstreamFailure } from './failure.ts';

/** A response is whole by then, or the request has failed: Graph itself gives up a minute before. */
const timeoutMs = 120_000;
const maxBodyBytes = 64 * 2 ** 20;

/** A client whose `send` throws UpstreamFailure: `upstreamDown`, `timedOut`, `cut`, or `notUnderstood`. */
export function createUpstreamHttp(clock: Clock, connections: number): HttpClient {
  const client = createHttpClient({ clock, timeoutMs, maxBodyBytes, connections, usesProxy: true });
  return {
    get underWay() {
      return client.underWay;
    },
    close: () => client.close(),
    send: (request, signal) =>
      client.send(request, signal).catch((error: unknown) => {
        throw error instanceof HttpFailure ? upstreamFailureOf(error) : error;
      }),
  };
}

/** Of any other failure, upstream does not answer. */
const reasons: Readonly<Partial<Record<HttpFailureReason, FetchFailureReason>>> = {
  timedOut: 'timedOut',
  reset: 'cut',
  tooLarge: 'notUnderstood',
  malformed: 'notUnderstood',
};

function upstreamFailureOf(failure: HttpFailure): UpstreamFailure {
  const { reason, message } = failure;
  const detail = reason === 'timedOut' ? undefined : message; // the reason says it
  return new UpstreamFailure(reasons[reason] ?? 'upstreamDown', { detail, cause: failure });
}
