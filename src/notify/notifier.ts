/** Builds the parts of notifying: the validation of endpoints for the API, and the dispatcher that delivers. */
import type { Clock } from '../base/clock.ts';
import { createHttpClient, type Resolve } from '../base/http-client.ts';
import type { AddressRule } from './addresses.ts';
import { deliveryTimes } from './delivery-times.ts';
import { type Dispatcher, type DispatcherOptions, startDispatcher } from './dispatcher.ts';
import { createHandshake, type Handshake } from './handshake.ts';
import type { DeliveryHook } from './delivery-hook.ts';

/** An endpoint that takes longer to answer its validation has failed (page "Receive change notifications"). */
const validationTimeoutMs = 10_000;
/** What is read of an answer: a validation token is shorter, and of a delivery only the status counts. */
const maxAnswerBytes = 4096;

interface NotifierOptions {
  readonly store: DispatcherOptions['store'];
  readonly clock: Clock;
  /** For the first attempt to deliver a notification; Graph's three seconds when absent. */
  readonly firstTimeoutMs?: number | undefined;
  readonly mayConnect: AddressRule;
  readonly resolve?: Resolve;
  readonly deliveryHook?: DeliveryHook | undefined;
  readonly onError: (error: unknown) => void;
  /** Called with the host of an endpoint whose address is not allowed, for the operator's log. */
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
      // The path and the query may hold a key of the subscriber's.
      onAddressRefused: (url) => onAddressRefused(new URL(url).host),
    }),
    async stop() {
      await dispatcher.stop();
      client.close();
    },
  };
}
