/** Signing in to the page, below `/rollcall`: with the authority, or by one click where one develops. */
import { createByteCache } from '../../base/byte-cache.ts';
import { Fault } from '../../contract/faults.ts';
import type { Log, LogLevel } from '../../base/log.ts';
import { type Attempt, attemptSeconds, formatAttempt, parseAttempt } from './attempt.ts';
import type { CodeFlow } from './code-flow.ts';
import { type FailureReason, failures, type FailureWords, SignInFailure } from './failure.ts';
import { parseReturnPath } from './return-path.ts';
import type { Seal } from './seal.ts';
import { type SignedInPerson, type Sessions, sessionSeconds } from './session.ts';
import { whyOf } from './why.ts';
import type { OtherPaths } from '../http/api.ts';
import type { Authenticate } from '../http/authenticate.ts';
import { errorHeaders, statusOf } from '../../graph/error-response.ts';
import { bodyOf, type Exchange, send } from '../../graph/exchange.ts';
import { type OriginRules, senderOf } from '../http/origin.ts';
import { authorizeReader, refuseOthers } from '../internal/json-response.ts';
import { onwardHeaders, sendWords } from '../internal/message-page.ts';
import { clearCookie, cookieOf, setCookie } from './cookies.ts';
import { createRate } from '../../base/rate.ts';
import { isOfOwnPage } from './site.ts';

export type SignInOutcome = 'signedIn' | (typeof failures)[FailureReason]['outcome'];

/** How people sign in. */
export type SignInWay =
  | { readonly kind: 'authority'; readonly flow: CodeFlow }
  /** By one click, as a person made up. */
  | { readonly kind: 'development'; readonly person: SignedInPerson };

interface SignInPathsParts {
  /** Absent where it is not set up. */
  readonly way: SignInWay | undefined;
  readonly seal: Seal;
  readonly sessions: Sessions | undefined;
  readonly authenticate: Authenticate;
  readonly origin: OriginRules;
  readonly challenge: string;
  readonly clock: () => Date;
  readonly count: (outcome: SignInOutcome) => void;
  readonly log: Log | undefined;
}

const root = '/rollcall/sign-in';
const callbackPath = `${root}/callback`;
const developmentPath = `${root}/development`;

const statuses = {
  notSetUp: 404,
  badReturn: 400,
  noAttempt: 400,
  otherAttempt: 400,
  alreadyUsed: 400,
  codeRefused: 400,
  declined: 403,
  otherTenant: 403,
  roleMissing: 403,
  otherSite: 403,
  tooMany: 429,
  clientRefused: 502,
  notUnderstood: 502,
  notGenuine: 502,
  authorityDown: 503,
} as const satisfies Record<FailureReason, number>;

/** Each costs the authority a request. Enough for an office behind one address in the morning. */
const signInRate = { burst: 120, perSecond: 2 };

/** Answers whose attempts were used: one for each attempt, however often the address is opened. */
const usedBytes = 4 * 2 ** 20;

