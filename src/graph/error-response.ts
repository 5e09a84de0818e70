/** A refusal to Graph's error envelope. */
import { Fault } from '../contract/faults.ts';
import { type FaultName, faults } from '../contract/faults.ts';
import { acceptedCodings } from './read-body.ts';
import { StoreDamaged, StoreError } from '../store/store-errors.ts';

/** A new fault does not compile until it has a status. */
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

/** Anything thrown that is no refusal is a defect, or a store that does not answer. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof StoreDamaged)
    return new Fault(
      'unavailable',
      'The requested data is damaged in the store. The operator of this server can run rollcall verify for details.',
    );
  if (error instanceof StoreError)
    return new Fault('unavailable', 'The store does not respond. Try again later.', {
      retryAfterSeconds: 5,
    });
  return new Fault(
    'internalError',
    'An unexpected error occurred in the service. Its log has the details under the request-id.',
  );
}

/** What a defect was met with: a request, by the id that the client was told, or work of the server's own. */
export type DefectOf = { readonly requestId: string } | { readonly about: string };

/** Told of what an operator should hear of. */
export type OnDefect = (error: unknown, of: DefectOf) => void;

/** True for refusals that an operator should hear of. */
export function isDefect({ fault }: Fault): boolean {
  return fault === 'internalError' || fault === 'unavailable';
}

/** What identifies a request in its answer. */
export interface RequestIds {
  readonly requestId: string;
  readonly clientRequestId: string;
}

/** Names the area of Graph that the emulator does not have. */
const notEmulatedHeader = 'Rollcall-Not-Emulated';

/** Headers of a refusal, names and values by turns. @param challenge The `WWW-Authenticate` of a 401. */
export function errorHeaders(fault: Fault, challenge: string): string[] {
  const headers = ['Content-Type', 'application/json'];
  const status = statusOf(fault.fault);
  const wait = fault.retryAfterSeconds ?? (status === 503 ? 5 : undefined);
  if (status === 401) headers.push('WWW-Authenticate', challenge);
  if (status === 405) headers.push('Allow', fault.target ?? 'GET, HEAD');
  // What would be taken (RFC 9110, sections 15.5.16 and 12.5.3): clients send the body once more without compression.
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
  /** Throttling says more (contract: error-documented-429-throttling). */
  readonly isThrottled?: boolean;
  /** Every problem found, where there may be several. */
  readonly details?: Fault['details'];
}

/** The envelope; `date` has neither zone nor fraction, as Graph writes it. */
export function errorEnvelope(refusal: Refusal, ids: RequestIds, now: Date): string {
  const { code, message, isThrottled, details } = refusal;
  const date = now.toISOString().slice(0, 19);
  const innerError = { date, 'request-id': ids.requestId, 'client-request-id': ids.clientRequestId };
  const throttled = { code: '429', ...innerError, message: 'Please retry after', status: '429' };
  return JSON.stringify({
    error: { code, message, ...(details && { details }), innerError: isThrottled ? throttled : innerError },
  });
}
