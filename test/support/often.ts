/** How often a test repeats what it tries: a few times in `npm test`, and every time in `npm run soak`. */
export const isSoak = process.env['ROLLCALL_TEST_SOAK'] === '1';

export function often(inSuite: number, inSoak: number): number {
  return isSoak ? inSoak : inSuite;
}

/** What chance decides follows from it, and a failure names it. */
export const testSeed = Number(process.env['ROLLCALL_TEST_SEED'] ?? 1);
