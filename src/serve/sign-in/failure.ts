/** Every way signing in can end without a session, in words for whoever sits before it. Nothing received is in them. */

export interface FailureWords {
  /** What became of it, for counting. */
  readonly outcome: 'invalid' | 'declined' | 'refused' | 'failed' | 'throttled';
  readonly title: string;
  readonly text: string;
}

export const failures = {
  notSetUp: {
    outcome: 'invalid',
    title: 'Signing in is not set up',
    text: 'Whoever runs this server names an application of the authority with --sign-in-client-id (docs/signing-in.md says how). Until then the API takes bearer tokens alone.',
  },
  badReturn: {
    outcome: 'invalid',
    title: 'That is no page of this server',
    text: 'The link asked to return to somewhere else after signing in. Begin at the first page instead.',
  },
  noAttempt: {
    outcome: 'invalid',
    title: 'No sign-in is under way',
    text: 'This browser began none, or began it more than ten minutes ago, or does not keep cookies. Sign in again.',
  },
  otherAttempt: {
    outcome: 'invalid',
    title: 'This is another sign-in',
    text: 'The answer belongs to a sign-in that this browser did not begin, or began before its latest. Sign in again.',
  },
  alreadyUsed: {
    outcome: 'invalid',
    title: 'This sign-in is over',
    text: 'Its answer was used already. Sign in again.',
  },
  declined: {
    outcome: 'declined',
    title: 'You are not signed in',
    text: 'Signing in was cancelled, or the authority or its administrator does not allow it.',
  },
  clientRefused: {
    outcome: 'failed',
    title: 'The authority does not know this server',
    text: 'It refused the application or its secret. Whoever runs this server looks at --sign-in-client-id, at its secret, and at the redirect URI of the application.',
  },
  codeRefused: {
    outcome: 'failed',
    title: 'The authority took back its answer',
    text: 'Its code was used before or is too old. Sign in again.',
  },
  authorityDown: {
    outcome: 'failed',
    title: 'The authority does not answer',
    text: 'Try again in a moment.',
  },
  notUnderstood: {
    outcome: 'failed',
    title: 'The authority was not understood',
    text: 'It answered with something other than a sign-in. Whoever runs this server looks at --authority.',
  },
  notGenuine: {
    outcome: 'failed',
    title: 'The answer does not prove who you are',
    text: 'It is not signed by the authority, not for this server, not of this sign-in, or out of time. Sign in again; clocks that differ by minutes can be why.',
  },
  otherTenant: {
    outcome: 'refused',
    title: 'Your organisation is not served here',
    text: 'This server does not hold the calls of the tenant that you signed in with.',
  },
  roleMissing: {
    outcome: 'refused',
    title: 'You may not see the calls',
    text: 'Your account lacks the role that this server asks for. An administrator assigns it in the application that you signed in to.',
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

export class SignInFailure extends Error {
  override readonly name = 'SignInFailure';
  readonly reason: FailureReason;

  constructor(reason: FailureReason, options: { cause?: unknown } = {}) {
    super(failures[reason].title, { cause: options.cause });
    this.reason = reason;
  }
}
