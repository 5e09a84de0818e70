/** Starts a real server on a free port with a new store, for tests over HTTP. */
import { lookup } from 'node:dns';
import { BlockList } from 'node:net';
import { startApp } from '../../src/serve/app.ts';
import type { SignIn } from '../../src/serve/server-options.ts';
import { development, graphAudiences } from '../../src/base/development.ts';
import {
  createIssuer,
  createIssuerKey,
  type Issuer,
  type TokenRequest,
} from '../../src/emulator/issuer/issuer.ts';
import { Clients } from '../../src/emulator/issuer/clients.ts';
import type { Log } from '../../src/base/log.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { createVerifier } from '../../src/serve/auth/verifier.ts';
import type { CredentialFile } from '../../src/serve/observe/expiry-metrics.ts';
import type { MetricsToken } from '../../src/serve/internal/metrics-route.ts';
import type { RequestInterceptor } from '../../src/serve/http/request-interceptor.ts';
import { boundIssuerRoutes } from '../../src/emulator/http/issuer-routes.ts';
import type { BoundRoute } from '../../src/serve/internal/route.ts';
import { admitBy, createAdmission } from '../../src/emulator/admission.ts';
import type { Caller } from '../../src/graph/caller.ts';
import type { GraphRequest } from '../../src/graph/messages.ts';
import { createVisibleStore } from '../../src/emulator/visible-store.ts';
import { createThrottle } from '../../src/emulator/throttle.ts';
import { builtPage, type PageFiles } from '../../src/serve/internal/page-files.ts';
import { type ImportCounts, importSources } from '../../src/collect/ingest/import.ts';
import type { Reject } from '../../src/collect/ingest/rejections.ts';
import { type AddressRule, addressRule, loopback } from '../../src/notify/addresses.ts';
import type { Dispatcher } from '../../src/notify/dispatcher.ts';
import type { DeliveryHook } from '../../src/notify/delivery-hook.ts';
import type { Resolve } from '../../src/base/http-client.ts';
import { createReadiness } from '../../src/serve/observe/readiness.ts';
import type { Cloud } from '../../src/contract/resources.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { testTokens } from './test-tokens.ts';

export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly store: CallRecordStore;
  readonly dispatcher: Dispatcher;
  /** Sends JSON with a valid token, unless headers override it. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Defects that the server reported: a test that expects none asserts that this is empty. */
  readonly defects: unknown[];
  readonly issuer: Issuer;
  /** Returns a token of the development issuer; by default one that may read. */
  token(request?: Partial<TokenRequest>): Promise<string>;
  /** Sends a GET with a valid token, unless headers override it. */
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Imports lines (objects are written as JSON) as the `import` command does. */
  import(
    lines: readonly (string | object)[],
    tenantId?: string,
  ): Promise<ImportCounts & { rejects: Reject[] }>;
  stop(): Promise<void>;
}

