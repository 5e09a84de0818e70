import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { testsOfOtherSystems } from './test/support/other-systems.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
// macOS runs all of it: what reads /proc asks for Linux first.
const skipped =
  process.platform === 'win32'
    ? testsOfOtherSystems(root, 'win32').filter(({ file }) => file.startsWith('test/package/'))
    : [];
for (const { file, why } of skipped) console.error(`NOT RUN: ${file}: ${why}`);

/** The package as it is published: built, packed and installed, which needs the registry. Separate from `npm test`. */
export default defineConfig({
  test: {
    include: ['test/package/*.test.ts'],
    exclude: skipped.map(({ file }) => file),
    passWithNoTests: skipped.length > 0,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
