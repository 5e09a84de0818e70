/** Lists every way a sign-in can fail, with a message for the person. Messages contain no received text. */
export interface FailureWords {
  readonly outcome: 'invalid' | 'declined' | 'refused' | 'failed' | 'throttled';
  readonly title: string;
  readonly text: string;
}

export const failures = {
  notSetUp: {
    outcome: 'invalid',
    title: 'Sign-in is not set up',
    text: 'The operator of this server sets it up with --sign-in-client-id (docs/signing-in.md describes how). Until then, use the API with bearer tokens.',
  },
  badReturn: {
    outcome: 'invalid',
    title: 'Invalid return address',
    text: 'The link returns to a page outside this server. Start at the first page instead.',
  },
  noAttempt: {
    outcome: 'invalid',
    title: 'No sign-in is in progress',
    text: 'This browser did not start a sign-in, started it more than ten minutes ago, or blocks cookies. Sign in again.',
  },
  otherAttempt: {
    outcome: 'invalid',
    title: 'This answer is for another sign-in',
    text: 'This browser did not start that sign-in, or started another one since. Sign in again.',
  },
  alreadyUsed: {
    outcome: 'invalid',
    title: 'This sign-in is already complete',
    text: 'Its answer was used before. Sign in again.',
  },
  declined: {
    outcome: 'declined',
    title: 'You are not signed in',
    text: 'The sign-in was canceled, or the authority or its administrator does not allow it.',
  },
  clientRefused: {
    outcome: 'failed',
    title: 'The authority rejected this server',
    text: 'It rejected the application or its secret. The operator of this server checks --sign-in-client-id, the secret, and the redirect URI of the application.',
  },
  codeRefused: {
    outcome: 'failed',
    title: 'The code of the authority is not valid',
    text: 'It was used before or has expired. Sign in again.',
  },
  authorityDown: {
    outcome: 'failed',
    title: 'The authority does not answer',
    text: 'Try again in a moment.',
  },
  notUnderstood: {
    outcome: 'failed',
    title: 'The authority sent an unexpected answer',
    text: 'The answer is not a sign-in. The operator of this server checks --authority.',
  },
  notGenuine: {
    outcome: 'failed',
    title: 'The answer of the authority is not valid',
    text: 'Its signature, audience, nonce or time is wrong. Sign in again. If it fails again, check the clock of the server.',
  },
  otherTenant: {
    outcome: 'refused',
    title: 'Your organization is not on this server',
    text: 'This server does not hold the calls of the tenant that you signed in with.',
  },
  roleMissing: {
    outcome: 'refused',
    title: 'You may not see the calls',
    text: 'Your account lacks the role CallRecords.Read.All. An administrator assigns it in the application that you signed in to.',
  },
  otherSite: {
    outcome: 'invalid',
    title: 'The request came from another site',
    text: 'Use the button on a page of this server.',
  },
  tooMany: {
    outcome: 'throttled',
    title: 'Too many sign-ins',
    text: 'Wait a minute, then sign in again.',
  },
} as const satisfies Record<string, FailureWords>;

export type FailureReason = keyof typeof failures;

export type SignInOutcome = 'signedIn' | (typeof failures)[FailureReason]['outcome'];

export class SignInFailure extends Error {
  override readonly name = 'SignInFailure';
  readonly reason: FailureReason;

  constructor(reason: FailureReason, options: { cause?: unknown } = {}) {
    super(failures[reason].title, { cause: options.cause });
    this.reason = reason;
  }
}
