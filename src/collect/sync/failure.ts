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
    says: 'The authority refuses the credentials. Renew the client secret or the certificate, or see what the application trusts; a file is read again at the next try.',
  },
  authorityDown: {
    concerns: 'token',
    says: 'The authority that gives tokens does not answer, or answers that it cannot at the moment. See that --authority names it and that this machine reaches it.',
  },
  authorityNotUnderstood: {
    concerns: 'token',
    says: 'What answers in place of the authority gives no tokens. See that --authority names one, such as https://login.microsoftonline.com.',
  },
  permissionMissing: {
    concerns: 'tenant',
    says: 'Upstream refuses access. Grant the application permission CallRecords.Read.All and the consent of an administrator.',
  },
  notFound: {
    concerns: 'call',
    says: 'Upstream does not have the call yet, or not any more.',
  },
  throttled: {
    concerns: 'call',
    says: 'Upstream asks for fewer requests. Another program may use the same application.',
  },
  upstreamDown: {
    concerns: 'call',
    says: 'Upstream does not answer, or answers that it cannot at the moment.',
  },
  timedOut: {
    concerns: 'call',
    says: 'Upstream took too long to answer.',
  },
  cut: {
    concerns: 'call',
    says: 'The connection to upstream broke in the middle of an answer.',
  },
  notUnderstood: {
    concerns: 'call',
    says: 'The answer of upstream is not what the call-records API answers.',
  },
  notJson: {
    concerns: 'call',
    says: 'The response of upstream is not JSON. A proxy or a gateway may have answered in its place.',
  },
  listNotSent: {
    concerns: 'call',
    says: 'The record came without a list that was asked for.',
  },
  listMissing: {
    concerns: 'call',
    says: 'Upstream itself has not received a list of the call.',
  },
  linkRepeated: {
    concerns: 'call',
    says: 'A next link leads to a page that was followed before, so the pages after it are missing.',
  },
  pagesUnending: {
    concerns: 'call',
    says: 'The pages go on without new entries or beyond the limit of a list, so they are not followed further.',
  },
  versionOlder: {
    concerns: 'call',
    says: 'Upstream sent an older version than it has listed.',
  },
  versionsDisagree: {
    concerns: 'call',
    says: 'The call changed while its pages were followed.',
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
