/** The hook around deliveries: the emulator injects faults into change notifications with it. */
import type { OutboxEntry } from '../store/subscriptions.ts';

export type DeliveryDecision =
  /** Counts as delivered and is not sent. */
  | { readonly kind: 'lose' }
  /** Is sent twice. */
  | { readonly kind: 'duplicate' }
  /** Is due again after `ms`, when the hook is called again; later notifications may overtake it. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Is sent after the others that are due at the same time. */
  | { readonly kind: 'last' };

/** Called with each notification that is due. Returns `undefined` to send it as usual. */
export type DeliveryHook = (entry: OutboxEntry) => DeliveryDecision | undefined;
