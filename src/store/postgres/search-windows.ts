/**
 * Terms for windows of time. GIN returns rows in no order, so a search for the newest calls reads a short window first,
 * and longer ones before it while it has too few results. So it reads about as much as it returns, for rare and for
 * frequent terms.
 */
const ticksPerSecond = 10_000_000n;
/** Length of each level's windows, as a power of two of a second: 68 minutes, 9 hours, 3, 24 and 194 days, 4 years. */
const powers = [12n, 15n, 18n, 21n, 24n, 27n] as const;

interface Window {
  readonly term: string;
  /** First tick of the window. */
  readonly from: bigint;
}

/** Returns the window of a level that a tick is in; `undefined` past the last level, for all time. */
export function windowOf(level: number, ticks: bigint): Window | undefined {
  const power = powers[level];
  if (power === undefined) return undefined;
  const size = ticksPerSecond << power;
  const number = ticks / size - (ticks % size < 0n ? 1n : 0n);
  return { term: `w${level}.${number}`, from: number * size };
}

export function windowTerms(ticks: bigint): readonly string[] {
  return powers.map((_, level) => windowOf(level, ticks)!.term); // every level has one
}
