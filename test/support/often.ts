/** How often a test repeats what it tries: a few times in `npm test`, and every time in `npm run soak`. */
export const isSoak = process.env['ROLLCALL_TEST_SOAK'] === '1';

export function often(inSuite: number, inSoak: number): number {
  return isSoak ? inSoak : inSuite;
}

/** The time limit of a test that repeats what it tries: what it bounds is a hang, and a soak tries up to fifty times as much. */
export const longestMs = often(300_000, 3_600_000);

/** What chance decides follows from it, and a failure names it. */
export const testSeed = Number(process.env['ROLLCALL_TEST_SEED'] ?? 1);
