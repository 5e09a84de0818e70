/** Signs people in to the page: with the authority, or in `dev` with one click. */
import { createByteCache } from '../../base/byte-cache.ts';
import { Fault } from '../../contract/faults.ts';
import type { Log, LogLevel } from '../../base/log.ts';
import { type Attempt, attemptSeconds, formatAttempt, parseAttempt } from './attempt.ts';
import type { CodeFlow } from './code-flow.ts';
import {
  type FailureReason,
  failures,
  type FailureWords,
  SignInFailure,
  type SignInOutcome,
} from './failure.ts';
import { parseReturnPath } from './return-path.ts';
import type { Seal } from './seal.ts';
import { type SignedInPerson, type Sessions, sessionSeconds } from './session.ts';
import { whyOf } from './why.ts';
import type { Authenticate } from '../http/authenticate.ts';
import { errorHeaders, statusOf } from '../../graph/error-response.ts';
import type { Answer, Exchange } from '../../graph/exchange.ts';
import { authorize } from '../../graph/permission.ts';
import { type OriginRules, senderOf } from '../http/origin.ts';
import { jsonAnswer } from '../internal/json-response.ts';
import { messagePage, onwardHeaders } from '../internal/message-page.ts';
import type { InternalRequest } from '../internal/route.ts';
import { clearCookie, cookieOf, setCookie } from './cookies.ts';
import { createRate } from '../../base/rate.ts';
import { isOfOwnPage } from './site.ts';

export type SignInWay =
  | { readonly kind: 'authority'; readonly flow: CodeFlow }
  /** With one click, as a fictitious person. */
  | { readonly kind: 'development'; readonly person: SignedInPerson };

