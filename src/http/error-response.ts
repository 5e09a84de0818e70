/** A refusal to Graph's error envelope. */
import type { Fault } from '../faults.ts';
import { type FaultName, faults } from '../faults.ts';

/** A new fault does not compile until it has a status. */
const statuses = {
  malformedRequest: 400,
  unknownSegment: 400,
  badKeyPredicate: 400,
  badQueryOption: 400,
  unsupportedOption: 400,
  badSkipToken: 400,
  tokenMissing: 401,
  tokenInvalid: 401,
  permissionMissing: 403,
  recordMissing: 404,
  entityMissing: 404,
  pageMissing: 404,
  methodNotAllowed: 405,
  notAcceptable: 406,
  requestTimeout: 408,
  bodyTooLarge: 413,
  uriTooLong: 414,
  headersTooLarge: 431,
  internalError: 500,
  notOffered: 501,
  unavailable: 503,
} as const satisfies Record<FaultName, number>;

export function statusOf(fault: FaultName): number {
  return statuses[fault];
}

/** What identifies a request in its answer. */
export interface RequestIds {
  readonly requestId: string;
  readonly clientRequestId: string;
}

/** The envelope; `date` has neither zone nor fraction, as Graph writes it. */
export function errorText(fault: Fault, ids: RequestIds, now: Date): string {
  return JSON.stringify({
    error: {
      code: faults[fault.fault].code,
      message: fault.message,
      innerError: {
        date: now.toISOString().slice(0, 19),
        'request-id': ids.requestId,
        'client-request-id': ids.clientRequestId,
      },
    },
  });
}