export function signInPaths(parts: SignInPathsParts): OtherPaths {
  const { way, seal, sessions, clock, count } = parts;
  const rate = createRate(signInRate, clock);
  const used = createByteCache<object>({ maxBytes: usedBytes });

  function refuseTooMany({ request, clientAddress }: Exchange): void {
    if (!rate.take(senderOf(request, clientAddress, parts.origin))) throw new SignInFailure('tooMany');
  }

  async function start(exchange: Exchange, origin: string, query: URLSearchParams): Promise<void> {
    refuseOthers(exchange.request.method);
    const returnPath = returnPathOf(query);
    if (way === undefined) throw new SignInFailure('notSetUp');
    if (way.kind === 'development') {
      const action = `${developmentPath}?return=${encodeURIComponent(returnPath)}`;
      sendWords(exchange, 200, { ...developmentWords, buttons: [{ text: 'Sign in' }], action });
      return;
    }
    refuseTooMany(exchange);
    const { url, attempt } = await way.flow.begin({
      redirectUri: `${origin}${callbackPath}`,
      returnPath,
      choosesAccount: query.get('account') === 'choose',
    });
    const text = await formatAttempt(attempt, seal, clock().getTime());
    sendOn(exchange, url, setCookie('sign-in', text, attemptSeconds, origin));
  }

  async function end(exchange: Exchange, origin: string, query: URLSearchParams): Promise<void> {
    refuseOthers(exchange.request.method);
    if (way?.kind !== 'authority') throw new SignInFailure('notSetUp');
    refuseTooMany(exchange);
    const attempt = await attemptOf(exchange, origin);
    if (query.get('state') !== attempt.state) throw new SignInFailure('otherAttempt');
    if (used.has(attempt.state)) throw new SignInFailure('alreadyUsed');
    used.set(attempt.state, {});
    const person = await way.flow.complete(attempt, query);
    await signIn(exchange, origin, person, attempt.returnPath);
  }

  async function attemptOf({ request }: Exchange, origin: string): Promise<Attempt> {
    const text = cookieOf(request.headers.cookie, 'sign-in', origin);
    const attempt = text === undefined ? undefined : await parseAttempt(text, seal);
    // Where the server is reached by two names, the answer is for the one that the browser began at.
    if (attempt?.redirectUri !== `${origin}${callbackPath}`) throw new SignInFailure('noAttempt');
    return attempt;
  }

  async function signIn(
    exchange: Exchange,
    origin: string,
    person: SignedInPerson,
    path: string,
  ): Promise<void> {
    const { text } = await sessions!.begin(person); // there are sessions where there is a way to sign in
    count('signedIn');
    sendOn(exchange, path, [
      ...setCookie('session', text, sessionSeconds, origin),
      ...clearCookie('sign-in', origin),
    ]);
  }

  async function develop(exchange: Exchange, origin: string, query: URLSearchParams): Promise<void> {
    if (way?.kind !== 'development') throw new SignInFailure('notSetUp');
    refuseAllBut('POST', exchange);
    if (!isOfOwnPage(exchange.request.headers, origin)) throw new SignInFailure('otherSite');
    await signIn(exchange, origin, way.person, returnPathOf(query));
  }

  function signOut(exchange: Exchange, origin: string): Promise<void> {
    refuseAllBut('POST', exchange);
    if (!isOfOwnPage(exchange.request.headers, origin)) throw new SignInFailure('otherSite');
    sendOn(exchange, '/', [...clearCookie('session', origin), ...clearCookie('sign-in', origin)]);
    return Promise.resolve();
  }

  async function me(exchange: Exchange): Promise<void> {
    refuseOthers(exchange.request.method);
    const isDevelopment = way?.kind === 'development';
    try {
      const verified = await parts.authenticate(exchange);
      authorizeReader(verified.caller);
      const name = 'session' in verified ? (verified.session as SignedInPerson).name : verified.caller.appId; // see OpenedSession
      const expiresDateTime = new Date(verified.until).toISOString();
      const { tenantId } = verified.caller;
      sendJson(exchange, 200, { name, tenantId, expiresDateTime, development: isDevelopment });
    } catch (error) {
      if (!(error instanceof Fault) || statusOf(error.fault) !== 401) throw error;
      const body = { signIn: root, development: isDevelopment };
      sendJson(exchange, 401, body, errorHeaders(error, parts.challenge));
    }
  }

  return (exchange, path, origin) => {
    switch (path) {
      case root:
        return inWords(exchange, origin, start);
      case callbackPath:
        return inWords(exchange, origin, end);
      case developmentPath:
        return inWords(exchange, origin, develop);
      case '/rollcall/sign-out':
        return inWords(exchange, origin, signOut);
      case '/rollcall/me':
        return me(exchange);
      default:
        return undefined;
    }
  };

  async function inWords(
    exchange: Exchange,
    origin: string,
    answer: (exchange: Exchange, origin: string, query: URLSearchParams) => Promise<void>,
  ): Promise<void> {
    try {
      await answer(exchange, origin, new URLSearchParams(exchange.request.url?.split('?', 2)[1] ?? ''));
    } catch (error) {
      if (!(error instanceof SignInFailure)) throw error;
      count(failures[error.reason].outcome);
      logFailure(parts.log, error, exchange.ids.requestId);
      sendFailure(exchange, origin, error.reason);
    }
  }
}

const developmentWords = {
  title: 'Sign in to develop',
  text: 'This server makes calls up, or serves what you gave it, to develop against. One click signs you in.',
};

function returnPathOf(query: URLSearchParams): string {
  const path = parseReturnPath(query.get('return'));
  if (path === undefined) throw new SignInFailure('badReturn');
  return path;
}

function refuseAllBut(method: 'POST', { request }: Exchange): void {
  if (request.method !== method)
    throw new Fault('methodNotAllowed', `Send it with ${method}.`, { target: method });
}

function sendOn(exchange: Exchange, location: string, cookies: readonly string[]): void {
  send(exchange, { status: 303, headers: ['Location', location, ...onwardHeaders, ...cookies], body: '' });
}

function sendJson(exchange: Exchange, status: number, body: object, headers: readonly string[] = []): void {
  const more = headers.length === 0 ? ['Content-Type', 'application/json'] : headers;
  send(exchange, {
    status,
    headers: [...more, 'Cache-Control', 'no-store'],
    body: bodyOf(Buffer.from(JSON.stringify(body))),
  });
}

function sendFailure(exchange: Exchange, origin: string, reason: FailureReason): void {
  const status = statuses[reason];
  const { title, text } = failures[reason];
  const again = { text: 'Sign in again', href: root };
  const other = { text: 'Use another account', href: `${root}?account=choose` };
  const isOver = reason !== 'otherAttempt' && reason !== 'tooMany';
  sendWords(
    exchange,
    status,
    {
      title,
      text,
      links: [
        ...(reason === 'notSetUp' || reason === 'badReturn' ? [] : [again]),
        ...(reason === 'roleMissing' || reason === 'otherTenant' ? [other] : []),
        { text: 'First page', href: '/' },
      ],
    },
    [
      ...(isOver ? clearCookie('sign-in', origin) : []),
      ...(status === 429 ? ['Retry-After', '60'] : status === 503 ? ['Retry-After', '5'] : []),
    ],
  );
}

const levels: Readonly<Record<FailureWords['outcome'], LogLevel>> = {
  failed: 'warn',
  refused: 'info',
  declined: 'info',
  // Anybody can bring these about, as often as they like.
  invalid: 'debug',
  throttled: 'debug',
};

/** One line, as loud as it concerns the operator. */
function logFailure(log: Log | undefined, failure: SignInFailure, requestId: string): void {
  const { outcome } = failures[failure.reason];
  log?.write(levels[outcome], 'A sign-in failed.', { reason: failure.reason, ...whyOf(failure), requestId });
}
