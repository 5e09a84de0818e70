/**
 * Every way upstream can fail a sync, in words. A failure of the tenant is one that the next call would meet as well; one
 * of the token, every request whatever it asks for.
 */
import type { FetchFailureReason } from '../../store/upstream.ts';

interface FailureWords {
  /** What meets it again: the same call, everything of the tenant, or everything that needs a token. */
  readonly concerns: 'call' | 'tenant' | 'token';
  /** For the operator: what is wrong, and what to do if there is something to do. */
  readonly says: string;
}

const failures = {
  credentialsRefused: {
    concerns: 'token',
    says: 'The authority rejected the credentials. Renew the client secret or the certificate, or correct the federated credential of the application. Sync reads a file again at its next attempt.',
  },
  authorityDown: {
    concerns: 'token',
    says: 'The authority does not respond or is unavailable. Check --authority, and that this machine can reach it.',
  },
  authorityNotUnderstood: {
    concerns: 'token',
    says: 'The server at --authority does not issue tokens. Set --authority to an authority such as https://login.microsoftonline.com.',
  },
  permissionMissing: {
    concerns: 'tenant',
    says: 'Upstream denied access. Grant the application permission CallRecords.Read.All with the consent of an administrator.',
  },
  notFound: {
    concerns: 'call',
    says: 'Upstream does not have the call: it is not available yet, or it has expired.',
  },
  throttled: {
    concerns: 'call',
    says: 'Upstream throttled the request. Another program may use the same application.',
  },
  upstreamDown: {
    concerns: 'call',
    says: 'Upstream does not respond or is unavailable.',
  },
  timedOut: {
    concerns: 'call',
    says: 'Upstream did not respond in time.',
  },
  cut: {
    concerns: 'call',
    says: 'The connection to upstream was lost during a response.',
  },
  notUnderstood: {
    concerns: 'call',
    says: 'The response of upstream is not one of the call-records API.',
  },
  notJson: {
    concerns: 'call',
    says: 'The response of upstream is not JSON. A proxy or a gateway may have sent it.',
  },
  listNotSent: {
    concerns: 'call',
    says: 'The record does not have a list that sync requested.',
  },
  listMissing: {
    concerns: 'call',
    says: 'Upstream itself has not received a list of the call.',
  },
  linkRepeated: {
    concerns: 'call',
    says: 'A next link leads back to a page that sync has read, so the pages after it are missing.',
  },
  pagesUnending: {
    concerns: 'call',
    says: 'The pages have no new entries or exceed the limit of a list, so sync stops reading them.',
  },
  versionOlder: {
    concerns: 'call',
    says: 'Upstream sent an older version than it has listed.',
  },
  versionsDisagree: {
    concerns: 'call',
    says: 'The call changed while sync read its pages.',
  },
} as const satisfies Record<FetchFailureReason, FailureWords>;

/** An answer with an error. */
interface Refusal {
  readonly status: number;
  /** Empty where there is none. */
  readonly message: string;
}

interface FailureFacts {
  /** How long upstream asks to wait. */
  readonly retryAfterMs?: number | undefined;
  /** In place of what is said for the reason: a sentence that knows more. */
  readonly says?: string | undefined;
  /** Status, code of the error or of the system: what a log may hold, never text of upstream's. */
  readonly detail?: string | undefined;
  /** The refusal that was answered: never logged. */
  readonly refusal?: Refusal | undefined;
  /** The body of a whole response that cannot be read: never logged, for the quarantine alone. */
  readonly body?: Buffer | undefined;
  readonly cause?: unknown;
}

export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  readonly reason: FetchFailureReason;
  readonly retryAfterMs: number | undefined;
  readonly detail: string | undefined;
  readonly refusal: Refusal | undefined;
  readonly body: Buffer | undefined;

  constructor(
    reason: FetchFailureReason,
    { retryAfterMs, says, detail, refusal, body, cause }: FailureFacts = {},
  ) {
    super((says ?? failures[reason].says) + (detail === undefined ? '' : ` (${detail})`), { cause });
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
    this.detail = detail;
    this.refusal = refusal;
    this.body = body;
  }

  get concernsToken(): boolean {
    return failures[this.reason].concerns === 'token';
  }

  get concernsTenant(): boolean {
    return failures[this.reason].concerns !== 'call';
  }

  /** True when upstream answered and the answer cannot be used: other requests are not expected to fail likewise. */
  get isOfContent(): boolean {
    return this.body !== undefined || ofContent.has(this.reason);
  }
}

const ofContent: ReadonlySet<FetchFailureReason> = new Set([
  'notUnderstood',
  'notJson',
  'listNotSent',
  'listMissing',
  'linkRepeated',
  'pagesUnending',
  'versionOlder',
]);

/** What a repeated walk meets again. */
const lasting: ReadonlySet<FetchFailureReason> = new Set(['linkRepeated', 'pagesUnending', 'listMissing']);

/** True of what upstream is expected to answer for hours: nothing is asked again on account of it in the same run. */
export function isLasting({ reason }: Pick<UpstreamFailure, 'reason'>): boolean {
  return lasting.has(reason);
}

const passing: ReadonlySet<FetchFailureReason> = new Set([
  'cut',
  'timedOut',
  'upstreamDown',
  'authorityDown',
  'throttled',
]);

/** True of what happens to one request and may be over at the next: tried again at once, a few times. */
export function isTransient({ reason, isOfContent }: UpstreamFailure): boolean {
  return passing.has(reason) && !isOfContent;
}

/** True of what the same request is sent again for, a few times and at once. */
export function isWorthRepeating({ reason }: UpstreamFailure): boolean {
  return passing.has(reason) || reason === 'notJson';
}

/** What a failure is, in words, for a reason that was stored. */
export function reasonText(reason: FetchFailureReason): string {
  return failures[reason].says;
}
