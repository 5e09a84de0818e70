/**
 * Spans of time as terms of a call: GIN gives what it finds in no order, so the newest are looked for in a short span
 * first, and in a longer one before it while there are not enough. So a search reads about as much as it gives, be the
 * term rare or in every call.
 */
const ticksPerSecond = 10_000_000n;
/** Of each level as a power of two of a second: 68 minutes, 9 hours, 3, 24 and 194 days, 4 years. */
const powers = [12n, 15n, 18n, 21n, 24n, 27n] as const;

interface Window {
  readonly term: string;
  /** Its first tick. */
  readonly from: bigint;
}

/** The window of a level that a tick is in; `undefined` of the level after the last, which is all there is. */
export function windowOf(level: number, ticks: bigint): Window | undefined {
  const power = powers[level];
  if (power === undefined) return undefined;
  const size = ticksPerSecond << power;
  const number = ticks / size - (ticks % size < 0n ? 1n : 0n);
  return { term: `w${level}.${number}`, from: number * size };
}

export function windowTerms(ticks: bigint): readonly string[] {
  return powers.map((_, level) => windowOf(level, ticks)!.term); // there is one of each
}
