/** Builds the Graph API and the internal routes from a server's options. */
import { randomBytes } from 'node:crypto';
import type { BlockList } from 'node:net';
import { wwwAuthenticate } from '../graph/permission.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Verifier } from './auth/verifier.ts';
import { createAuthenticate } from './http/authenticate.ts';
import { createGraph } from './http/answer-graph.ts';
import { createRouter } from './http/route-request.ts';
import { ResponseCache } from '../graph/response-cache.ts';
import { boundHandshake } from '../graph/bounded-handshake.ts';
import { corsRules, type CorsRules } from './http/cors.ts';
import type { OnDefect } from '../graph/error-response.ts';
import { createHostGuard } from './http/host-guard.ts';
import { completenessText } from './internal/evidence-routes.ts';
import { LargeCalls } from './internal/calls/large-calls.ts';
import { createRollCache } from './internal/calls/roll-answer.ts';
import { internalRoutes } from './internal/internal-routes.ts';
import { builtPage, type PageFiles } from './internal/page-files.ts';
import { type BoundRoute, bindRoutes } from './internal/route.ts';
import { createRouteTable } from './internal/route-table.ts';
import { ticksOf } from '../base/ticks.ts';
import { statusText } from './internal/search/status.ts';
import { type Metrics, type ObservedRequests } from './observe/metrics.ts';
import type { MetricsToken } from './internal/metrics-route.ts';
import { createRequestLog } from './observe/request-log.ts';
import { createSignInHandlers, type SignInWay } from './sign-in/sign-in-handlers.ts';
import type { Senders, ServedRoute, ServerOptions } from './http/server.ts';
import type { RequestInterceptor } from './http/request-interceptor.ts';
import type { HttpLimits } from '../graph/limits.ts';
import type { Cloud } from '../contract/resources.ts';
import type { Deprecated } from '../query/plan/read-plan.ts';
import type { Handshake } from '../notify/handshake.ts';
import type { Readiness } from './observe/readiness.ts';
import { createSkipTokens } from '../query/odata/skip-token.ts';
import { createSeal } from './sign-in/seal.ts';
import { createSessions } from './sign-in/session.ts';
import type { CallRecordStore } from '../store/store.ts';
import { oneAtATime } from '../base/one-at-a-time.ts';

/** Configures how requests are answered. */
export interface AnsweringOptions {
  readonly store: CallRecordStore;
  readonly verifier: Verifier;
  readonly signIn?: SignIn | undefined;
  /** Returns what `/readyz` reports. */
  readonly readiness: () => Promise<Readiness>;
  /** Internal routes of this command only. */
  readonly moreRoutes?: readonly BoundRoute[];
  /** The page; the built one when absent. */
  readonly page?: () => PageFiles;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly publicUrl: string | undefined;
  readonly trustedProxies: BlockList;
  /** Sends HSTS over https: for a host name that will continue to serve https. */
  readonly strictTransport?: boolean;
  /** Host names that clients may use, in addition to this machine's; any when absent. */
  readonly allowedHosts?: readonly string[] | undefined;
  readonly cloud: Cloud;
  readonly loose: boolean;
  readonly deprecated: Deprecated;
  /** Shows inferred participants of a call after the received ones. */
  readonly reconciled: boolean;
  /** Origins whose pages may call the API from a browser. */
  readonly corsOrigins: readonly string[];
  readonly interceptor?: RequestInterceptor | undefined;
  readonly cacheBytes: number;
  readonly clock: Clock;
  readonly onDefect: OnDefect;
  /** Logs requests and sign-ins; nothing is logged when absent. */
  readonly log?: Log | undefined;
  /** Who may read `/metrics`; every client when absent. */
  readonly metricsAccess?: MetricsAccess;
  /** Replaces limits of clients, in tests. */
  readonly limits?: Partial<HttpLimits> | undefined;
}

interface MetricsAccess {
  /** True when `/metrics` is served on another port. */
  readonly isElsewhere: boolean;
  readonly token: MetricsToken;
}

/** Configures how people sign in to the page. */
export interface SignIn {
  readonly way: SignInWay;
  /** Identifies the sign-in options: a session of one kind is not valid for another. */
  readonly kind: string;
  /** Returns real time, which browsers and the authority use. */
  readonly clock: () => Date;
}

