import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { testsWithoutPackages } from './test/support/not-installed.ts';
import { isSoak } from './test/support/often.ts';
import { testsOfOtherSystems } from './test/support/other-systems.ts';
import { temporaryFolder } from './test/support/temporary-folder.ts';
import { reaches, testFiles } from './test/support/test-files.ts';

// The workers and all commands start in a third of the processor time when they find their modules compiled.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(
  new URL('node_modules/.cache/rollcall-tests', import.meta.url),
);

const root = fileURLToPath(new URL('.', import.meta.url));
const notInstalled = testsWithoutPackages(root);
const ofOtherSystems = testsOfOtherSystems(root, process.platform);
/** `npm run soak` runs the tests that repeat more often then. */
const withoutSoak = isSoak
  ? testFiles(root).filter((file) => !reaches(root, file, /support\/often\.ts'|'\.\/often\.ts'/))
  : [];
/** Tests that take long, because they wait for real time limits or repeat much: `npm run test:long`, also run by CI. */
const long = 'test/**/*.long.test.ts';
const excluded = [...notInstalled, ...withoutSoak, ...ofOtherSystems.map(({ file }) => file)];
const folder = temporaryFolder();
const said = Symbol.for('rollcall: tests that do not run');
const skipped = [
  ...ofOtherSystems,
  ...notInstalled.map((file) => ({
    file,
    why: 'packages of test/package.json are not installed: run `npm ci --prefix test`',
  })),
];
// Once: the configuration is read again for every project.
if (skipped.length > 0 && !(said in process)) {
  Object.assign(process, { [said]: true });
  process.once('exit', () => {
    console.error(`\nNOT RUN: ${skipped.length} test files.`);
    for (const { file, why } of skipped) console.error(`  ${file}: ${why}`);
  });
}

export default defineConfig({
  test: {
    env: {
      ...(folder !== undefined && { TMPDIR: folder }),
    },
    // Many tests wait: for processes, for PostgreSQL, for time to pass.
    maxWorkers: 3 * availableParallelism(),
    // Node itself loads the modules, as in production; nothing has to be transformed.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        // Pure functions beside their tests: nothing to isolate.
        extends: true,
        test: {
          name: 'unit',
          include: isSoak ? [] : ['src/**/*.test.ts'],
          isolate: false,
          exclude: excluded,
        },
      },
      {
        extends: true,
        test: {
          name: 'contract',
          // Holds every answer of the API that a test fetches against the OpenAPI document.
          setupFiles: ['test/support/validated-fetch.ts'],
          include: ['test/contract/**/*.test.ts'],
          // Every test has a server of its own; the modules are loaded once for a worker.
          isolate: false,
          exclude: [long, ...excluded],
        },
      },
      {
        extends: true,
        test: {
          name: 'rollcall',
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: [
            ...['contract', 'postgres', 'samples', 'package', 'node_modules'].map(
              (name) => `test/${name}/**`,
            ),
            long,
            ...excluded,
          ],
        },
      },
      {
        // Apart, so that a server is started only when one of these is run.
        extends: true,
        test: {
          name: 'postgres',
          isolate: false,
          include: ['test/postgres/**/*.test.ts', 'test/samples/**/*.test.ts'],
          exclude: [long, ...excluded],
          globalSetup: ['test/support/postgres-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          isolate: false,
          include: [long],
          exclude: ['test/node_modules/**', ...excluded],
          globalSetup: ['test/support/postgres-setup.ts'],
        },
      },
    ],
  },
});
