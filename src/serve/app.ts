/** Builds the parts of a server from its configuration, starts them and stops them. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Resolve } from '../base/http-client.ts';
import { createMetrics } from './observe/metrics.ts';
import type { CredentialFile } from './observe/expiry-metrics.ts';
import type { MetricsText } from './internal/metrics-route.ts';
import { createServer } from './http/server.ts';
import { drain } from './http/drain.ts';
import type { AddressRule } from '../notify/addresses.ts';
import type { Dispatcher } from '../notify/dispatcher.ts';
import type { DeliveryHook } from '../notify/delivery-hook.ts';
import { type Notifier, startNotifier } from '../notify/notifier.ts';
import { startCatchingUp } from '../store/catch-up.ts';
import { renewCalls } from '../store/renewal.ts';
import { doneWithin, stopTimes } from '../base/stopping.ts';
import { type AnsweringOptions, serverOptionsOf, keysOf, type Workers } from './server-options.ts';

export interface AppOptions extends AnsweringOptions {
  /** Files with credentials, whose expiry is exported. */
  readonly credentials: readonly CredentialFile[];
  readonly listenOn: ListenAddress;
  readonly notifications: NotificationOptions;
  /** Present when workers forward requests: they have already counted them. */
  readonly workers?: Workers | undefined;
}

/** The address a server listens at: a port for clients, or a socket for this server's workers. */
type ListenAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/** Configures how subscribers are notified. */
interface NotificationOptions {
  /** The addresses that notifications may be sent to. */
  readonly mayConnect: AddressRule;
  /** False when endpoints may use http, during development. */
  readonly requiresHttps: boolean;
  readonly resolve?: Resolve;
  /** The timeout of a notification's first attempt; Graph's three seconds when absent. */
  readonly firstTimeoutMs?: number | undefined;
  readonly deliveryHook?: DeliveryHook | undefined;
  /** Called with the host of a notification URL whose address is not allowed. */
  readonly onAddressRefused?: (host: string) => void;
}

export interface App {
  readonly metrics: MetricsText;
  /** Delivers notifications; `replace` replaces it. */
  readonly dispatcher: Dispatcher;
  /** `http://127.0.0.1:7655`, as the operator sees it. */
  readonly url: string;
  /** Uses other options from the next request on. The store, the address and the clock cannot change. */
  replace(options: AppOptions): Promise<void>;
  /** Answers accepted requests, then closes the port. @param requestsMs When connections are cut. */
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
      return serverOptionsOf(by, { keys, handshake: notifier.handshake, requiresHttps, metrics, workers });
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
        // Two notifiers may share a store for a moment: a lease lets one deliver at a time.
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

/** Returns the URL of a server: `http://127.0.0.1:7655`. */
export function serverUrl(host: string, port: number, secure: boolean): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${secure ? 'https' : 'http'}://${name}:${port}`;
}
