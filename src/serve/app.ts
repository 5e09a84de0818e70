/** Builds the parts of a server from its configuration, starts them and stops them. */
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BlockList } from 'node:net';
import { wwwAuthenticate } from '../graph/permission.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Verifier } from './auth/verifier.ts';
import type { Resolve } from '../base/http-client.ts';
import { createAuthenticate } from './http/authenticate.ts';
import { createApi, type OtherPaths } from './http/api.ts';
import { ResponseCache } from '../graph/response-cache.ts';
import { boundHandshake } from '../graph/bounded-handshake.ts';
import { corsRules, type CorsRules } from './http/cors.ts';
import type { OnDefect } from '../graph/error-response.ts';
import type { Exchange } from '../graph/exchange.ts';
import { createHostGuard } from './http/host-guard.ts';
import { evidencePaths } from './internal/evidence.ts';
import { searchPaths } from './internal/search/search-routes.ts';
import { createMetrics, type Metrics, type ObservedRequests } from './observe/metrics.ts';
import type { CredentialFile } from './observe/expiry-metrics.ts';
import type { MetricsText, MetricsToken } from './internal/metrics-route.ts';
import { createRequestLog } from './observe/request-log.ts';
import { signInPaths, type SignInWay } from './sign-in/sign-in-routes.ts';
import { createServer, type Senders, type ServerOptions } from './http/server.ts';
import type { RequestInterceptor } from './http/request-interceptor.ts';
import type { HttpLimits } from '../graph/limits.ts';
import { drain } from './http/drain.ts';
import type { Cloud } from '../contract/resources.ts';
import type { Deprecated } from '../query/plan/read-plan.ts';
import type { AddressRule } from '../notify/addresses.ts';
import type { Dispatcher } from '../notify/dispatcher.ts';
import type { DeliveryHook } from '../notify/delivery-hook.ts';
import type { Handshake } from '../notify/handshake.ts';
import { type Notifier, startNotifier } from '../notify/notifier.ts';
import type { Readiness } from './observe/readiness.ts';
import { createSkipTokens } from '../query/odata/skip-token.ts';
import { createSeal } from './sign-in/seal.ts';
import { createSessions } from './sign-in/session.ts';
import { startCatchingUp } from '../store/catch-up.ts';
import { renewCalls } from '../store/renewal.ts';
import type { CallRecordStore } from '../store/store.ts';
import { doneWithin, stopTimes } from '../base/stopping.ts';

/** How requests are answered. */
export interface AnsweringOptions {
  readonly store: CallRecordStore;
  readonly verifier: Verifier;
  /** Absent where nobody signs in to the page. */
  readonly signIn?: SignIn | undefined;
  readonly otherPaths: OtherPaths;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly publicUrl: string | undefined;
  readonly trustedProxies: BlockList;
  /** Sends HSTS over https: for a host name that will keep serving https. */
  readonly strictTransport?: boolean;
  /** Host names that clients may use besides this machine's own; any when absent. */
  readonly allowedHosts?: readonly string[] | undefined;
  readonly cloud: Cloud;
  readonly loose: boolean;
  readonly deprecated: Deprecated;
  /** Show participants found in the sessions of a call after those received. */
  readonly reconciled: boolean;
  /** Origins whose pages may call the API from a browser. */
  readonly corsOrigins: readonly string[];
  readonly interceptor?: RequestInterceptor | undefined;
  readonly cacheBytes: number;
  readonly clock: Clock;
  readonly onDefect: OnDefect;
  /** Told of requests and of sign-ins; nobody is when absent. */
  readonly log?: Log | undefined;
  /** How `/metrics` is answered; for every client when absent. */
  readonly metricsAccess?: MetricsAccess;
  /** In place of the limits that clients are held to: for tests. */
  readonly limits?: Partial<HttpLimits> | undefined;
}

interface MetricsAccess {
  /** Answered on another port. */
  readonly isElsewhere: boolean;
  readonly token: MetricsToken;
}

/** How people sign in to the page. */
export interface SignIn {
  readonly way: SignInWay;
  /** What they are let in by: a session of one kind is none of another, though it be of the same store. */
  readonly kind: string;
  /** Of the browsers and of the authority, which nobody moves. */
  readonly clock: () => Date;
}