interface SignInOptions {
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

/** Handles the sign-in routes. A `SignInFailure` is answered with a page. */
export interface SignInHandlers {
  readonly begin: SignInHandler;
  readonly complete: SignInHandler;
  readonly develop: SignInHandler;
  readonly signOut: SignInHandler;
  readonly me: SignInHandler;
}

type SignInHandler = (request: InternalRequest) => Promise<Answer>;

const root = '/rollcall/sign-in';
export const signInPath = {
  begin: root,
  callback: `${root}/callback`,
  development: `${root}/development`,
} as const;

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

/** Limits requests to the authority; the burst is an office behind one address in the morning. */
const signInRate = { burst: 120, perSecond: 2 };

/** Completed attempts, so that each completes only once. */
const usedBytes = 4 * 2 ** 20;

export function createSignInHandlers(options: SignInOptions): SignInHandlers {
  const { way, seal, sessions, clock, count } = options;
  const rate = createRate(signInRate, clock);
  const used = createByteCache<object>({ maxBytes: usedBytes });

  async function begin({ exchange, origin, query }: InternalRequest): Promise<Answer> {
    const parameters = new URLSearchParams(query);
    const returnPath = returnPathOf(parameters);
    if (way === undefined) throw new SignInFailure('notSetUp');
    if (way.kind === 'development') {
      const action = `${signInPath.development}?return=${encodeURIComponent(returnPath)}`;
      return messagePage(200, { ...developmentWords, buttons: [{ text: 'Sign in' }], action });
    }
    refuseTooMany(exchange);
    const { url, attempt } = await way.flow.begin({
      redirectUri: `${origin}${signInPath.callback}`,
      returnPath,
      choosesAccount: parameters.get('account') === 'choose',
    });
    const text = await formatAttempt(attempt, seal, clock().getTime());
    return redirect(url, setCookie('sign-in', text, attemptSeconds, origin));
  }

  async function complete({ exchange, origin, query }: InternalRequest): Promise<Answer> {
    const parameters = new URLSearchParams(query);
    if (way?.kind !== 'authority') throw new SignInFailure('notSetUp');
    refuseTooMany(exchange);
    const attempt = await attemptOf(exchange, origin);
    if (parameters.get('state') !== attempt.state) throw new SignInFailure('otherAttempt');
    if (used.has(attempt.state)) throw new SignInFailure('alreadyUsed');
    used.set(attempt.state, {});
    const person = await way.flow.complete(attempt, parameters);
    return startSession(origin, person, attempt.returnPath);
  }

  async function develop({ exchange, origin, query }: InternalRequest): Promise<Answer> {
    if (way?.kind !== 'development') throw new SignInFailure('notSetUp');
    if (!isOfOwnPage(exchange.request.headers, origin)) throw new SignInFailure('otherSite');
    return startSession(origin, way.person, returnPathOf(new URLSearchParams(query)));
  }

  function signOut({ exchange, origin }: InternalRequest): Promise<Answer> {
    if (!isOfOwnPage(exchange.request.headers, origin)) throw new SignInFailure('otherSite');
    const cleared = [...clearCookie('session', origin), ...clearCookie('sign-in', origin)];
    return Promise.resolve(redirect('/', cleared));
  }

  async function me({ exchange }: InternalRequest): Promise<Answer> {
    const development = way?.kind === 'development';
    try {
      const verified = await options.authenticate(exchange);
      authorize(verified.caller, ['CallRecords.Read.All']);
      const name = 'session' in verified ? (verified.session as SignedInPerson).name : verified.caller.appId; // see OpenedSession
      const expiresDateTime = new Date(verified.until).toISOString();
      const { tenantId } = verified.caller;
      return notStored({ name, tenantId, expiresDateTime, development });
    } catch (error) {
      if (!(error instanceof Fault) || statusOf(error.fault) !== 401) throw error;
      const body = { signIn: signInPath.begin, development };
      return notStored(body, 401, errorHeaders(error, options.challenge));
    }
  }

  function refuseTooMany({ request, clientAddress }: Exchange): void {
    if (!rate.take(senderOf(request, clientAddress, options.origin))) throw new SignInFailure('tooMany');
  }

  async function attemptOf({ request }: Exchange, origin: string): Promise<Attempt> {
    const text = cookieOf(request.headers.cookie, 'sign-in', origin);
    const attempt = text === undefined ? undefined : await parseAttempt(text, seal);
    // When the server has two host names, a sign-in must end at the name where it began.
    if (attempt?.redirectUri !== `${origin}${signInPath.callback}`) throw new SignInFailure('noAttempt');
    return attempt;
  }

  async function startSession(origin: string, person: SignedInPerson, path: string): Promise<Answer> {
    const { text } = await sessions!.begin(person); // sessions exist when sign-in is configured
    count('signedIn');
    return redirect(path, [
      ...setCookie('session', text, sessionSeconds, origin),
      ...clearCookie('sign-in', origin),
    ]);
  }

  /** Answers a failure with a page, counts it and logs it. */
  const orPage = (handler: SignInHandler) => async (request: InternalRequest) => {
    try {
      return await handler(request);
    } catch (error) {
      if (!(error instanceof SignInFailure)) throw error;
      count(failures[error.reason].outcome);
      logFailure(options.log, error, request.exchange.ids.requestId);
      return failurePage(request.origin, error.reason);
    }
  };

  return {
    begin: orPage(begin),
    complete: orPage(complete),
    develop: orPage(develop),
    signOut: orPage(signOut),
    me,
  };
}

const developmentWords = {
  title: 'Sign in to develop',
  text: 'This is a development server, with generated or imported calls. One click signs you in.',
};

function returnPathOf(query: URLSearchParams): string {
  const path = parseReturnPath(query.get('return'));
  if (path === undefined) throw new SignInFailure('badReturn');
  return path;
}

function redirect(location: string, cookies: readonly string[]): Answer {
  return { status: 303, headers: ['Location', location, ...onwardHeaders, ...cookies], body: '' };
}

/** Returns a JSON response that neither the browser nor a proxy stores. */
function notStored(
  body: object,
  status = 200,
  headers: readonly string[] = ['Content-Type', 'application/json'],
): Answer {
  return jsonAnswer(JSON.stringify(body), { status, headers: [...headers, 'Cache-Control', 'no-store'] });
}

function failurePage(origin: string, reason: FailureReason): Answer {
  const status = statuses[reason];
  const { title, text } = failures[reason];
  const again = { text: 'Sign in again', href: root };
  const other = { text: 'Use another account', href: `${root}?account=choose` };
  const isOver = reason !== 'otherAttempt' && reason !== 'tooMany';
  return messagePage(
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
  // Any client can cause these at any rate.
  invalid: 'debug',
  throttled: 'debug',
};

/** Logs a failure once, at a level that reflects its relevance to the operator. */
function logFailure(log: Log | undefined, failure: SignInFailure, requestId: string): void {
  const { outcome } = failures[failure.reason];
  log?.write(levels[outcome], 'A sign-in failed.', { reason: failure.reason, ...whyOf(failure), requestId });
}
