import { defineConfig } from 'vitest/config';

/** Holds every answer of the API that a test fetches against the OpenAPI document. */
const validated = ['test/support/validated-fetch.ts'];

export default defineConfig({
  test: {
    env: {
      // Many servers on few cores: those of a test are one process unless it says otherwise.
      ROLLCALL_WORKERS: '1',
      // A command starts in a third of the processor time when it finds its modules compiled.
      NODE_COMPILE_CACHE: new URL('node_modules/.cache/rollcall-tests', import.meta.url).pathname,
    },
    // One less by default; the tests that take longest wait for processes of their own.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        // Pure functions beside their tests: nothing to isolate.
        extends: true,
        test: { name: 'unit', include: ['src/**/*.test.ts'], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'rollcall',
          setupFiles: validated,
          include: ['test/**/*.test.ts'],
          exclude: ['test/postgres/**', 'test/samples/**', 'test/package/**'],
        },
      },
      {
        // Apart, so that a server is started only when one of these is run.
        extends: true,
        test: {
          name: 'postgres',
          setupFiles: validated,
          include: ['test/postgres/**/*.test.ts', 'test/samples/**/*.test.ts'],
          globalSetup: ['test/support/postgres-setup.ts'],
        },
      },
    ],
  },
});
