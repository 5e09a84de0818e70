/** Defines the hook around deliveries: the emulator uses it to inject faults into change notifications. */
import type { OutboxEntry } from '../store/subscriptions.ts';

export type DeliveryDecision =
  /** Drops the notification but counts it as delivered. */
  | { readonly kind: 'lose' }
  /** Sends it twice. */
  | { readonly kind: 'duplicate' }
  /** Postpones it by `ms` and then calls the hook again; later notifications may overtake it. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Sends it after the others that are due at the same time. */
  | { readonly kind: 'last' };

/** Called with each due notification. Returns `undefined` to send it as usual. */
export type DeliveryHook = (entry: OutboxEntry) => DeliveryDecision | undefined;
