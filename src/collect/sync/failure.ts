/**
 * Lists every way upstream can fail a sync, with messages. A failure of the tenant affects the next call as well; one
 * of the token affects every request.
 */
import type { FetchFailureReason } from '../../store/upstream.ts';

interface FailureRow {
  /** The scope of the failure, when it is not only the call: all calls of the tenant, or all requests that need a token. */
  readonly concerns?: 'tenant' | 'token';
  /**
   * `passing`: a failure of one request that may not recur. `content`: upstream responded with unusable content, so other
   * requests are not expected to fail likewise. `lasting`: content that a repeated walk gets again for hours.
   */
  readonly kind?: 'passing' | 'content' | 'lasting';
  /** The message for the operator: the problem and, if any, the next step. */
  readonly says: string;
}

const failures: Readonly<Record<FetchFailureReason, FailureRow>> = {
  credentialsRefused: {
    concerns: 'token',
    says: 'The authority rejected the credentials. Renew the client secret or the certificate, or correct the federated credential of the application. Sync reads a file again at its next attempt.',
  },
  authorityDown: {
    concerns: 'token',
    kind: 'passing',
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
    says: 'Upstream does not have the call: it is not available yet, or it has expired.',
  },
  throttled: {
    kind: 'passing',
    says: 'Upstream throttled the request. Another program may use the same application.',
  },
  upstreamDown: {
    kind: 'passing',
    says: 'Upstream does not respond or is unavailable.',
  },
  timedOut: {
    kind: 'passing',
    says: 'Upstream did not respond in time.',
  },
  cut: {
    kind: 'passing',
    says: 'The connection to upstream was lost during a response.',
  },
  notUnderstood: {
    kind: 'content',
    says: 'The response of upstream is not one of the call-records API.',
  },
  notJson: {
    kind: 'content',
    says: 'The response of upstream is not JSON. A proxy or a gateway may have sent it.',
  },
  listNotSent: {
    kind: 'content',
    says: 'The record does not have a list that sync requested.',
  },
  listMissing: {
    kind: 'lasting',
    says: 'Upstream itself has not received a list of the call.',
  },
  linkRepeated: {
    kind: 'lasting',
    says: 'A next link leads back to a page that sync has read, so the pages after it are missing.',
  },
  pagesUnending: {
    kind: 'lasting',
    says: 'The pages have no new entries or exceed the limit of a list, so sync stops reading them.',
  },
  versionOlder: {
    kind: 'content',
    says: 'Upstream sent an older version than it has listed.',
  },
  versionsDisagree: {
    says: 'The call changed while sync read its pages.',
  },
};

/** An error response. */
interface Refusal {
  readonly status: number;
  /** Empty when the response has none. */
  readonly message: string;
}

interface FailureFacts {
  readonly retryAfterMs?: number | undefined;
  /** A more specific message that replaces the reason's. */
  readonly says?: string | undefined;
  /** The status, or the code of the error or the system: safe to log, never upstream's text. */
  readonly detail?: string | undefined;
  /** The error response, which is never logged. */
  readonly refusal?: Refusal | undefined;
  /** The body of a complete response that cannot be parsed: never logged, only quarantined. */
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
    return failures[this.reason].concerns !== undefined;
  }

  /** True when upstream responded with unusable content: other requests are not expected to fail likewise. */
  get isOfContent(): boolean {
    const { kind } = failures[this.reason];
    return this.body !== undefined || kind === 'content' || kind === 'lasting';
  }
}

/** Returns true for failures expected to last for hours, which are not retried in the same run. */
export function isLasting({ reason }: Pick<UpstreamFailure, 'reason'>): boolean {
  return failures[reason].kind === 'lasting';
}

/** Returns true for failures of one request that may not recur: retried at once, a few times. */
export function isTransient({ reason, isOfContent }: UpstreamFailure): boolean {
  return failures[reason].kind === 'passing' && !isOfContent;
}

/** Returns true for failures after which the same request is sent again at once, a few times. */
export function isWorthRepeating({ reason }: UpstreamFailure): boolean {
  return failures[reason].kind === 'passing' || reason === 'notJson';
}

/** Returns the message for a stored reason. */
export function reasonText(reason: FetchFailureReason): string {
  return failures[reason].says;
}