export interface AppOptions extends AnsweringOptions {
  /** What `/readyz` reports. */
  readonly readiness: () => Promise<Readiness>;
  /** Files with credentials, whose expiry is exported. */
  readonly credentials: readonly CredentialFile[];
  readonly listenOn: ListenAddress;
  readonly notifications: NotificationOptions;
  /** Present where requests come from workers, which have observed them. */
  readonly workers?: Workers | undefined;
}

/** Where a server listens: for everybody, or for the workers of this server alone. */
type ListenAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/** Processes that answer beside this one. */
interface Workers {
  readonly senders: Senders;
  readonly observed: () => Promise<readonly ObservedRequests[]>;
}

/** How subscribers are notified. */
interface NotificationOptions {
  /** Where to connect to. */
  readonly mayConnect: AddressRule;
  /** False where endpoints may be plain http: for developing. */
  readonly requiresHttps: boolean;
  readonly resolve?: Resolve;
  /** For the first attempt to deliver a notification; Graph's three seconds when absent. */
  readonly firstTimeoutMs?: number | undefined;
  readonly deliveryHook?: DeliveryHook | undefined;
  /** Told, for the operator, where a subscriber wanted to be notified and may not. */
  readonly onAddressRefused?: (host: string) => void;
}

export interface App {
  readonly metrics: MetricsText;
  /** Delivers what subscribers are to be told: another one after `replace`. */
  readonly dispatcher: Dispatcher;
  /** `http://127.0.0.1:7655`: what the operator is told. */
  readonly url: string;
  /** Answers by other options from the next request on; the store, the place and the clock stay. */
  replace(options: AppOptions): Promise<void>;
  /**
   * Answers accepted requests, then closes the port.
   *
   * @param requestsMs Time after which connections are cut; `stopTimes` has the usual one.
   */
  stop(requestsMs?: number): Promise<void>;
}

export async function startApp(options: AppOptions): Promise<App> {
  const { store, listenOn, workers } = options;
  let notifier = notifierOf(options);
  let { verifier } = options;
  const catchingUp = startCatchingUp(store.search, (error) =>
    options.onDefect(error, { about: 'search index' }),
  );
  const renewing = startCatchingUp(
    { catchUp: (calls) => renewCalls(store, calls) },
    (error) => options.onDefect(error, { about: 'blocks of an earlier release' }),
    { task: 'stored-blocks' },
  );
  const inferring = startCatchingUp(
    store.inference,
    (error) => options.onDefect(error, { about: 'participants to infer' }),
    { task: 'inferred-participants' },
  );
  const stopCatchingUp = () => Promise.all([catchingUp, renewing, inferring].map((one) => one.stop()));
  let { readiness, credentials } = options;
  const metrics = createMetrics({
    store,
    clock: options.clock,
    role: 'main',
    notifications: () => notifier.dispatcher.counts,
    failedFetches: () => verifier.failures(),
    others: workers?.observed ?? (() => Promise.resolve([])),
    readiness: () => readiness(),
    credentials: () => credentials,
  });
  try {
    const keys = await keysOf(store);
    const answering = (by: AppOptions) => {
      const { requiresHttps } = by.notifications;
      return answeringOf(by, { keys, handshake: notifier.handshake, requiresHttps, metrics, workers });
    };
    const { server, connections, replace } = createServer(answering(options));
    await listen(server, listenOn);
    return {
      metrics,
      url: urlOf(server, listenOn, options.tls !== undefined),
      get dispatcher() {
        return notifier.dispatcher;
      },
      async replace(next) {
        const before = notifier;
        // Of two that deliver from one store, one has its turn at a time.
        notifier = notifierOf(next);
        ({ verifier, readiness, credentials } = next);
        replace(answering(next));
        await before.stop();
      },
      async stop(requestsMs) {
        const background = Promise.all([notifier.stop(), stopCatchingUp()]);
        await Promise.all([
          drain(server, connections, requestsMs),
          doneWithin(stopTimes.backgroundMs, background),
        ]);
      },
    };
  } catch (error) {
    await Promise.all([notifier.stop(), stopCatchingUp()]);
    throw error;
  }
}

