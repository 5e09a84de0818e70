/** Builds the parts of a server from its configuration, starts them and stops them. */
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BlockList } from 'node:net';
import { wwwAuthenticate } from './auth/permission.ts';
import type { Clock } from './clock.ts';
import type { Verifier } from './auth/verifier.ts';
import { createApi, type OtherPaths } from './http/api.ts';
import { ResponseCache } from './http/response-cache.ts';
import { corsRules } from './http/cors.ts';
import type { Exchange } from './http/exchange.ts';
import { evidencePaths } from './http/evidence-paths.ts';
import { createMetrics } from './http/metrics.ts';
import { createServer } from './http/server.ts';
import { createThrottle } from './http/throttle.ts';
import { changesWithTime } from './http/visibility.ts';
import type { Interception } from './http/interception.ts';
import { drain } from './http/drain.ts';
import type { Cloud } from './model/resources.ts';
import type { Deprecated } from './plan/read-plan.ts';
import type { AddressRule } from './notify/addresses.ts';
import type { Dispatcher } from './notify/dispatcher.ts';
import type { NotificationFaults } from './notify/notification-faults.ts';
import { startNotifier } from './notify/notifier.ts';
import type { Resolve } from './notify/post.ts';
import { createSkipTokens } from './odata/skip-token.ts';
import type { CallRecordStore } from './store/store.ts';

export interface AppOptions {
  readonly store: CallRecordStore;
  readonly verifier: Verifier;
  readonly otherPaths: OtherPaths;
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly publicUrl: string | undefined;
  readonly trustedProxies: BlockList;
  readonly cloud: Cloud;
  readonly loose: boolean;
  readonly deprecated: Deprecated;
  /** Show participants found in the sessions of a call after those received. */
  readonly reconciled: boolean;
  /** Origins whose pages may call the API from a browser. */
  readonly corsOrigins: readonly string[];
  /** Days that Graph would remember a call. */
  readonly retentionDays?: number | undefined;
  /** Minutes after its end that a record appears. */
  readonly lateMinutes?: number;
  /** Factor on the spans of Graph's limits; absent when none are simulated. */
  readonly throttleScale?: number | undefined;
  /** Plays faults on requests and counts them; of `dev` alone. */
  readonly interception?: Interception | undefined;
  readonly cacheBytes: number;
  readonly notifications: NotificationOptions;
  readonly clock: Clock;
  readonly onDefect: (error: unknown, requestId: string) => void;
}

/** How subscribers are notified. */
export interface NotificationOptions {
  /** Where to connect to. */
  readonly mayConnect: AddressRule;
  /** False where endpoints may be plain http: for developing. */
  readonly requiresHttps: boolean;
  /** Certificate authorities to trust besides Node's own, in PEM. */
  readonly ca?: string | undefined;
  readonly resolve?: Resolve;
  /** Scripted faults; of `dev` alone. */
  readonly faults?: NotificationFaults | undefined;
  /** Told, for the operator, where a subscriber wanted to be notified and may not. */
  readonly onAddressRefused?: (host: string) => void;
}

export interface App {
  /** Delivers what subscribers are to be told. */
  readonly dispatcher: Dispatcher;
  /** `http://127.0.0.1:7655`: what the operator is told. */
  readonly url: string;
  /** Answers what was accepted, then lets go of the port. */
  stop(): Promise<void>;
}

export async function startApp(options: AppOptions): Promise<App> {
  const { store, verifier, tls, onDefect, interception } = options;
  const clock = options.clock.now;
  const key = await store.secret('skip-token-key', () => Promise.resolve(randomBytes(32).toString('base64')));
  const visibility = {
    retentionDays: options.retentionDays,
    lateMinutes: options.lateMinutes ?? 0,
    clock,
  };
  const throttle =
    options.throttleScale === undefined ? undefined : createThrottle(options.throttleScale, clock);
  // An answer kept would outlive a record that time takes away, or count for no limit.
  const cacheBytes = changesWithTime(visibility) || throttle !== undefined ? 0 : options.cacheBytes;
  const challenge = wwwAuthenticate();
  const { requiresHttps, onAddressRefused = () => undefined, ...rules } = options.notifications;
  const notifier = startNotifier({
    store,
    clock: options.clock,
    lateMinutes: visibility.lateMinutes,
    ...rules,
    onError: (error) => onDefect(error, 'notifications'),
    onAddressRefused,
  });
  const metrics = createMetrics(store, options.clock, notifier.dispatcher.counts);
  const evidence = evidencePaths({ store, verifier, metrics, clock: options.clock });
  const handle = createApi({
    handshake: notifier.handshake,
    requiresHttps,
    verifier,
    store,
    skipTokens: createSkipTokens(Buffer.from(key, 'base64')),
    responses: new ResponseCache(cacheBytes),
    cloud: options.cloud,
    loose: options.loose,
    deprecated: options.deprecated,
    reconciled: options.reconciled,
    visibility,
    throttle,
    challenge,
    clock,
    onDefect,
    origin: {
      publicUrl: options.publicUrl,
      trustedProxies: options.trustedProxies,
      secure: tls !== undefined,
    },
    otherPaths: (exchange, path, origin) =>
      evidence(exchange, path) ?? options.otherPaths(exchange, path, origin),
    interception,
  });
  const cors = corsRules(options.corsOrigins);
  const intercepted =
    interception === undefined ? handle : (one: Exchange) => interception.exchange(one, handle);
  const server = createServer({
    handle: intercepted,
    challenge,
    cors,
    tls,
    clock,
    onDefect,
    onAnswered: metrics.observe,
  });
  try {
    await listen(server, options.host, options.port);
  } catch (error) {
    await notifier.stop();
    throw error;
  }
  return {
    url: urlOf(server, options.host, tls !== undefined),
    dispatcher: notifier.dispatcher,
    async stop() {
      await Promise.all([drain(server), notifier.stop()]);
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function urlOf(server: Server, host: string, secure: boolean): string {
  const { port } = server.address() as AddressInfo; // it listens on a port
  const name = host.includes(':') ? `[${host}]` : host;
  return `${secure ? 'https' : 'http'}://${name}:${port}`;
}
