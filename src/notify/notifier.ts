/** The parts of notifying, built together: what the API asks of it, and what delivers. */
import { getCACertificates } from 'node:tls';
import type { Clock } from '../clock.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { AddressRule } from './addresses.ts';
import { type Dispatcher, startDispatcher } from './dispatcher.ts';
import { createHandshake, type Handshake } from './handshake.ts';
import type { NotificationFaults } from './notification-faults.ts';
import { createPoster, type Resolve } from './post.ts';

export interface NotifierOptions {
  readonly store: Pick<CallRecordStore, 'subscriptions' | 'revision'>;
  readonly clock: Clock;
  /** Minutes after the end of its call that a record can be read. */
  readonly lateMinutes: number;
  readonly mayConnect: AddressRule;
  /** Certificate authorities to trust besides Node's own, in PEM. */
  readonly ca?: string | undefined;
  readonly resolve?: Resolve;
  readonly faults?: NotificationFaults | undefined;
  readonly onError: (error: unknown) => void;
  /** Told, for the operator, where a subscriber wanted to be notified and may not. */
  readonly onAddressRefused: (host: string) => void;
}

export interface Notifier {
  readonly handshake: Handshake;
  readonly dispatcher: Dispatcher;
  stop(): Promise<void>;
}

export function startNotifier(options: NotifierOptions): Notifier {
  const { store, clock, lateMinutes, mayConnect, faults, onError, onAddressRefused } = options;
  const poster = createPoster({
    mayConnect,
    clock,
    ca: options.ca === undefined ? undefined : [...getCACertificates('default'), options.ca],
    ...(options.resolve && { resolve: options.resolve }),
  });
  const dispatcher = startDispatcher({ store, poster, clock, lateMinutes, faults, onError });
  return {
    dispatcher,
    handshake: createHandshake({
      poster,
      // The path and the query may hold a key of the subscriber's.
      onAddressRefused: (url) => onAddressRefused(new URL(url).host),
    }),
    async stop() {
      await dispatcher.stop();
      poster.close();
    },
  };
}