function notifierOf({ store, clock, notifications, onDefect }: AppOptions): Notifier {
  const { onAddressRefused = () => undefined, mayConnect, resolve, deliveryHook } = notifications;
  const { firstTimeoutMs } = notifications;
  return startNotifier({
    store,
    clock,
    firstTimeoutMs,
    mayConnect,
    ...(resolve && { resolve }),
    deliveryHook,
    onError: (error) => onDefect(error, { about: 'notifications' }),
    onAddressRefused,
  });
}

interface Keys {
  readonly skipTokens: Buffer;
  readonly signIn: Buffer;
}

/** The same for all who serve from a store: each goes on with the walks and the sessions of the others. */
async function keysOf(store: CallRecordStore): Promise<Keys> {
  const kept = async (name: string) => {
    const text = await store.secret(name, () => Promise.resolve(randomBytes(32).toString('base64')));
    return Buffer.from(text, 'base64');
  };
  return { skipTokens: await kept('skip-token-key'), signIn: await kept('sign-in-key') };
}

/** How a worker answers, and what it leaves to its supervisor. */
type WorkerOptions = Omit<AnsweringOptions, 'interceptor'> & {
  readonly interceptor: (metrics: Metrics) => RequestInterceptor;
};

/** A server that answers what it is handed. It does not listen yet, and changes nothing in the store. */
export async function createWorkerServer({
  interceptor,
  ...rest
}: WorkerOptions): Promise<{ readonly server: Server; readonly metrics: Metrics }> {
  const { store, clock } = rest;
  const metrics = createMetrics({
    store,
    clock,
    role: 'worker',
    notifications: () => ({}),
    failedFetches: () => rest.verifier.failures(),
    // Of these the supervisor exports its own.
    others: () => Promise.resolve([]),
    readiness: () => Promise.resolve({ ready: true, checks: [] }),
    credentials: () => [],
  });
  const options: AnsweringOptions = { ...rest, interceptor: interceptor(metrics) };
  const handshake = () => Promise.reject(new Error('A worker was asked for a change.'));
  const keys = await keysOf(store);
  const { server } = createServer(answeringOf(options, { keys, handshake, requiresHttps: true, metrics }));
  return { metrics, server };
}

interface AnsweringParts {
  readonly keys: Keys;
  readonly handshake: Handshake;
  readonly requiresHttps: boolean;
  readonly metrics: Metrics;
  readonly workers?: Workers | undefined;
}

function answeringOf(options: AnsweringOptions, parts: AnsweringParts): ServerOptions {
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
  const signingIn = signInPaths({
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
  const evidence = evidencePaths({
    ...{ store, authenticate, clock: options.clock, metricsToken },
    metrics: isElsewhere ? undefined : metrics,
  });
  const skipTokens = createSkipTokens(keys.skipTokens);
  const search = searchPaths({ store, authenticate, skipTokens, clock: options.clock });
  const handle = createApi({
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
    origin,
    otherPaths: (exchange, path, origin) =>
      evidence(exchange, path) ??
      search(exchange, path, origin) ??
      signingIn(exchange, path, origin) ??
      options.otherPaths(exchange, path, origin),
    interceptor,
  });
  return {
    handle:
      interceptor?.exchange === undefined
        ? handle
        : (one: Exchange) => interceptor.exchange?.(one, handle, authenticate),
    challenge,
    // A worker has checked the requests that it forwards.
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

/** A year, as RFC 6797 has it in its examples; subdomains are others' to decide on. */
const strictTransport = ['Strict-Transport-Security', 'max-age=31536000'];

function withStrictTransport(cors: CorsRules): CorsRules {
  return (origin) => [...strictTransport, ...cors(origin)];
}

function listen(server: Server, place: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(place, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function urlOf(server: Server, place: ListenAddress, secure: boolean): string {
  if ('path' in place) return place.path;
  return serverUrl(place.host, (server.address() as AddressInfo).port, secure); // it listens on a port
}

/** `http://127.0.0.1:7655`. */
export function serverUrl(host: string, port: number, secure: boolean): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${secure ? 'https' : 'http'}://${name}:${port}`;
}
