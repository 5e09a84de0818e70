/** What a script may make of a notification that is about to be sent: what happens to Graph's on a bad day. */
import type { OutboxEntry } from '../store/subscriptions.ts';

export type DeliveryDecision =
  /** It is taken for delivered, and is not sent. */
  | { readonly kind: 'lose' }
  /** It is sent, and once more after that. */
  | { readonly kind: 'duplicate' }
  /** It is sent so much later: others may overtake it. The script is asked again then. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** It is sent after the others that go with it. */
  | { readonly kind: 'last' };

/** @returns What goes wrong with a notification; `undefined` when nothing does. */
export type DeliveryHook = (entry: OutboxEntry) => DeliveryDecision | undefined;
