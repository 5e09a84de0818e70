/** Formats faults as Graph's error envelope. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Fault, type FaultName, faults } from '../contract/faults.ts';
import { acceptedCodings } from './read-body.ts';
import { StoreDamaged, StoreError } from '../store/store-errors.ts';

/** The HTTP status of each fault: a new fault does not compile without one. */
const statuses = {
  malformedRequest: 400,
  badEmulatorRequest: 400,
  unknownSegment: 400,
  badKeyPredicate: 400,
  badQueryOption: 400,
  unsupportedOption: 400,
  badSkipToken: 400,
  badSubscription: 400,
  subscriptionTooLong: 400,
  tokenMissing: 401,
  tokenInvalid: 401,
  permissionMissing: 403,
  subscriptionForbidden: 403,
  tooManySubscriptions: 403,
  sessionRefused: 403,
  originRefused: 403,
  recordMissing: 404,
  entityMissing: 404,
  subscriptionMissing: 404,
  pageMissing: 404,
  methodNotAllowed: 405,
  notAcceptable: 406,
  rangeTooLong: 406,
  requestTimeout: 408,
  conflict: 409,
  subscriptionExists: 409,
  bodyTooLarge: 413,
  uriTooLong: 414,
  unsupportedMediaType: 415,
  hostRefused: 421,
  dependencyFailed: 424,
  tooManyRequests: 429,
  headersTooLarge: 431,
  internalError: 500,
  notEmulated: 501,
  sqliteNeeded: 501,
  unavailable: 503,
} as const satisfies Record<FaultName, number>;

export function statusOf(fault: FaultName): number {
  return statuses[fault];
}

/** Converts any error to a fault: an error that is not a `Fault` is a defect, or a store that does not respond. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof StoreDamaged)
    return new Fault(
      'unavailable',
      'The requested data is damaged in the store. The operator of this server can run rollcall verify for details.',
    );
  if (error instanceof StoreError)
    return new Fault('unavailable', 'The store does not respond. Try again later.', { retryAfterSeconds: 5 });
  return new Fault(
    'internalError',
    'An unexpected error occurred in the service. Its log has the details under the request-id.',
  );
}

/** Where a defect occurred: in a request, by the id the client received, or in background work. */
export type DefectOf = { readonly requestId: string } | { readonly about: string };

/** Called with each error that an operator should see. */
export type OnDefect = (error: unknown, of: DefectOf) => void;

/** Returns true for faults that are logged for the operator. */
export function isDefect({ fault }: Fault): boolean {
  return fault === 'internalError' || fault === 'unavailable';
}

export interface RequestIds {
  readonly requestId: string;
  readonly clientRequestId: string;
}

/** Returns the request ids: Graph echoes a client's id and generates one when it is absent. */
export function requestIds(headers: IncomingHttpHeaders): RequestIds {
  const requestId = randomUUID();
  const own = headers['client-request-id'];
  const usable = typeof own === 'string' && own.length <= 128 && /^[\x21-\x7e]+$/.test(own);
  return { requestId, clientRequestId: usable ? own : requestId };
}

/** The header that names the area of Graph that the emulator does not implement. */
const notEmulatedHeader = 'Rollcall-Not-Emulated';

/** Returns the headers of an error response, names and values alternating. */
export function errorHeaders(fault: Fault, challenge: string): string[] {
  const headers = ['Content-Type', 'application/json'];
  const status = statusOf(fault.fault);
  const wait = fault.retryAfterSeconds ?? (status === 503 ? 5 : undefined);
  if (status === 401) headers.push('WWW-Authenticate', challenge);
  if (status === 405) headers.push('Allow', fault.target ?? 'GET, HEAD');
  // The accepted codings (RFC 9110, sections 15.5.16 and 12.5.3): clients then retry without compression.
  if (status === 415 && fault.target === 'Content-Encoding') headers.push('Accept-Encoding', acceptedCodings);
  if (fault.fault === 'notEmulated') headers.push(notEmulatedHeader, fault.target ?? '');
  if (wait !== undefined) headers.push('Retry-After', String(wait));
  return headers;
}

export function errorText(fault: Fault, ids: RequestIds, now: Date): string {
  return errorEnvelope({ code: faults[fault.fault].code, ...refusalOf(fault) }, ids, now);
}

function refusalOf({ fault, message, details }: Fault) {
  return { message, isThrottled: fault === 'tooManyRequests', details };
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  /** Adds the members of a throttling error (contract: error-documented-429-throttling). */
  readonly isThrottled?: boolean;
  /** All problems found, where one request can have several. */
  readonly details?: Fault['details'];
}

/** Returns the error envelope; its `date` has neither time zone nor fraction, as in Graph. */
export function errorEnvelope(refusal: Refusal, ids: RequestIds, now: Date): string {
  const { code, message, isThrottled, details } = refusal;
  const date = now.toISOString().slice(0, 19);
  const innerError = { date, 'request-id': ids.requestId, 'client-request-id': ids.clientRequestId };
  const throttled = { code: '429', ...innerError, message: 'Please retry after', status: '429' };
  return JSON.stringify({
    error: { code, message, ...(details && { details }), innerError: isThrottled ? throttled : innerError },
  });
}
