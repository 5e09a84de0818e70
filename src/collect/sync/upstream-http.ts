/** Creates the HTTP client of sync, with its limits, and converts failures to UpstreamFailure. */
import type { Clock } from '../../base/clock.ts';
import {
  createHttpClient,
  type HttpClient,
  HttpFailure,
  type HttpFailureReason,
} from '../../base/http-client.ts';
import type { FetchFailureReason } from '../../store/upstream.ts';
import { UpstreamFailure } from './failure.ts';

/** The timeout of a response: Graph itself gives up a minute earlier. */
const timeoutMs = 120_000;
const maxBodyBytes = 64 * 2 ** 20;

/** Creates a client whose `send` throws UpstreamFailure: `upstreamDown`, `timedOut`, `cut`, or `notUnderstood`. */
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

/** The reason for each failure of the client; any other means that upstream does not respond. */
const reasons: Readonly<Partial<Record<HttpFailureReason, FetchFailureReason>>> = {
  timedOut: 'timedOut',
  reset: 'cut',
  tooLarge: 'notUnderstood',
  malformed: 'notUnderstood',
};

function upstreamFailureOf(failure: HttpFailure): UpstreamFailure {
  const { reason, message } = failure;
  const detail = reason === 'timedOut' ? undefined : message; // the reason has the message
  return new UpstreamFailure(reasons[reason] ?? 'upstreamDown', { detail, cause: failure });
}