export interface TestServerOptions {
  readonly store?: CallRecordStore;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly clock?: Clock;
  /** The clock of the issuer and the verifier; `clock` when absent. */
  readonly tokenClock?: Clock;
  readonly cloud?: Cloud;
  readonly loose?: boolean;
  /** Rejects areas that only Graph has with 501, as `dev` does. */
  readonly isEmulator?: boolean;
  readonly reconciled?: boolean;
  readonly deprecated?: 'as-before' | 'empty' | 'absent';
  readonly corsOrigins?: readonly string[];
  readonly retentionDays?: number;
  readonly lateMinutes?: number;
  readonly throttleScale?: number;
  /** The size of the response cache; 16 MiB when absent. */
  readonly cacheBytes?: number;
  /** The authority whose tokens the server accepts; a new one when absent. */
  readonly issuer?: Issuer;
  readonly publicUrl?: string;
  readonly trustedProxies?: BlockList;
  readonly allowedHosts?: readonly string[];
  readonly strictTransport?: boolean;
  readonly clients?: Clients;
  /** How people sign in to the page; disabled when absent. */
  readonly signIn?: SignIn;
  /** The page; the built one, if it exists, when absent. */
  readonly page?: PageFiles;
  /** Internal routes in addition to the server's and the issuer's. */
  readonly routes?: readonly BoundRoute[];
  readonly interceptor?: RequestInterceptor;
  readonly log?: Log;
  /** Which addresses may be notified; this machine's when absent. */
  readonly mayConnect?: AddressRule;
  readonly requiresHttps?: boolean;
  /** The timeout of a notification's first attempt. */
  readonly firstTimeoutMs?: number;
  readonly longestLagMs?: number | undefined;
  readonly credentials?: readonly CredentialFile[];
  readonly metricsToken?: MetricsToken;
  /** The authorities that readiness checks. */
  readonly authorities?: readonly { readonly hasKeys: boolean }[];
  readonly resolve?: Resolve;
  readonly deliveryHook?: DeliveryHook;
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { clock = systemClock } = options;
  const { tokenClock = clock } = options;
  const { now } = tokenClock;
  const { store = openSqliteStore(':memory:', { clock }), cloud = 'global', loose = false } = options;
  const issuer = options.issuer ?? (await createIssuer(await createIssuerKey(), now));
  const issuerRoutes = boundIssuerRoutes(issuer, options.clients ?? new Clients(), now);
  const defects: unknown[] = [];
  const readiness = createReadiness({
    store,
    clock,
    longestLagMs: options.longestLagMs,
    authorities: options.authorities,
    onError: (error) => defects.push(error),
  });
  const { retentionDays, lateMinutes = 0 } = options;
  const app = await startApp({
    store: createVisibleStore(store, { retentionDays, lateMinutes, clock: clock.now }),
    verifier: createVerifier({ authorities: [issuer.authority], audiences: graphAudiences, clock: now }),
    signIn: options.signIn,
    readiness,
    credentials: options.credentials ?? [],
    metricsAccess: { isElsewhere: false, token: options.metricsToken },
    page: () => options.page ?? builtPage(),
    moreRoutes: [...(options.routes ?? []), ...issuerRoutes],
    interceptor: interceptorOf(options, clock),
    listenOn: { host: '127.0.0.1', port: 0 },
    tls: options.tls,
    publicUrl: options.publicUrl,
    trustedProxies: options.trustedProxies ?? new BlockList(),
    allowedHosts: options.allowedHosts,
    strictTransport: options.strictTransport ?? false,
    cloud,
    loose,
    deprecated: options.deprecated ?? 'as-before',
    reconciled: options.reconciled ?? false,
    corsOrigins: options.corsOrigins ?? [],
    cacheBytes: options.cacheBytes ?? 16 * 2 ** 20,
    notifications: {
      mayConnect: options.mayConnect ?? addressRule(loopback),
      requiresHttps: options.requiresHttps ?? false,
      firstTimeoutMs: options.firstTimeoutMs,
      resolve: options.resolve ?? lookup,
      deliveryHook: options.deliveryHook,
    },
    clock,
    onDefect: (error) => defects.push(error),
    log: options.log,
  });
  const token = testTokens(issuer);
  const kept = keptToken(token, now);
  let stopped: Promise<void> | undefined;
  // Nothing is under way at a test's end: no connection is waited for.
  const stop = () => (stopped ??= app.stop(0).then(() => store[Symbol.asyncDispose]()));
  return {
    url: app.url,
    store,
    defects,
    issuer,
    token,
    async get(path, headers = {}) {
      return fetch(app.url + path, { headers: { authorization: `Bearer ${await kept()}`, ...headers } });
    },
    dispatcher: app.dispatcher,
    async send(method, path, body, headers = {}) {
      return fetch(app.url + path, {
        method,
        headers: {
          authorization: `Bearer ${await kept()}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    },
    import: (lines, tenantId = development.tenantId) => importLines(store, lines, tenantId),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Returns a token for many requests, as a client has one: signed again when half its time has passed. */
function keptToken(token: TestServer['token'], now: () => Date): () => Promise<string> {
  let [kept, untilMs]: [Promise<string> | undefined, number] = [undefined, 0];
  return () => {
    const nowMs = now().getTime();
    if (kept === undefined || nowMs >= untilMs) [kept, untilMs] = [token(), nowMs + 1_800_000];
    return kept;
  };
}

function interceptorOf(options: TestServerOptions, { now }: Clock): RequestInterceptor | undefined {
  const { interceptor, isEmulator = false, throttleScale } = options;
  if (!isEmulator && throttleScale === undefined) return interceptor;
  const throttle = throttleScale === undefined ? undefined : createThrottle(throttleScale, now);
  const admit = isEmulator
    ? createAdmission(throttle)
    : (request: GraphRequest, caller: Caller) => admitBy(throttle, request, caller);
  return { ...interceptor, admit };
}

export async function importLines(
  store: CallRecordStore,
  lines: readonly (string | object)[],
  tenantId: string,
) {
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  const rejects: Reject[] = [];
  const source = {
    name: 'test.jsonl',
    size: undefined,
    open: async function* () {
      for (const line of text) yield await Promise.resolve(Buffer.from(line));
    },
  };
  const counts = await importSources([source], {
    tenantId,
    store,
    maxLineBytes: 32 * 2 ** 20,
    onReject: (reject) => void rejects.push(reject),
    onRead: () => undefined,
  });
  return { ...counts, rejects };
}