/** The worker processes of this server. */
export interface Workers {
  readonly senders: Senders;
  readonly observed: () => Promise<readonly ObservedRequests[]>;
}

interface Keys {
  readonly skipTokens: Buffer;
  readonly signIn: Buffer;
}

/** Returns keys that all servers of a store share, so that each accepts the skip tokens and sessions of the others. */
export async function keysOf(store: CallRecordStore): Promise<Keys> {
  const kept = async (name: string) => {
    const text = await store.secret(name, () => Promise.resolve(randomBytes(32).toString('base64')));
    return Buffer.from(text, 'base64');
  };
  return { skipTokens: await kept('skip-token-key'), signIn: await kept('sign-in-key') };
}

interface AnsweringParts {
  readonly keys: Keys;
  readonly handshake: Handshake;
  readonly requiresHttps: boolean;
  readonly metrics: Metrics;
  readonly workers?: Workers | undefined;
}

/** Builds the routes and settings of the HTTP server. */
export function serverOptionsOf(options: AnsweringOptions, parts: AnsweringParts): ServerOptions {
  const { store, verifier, tls, onDefect, interceptor, signIn, log } = options;
  const { keys, handshake, requiresHttps, metrics, workers } = parts;
  const clock = options.clock.now;
  const challenge = wwwAuthenticate();
  const { publicUrl, trustedProxies, allowedHosts } = options;
  const cors = corsRules(options.corsOrigins);
  const origin = { publicUrl, trustedProxies, secure: tls !== undefined };
  const signInClock = signIn?.clock ?? clock;
  const seal = createSeal(keys.signIn, signInClock);
  const sessions = signIn && createSessions(seal, signIn.kind, signInClock);
  const authenticate = createAuthenticate({ verifier, sessions, origin });
  const skipTokens = createSkipTokens(keys.skipTokens);
  const graph = createGraph({
    handshake: boundHandshake(handshake),
    requiresHttps,
    authenticate,
    store,
    skipTokens,
    responses: new ResponseCache(options.cacheBytes),
    cloud: options.cloud,
    loose: options.loose,
    deprecated: options.deprecated,
    reconciled: options.reconciled,
    challenge,
    clock,
    onDefect,
    interceptor,
  });
  const signingIn = createSignInHandlers({
    way: signIn?.way,
    seal,
    sessions,
    authenticate,
    origin,
    challenge,
    clock: signInClock,
    count: metrics.countSignIn,
    log,
  });
  const { isElsewhere = false, token: metricsToken } = options.metricsAccess ?? {};
  const { page = builtPage, readiness, moreRoutes = [] } = options;
  const evidence = { store, clock: options.clock };
  const own = bindRoutes(
    internalRoutes.filter(({ path }) => !(isElsewhere && path === '/metrics')),
    {
      ...{ readiness, metrics, metricsToken, store, skipTokens, signingIn, page },
      nowTicks: () => ticksOf(clock()),
      rolls: createRollCache(),
      largeCalls: new LargeCalls(),
      completeness: oneAtATime((tenantId) => completenessText(evidence, tenantId)),
      status: oneAtATime((tenantId) => statusText(evidence, tenantId)),
    },
    authenticate,
  );
  const intercepted = (route: ServedRoute): ServedRoute =>
    interceptor?.exchange === undefined
      ? route
      : { ...route, answer: (one) => interceptor.exchange?.(one, route.answer, authenticate) };
  const router = createRouter({ graph, internal: createRouteTable([...own, ...moreRoutes]), origin });
  return {
    routeOf: (target) => intercepted(router(target)),
    challenge,
    // A worker has already checked the requests it forwards.
    guard: workers === undefined && allowedHosts ? createHostGuard(allowedHosts, origin) : undefined,
    cors: options.strictTransport === true && tls !== undefined ? withStrictTransport(cors) : cors,
    tls: workers === undefined ? tls : undefined,
    clock,
    onDefect,
    senders: workers?.senders,
    limits: options.limits,
    ...(workers === undefined
      ? { onAnswered: metrics.observe, requestLog: log && createRequestLog(log) }
      : { onAnswered: () => undefined }),
  };
}

/** A year, as in the examples of RFC 6797. Subdomains are not included. */
const strictTransport = ['Strict-Transport-Security', 'max-age=31536000'];

function withStrictTransport(cors: CorsRules): CorsRules {
  return (origin) => [...strictTransport, ...cors(origin)];
}
