/** Creates the notification parts: the endpoint validation for the API, and the dispatcher. */
import type { Clock } from '../base/clock.ts';
import { createHttpClient, type Resolve } from '../base/http-client.ts';
import type { AddressRule } from './addresses.ts';
import { deliveryTimes } from './delivery-times.ts';
import { type Dispatcher, type DispatcherOptions, startDispatcher } from './dispatcher.ts';
import { createHandshake, type Handshake } from './handshake.ts';
import type { DeliveryHook } from './delivery-hook.ts';

/** The time an endpoint has to answer its validation (page "Receive change notifications"). */
const validationTimeoutMs = 10_000;
/** The maximum bytes read of a response: a validation token is shorter, and a delivery needs only the status. */
const maxAnswerBytes = 4096;

interface NotifierOptions {
  readonly store: DispatcherOptions['store'];
  readonly clock: Clock;
  /** The timeout of a notification's first attempt; Graph's three seconds when absent. */
  readonly firstTimeoutMs?: number | undefined;
  readonly mayConnect: AddressRule;
  readonly resolve?: Resolve;
  readonly deliveryHook?: DeliveryHook | undefined;
  readonly onError: (error: unknown) => void;
  /** Called with the host of an endpoint whose address is not allowed, to log it. */
  readonly onAddressRefused: (host: string) => void;
}

export interface Notifier {
  readonly handshake: Handshake;
  readonly dispatcher: Dispatcher;
  stop(): Promise<void>;
}

export function startNotifier(options: NotifierOptions): Notifier {
  const { store, clock, mayConnect, deliveryHook, onError, onAddressRefused } = options;
  const client = createHttpClient({
    clock,
    timeoutMs: validationTimeoutMs,
    maxBodyBytes: maxAnswerBytes,
    mayConnect,
    resolve: options.resolve,
    usesProxy: true,
    repeatsOnStaleConnection: true,
  });
  const times = deliveryTimes(options.firstTimeoutMs);
  const dispatcher = startDispatcher({ store, client, clock, times, deliveryHook, onError });
  return {
    dispatcher,
    handshake: createHandshake({
      client,
      // The path and the query may contain a subscriber's secret.
      onAddressRefused: (url) => onAddressRefused(new URL(url).host),
    }),
    async stop() {
      await dispatcher.stop();
      client.close();
    },
  };
}
