/** Explains a failed sign-in in the operator's log, with specified codes only: received text may be personal data. */
import * as oauth from 'oauth4webapi';
import { Fault } from '../../contract/faults.ts';
import type { SignInFailure } from './failure.ts';

interface Why {
  readonly authorityError?: string;
  /** Its numeric codes, as in Microsoft Entra: 50105 is AADSTS50105. */
  readonly authorityCodes?: string;
  /** The failed check of the response, or the failed step. */
  readonly check?: string;
}

/** Codes of RFC 6749 (4.1.2.1 and 5.2) and OpenID Connect Core 1.0 (3.1.2.6). A browser may send any other text. */
const knownErrors: ReadonlySet<string> = new Set([
  ...[
    'invalid_request',
    'unauthorized_client',
    'access_denied',
    'unsupported_response_type',
    'invalid_scope',
  ],
  ...['server_error', 'temporarily_unavailable', 'invalid_client', 'invalid_grant', 'unsupported_grant_type'],
  ...['interaction_required', 'login_required', 'account_selection_required', 'consent_required'],
  ...['invalid_request_uri', 'invalid_request_object', 'request_not_supported', 'registration_not_supported'],
]);

export function whyOf({ reason, cause }: SignInFailure): Why {
  if (reason === 'otherTenant') return { check: 'tid' };
  if (reason === 'roleMissing') return { check: 'roles' };
  if (cause instanceof oauth.AuthorizationResponseError)
    return { authorityError: known(cause.error), ...codesOf(numberIn(cause.error_description)) };
  if (cause instanceof oauth.ResponseBodyError)
    return { authorityError: known(cause.error), ...codesOf(cause.cause['error_codes']) };
  if (cause instanceof oauth.OperationProcessingError)
    return { check: claimOf(cause.cause) ?? cause.code ?? '' };
  // Messages of a Fault contain no received text.
  if (cause instanceof Fault) return { check: cause.message };
  return cause instanceof Error ? { check: codeOf(cause) } : {};
}

function known(error: string): string {
  return knownErrors.has(error) ? error : 'another';
}

/** Returns the number at the start of a description by Microsoft Entra. */
function numberIn(description: string | undefined): unknown {
  const [, digits] = /^AADSTS(\d+)\b/.exec(description ?? '') ?? [];
  return digits === undefined ? undefined : [Number(digits)];
}

/** Error numbers have at most seven digits; longer ones may be phone numbers. */
function codesOf(codes: unknown): Pick<Why, 'authorityCodes'> {
  if (!Array.isArray(codes) || codes.length === 0) return {};
  const numbers = codes.filter((code) => Number.isInteger(code) && code >= 0 && code < 1e7);
  return numbers.length === codes.length ? { authorityCodes: numbers.slice(0, 5).join(',') } : {};
}

/** Returns the claim that the library rejected: a name of the library. */
function claimOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('claim' in cause)) return undefined;
  return typeof cause.claim === 'string' ? cause.claim : undefined;
}

/** Returns a code such as ECONNREFUSED from anywhere in the chain of causes. */
function codeOf(error: Error): string {
  if (error.cause instanceof Error) return codeOf(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
