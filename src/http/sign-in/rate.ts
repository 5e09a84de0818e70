/** How often one sender may sign in: each time costs the authority a request. */
import { createByteCache } from '../../byte-cache.ts';

/** Enough for an office behind one address in the morning. */
const burst = 120;
const perSecond = 2;
/** Of senders remembered: some 10,000. */
const maxBytes = 4 * 2 ** 20;

/** @returns False when it is too soon. */
export type Rate = (sender: string) => boolean;

export function createRate(clock: () => Date): Rate {
  const known = createByteCache<{ readonly left: number; readonly atMs: number }>({ maxBytes });
  return (sender) => {
    const atMs = clock().getTime();
    const before = known.get(sender) ?? { left: burst, atMs };
    const left = Math.min(burst, before.left + (Math.max(0, atMs - before.atMs) / 1000) * perSecond);
    if (left < 1) return false;
    known.set(sender, { left: left - 1, atMs });
    return true;
  };
}
