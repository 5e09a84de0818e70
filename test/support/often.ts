/** Sets how often a test repeats its cases: a few times in `npm test`, and fully in `npm run soak`. */
export const isSoak = process.env['ROLLCALL_TEST_SOAK'] === '1';

export function often(inSuite: number, inSoak: number): number {
  return isSoak ? inSoak : inSuite;
}

/** The time limit of a test with repeated cases: it detects a hang, and a soak repeats up to fifty times as often. */
export const longestMs = often(300_000, 3_600_000);

/** The seed of all random choices, which a failure message names. */
export const testSeed = Number(process.env['ROLLCALL_TEST_SEED'] ?? 1);
