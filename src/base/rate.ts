/** Limits how often one sender may trigger requests to other hosts. */
import { createByteCache } from './byte-cache.ts';

/** Bytes of the remembered senders: about 10,000 senders. */
const maxBytes = 4 * 2 ** 20;

interface RateLimit {
  /** Attempts that a sender without recent attempts may make at once. */
  readonly burst: number;
  readonly perSecond: number;
}

interface Rate {
  /** Counts an attempt. @returns False when the sender exceeds the rate; the attempt is then not counted. */
  take(sender: string): boolean;
  /** Removes an attempt from the count. */
  giveBack(sender: string): void;
}

export function createRate({ burst, perSecond }: RateLimit, clock: () => Date): Rate {
  const known = createByteCache<{ readonly left: number; readonly atMs: number }>({ maxBytes });
  const now = (sender: string) => {
    const atMs = clock().getTime();
    const before = known.get(sender) ?? { left: burst, atMs };
    const left = Math.min(burst, before.left + (Math.max(0, atMs - before.atMs) / 1000) * perSecond);
    return { left, atMs };
  };
  return {
    take(sender) {
      const { left, atMs } = now(sender);
      if (left < 1) return false;
      known.set(sender, { left: left - 1, atMs });
      return true;
    },
    giveBack(sender) {
      const { left, atMs } = now(sender);
      known.set(sender, { left: Math.min(burst, left + 1), atMs });
    },
  };
}
