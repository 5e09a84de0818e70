import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['test/support/validated-fetch.ts'],
    // Many servers on few cores: those of a test are one process unless it says otherwise.
    env: { ROLLCALL_WORKERS: '1' },
    // One less by default; the tests that take longest wait for processes of their own.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'rollcall',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['test/postgres/**', 'test/samples/**', 'test/package/**'],
        },
      },
      {
        // Apart, so that a server is started only when one of these is run.
        extends: true,
        test: {
          name: 'postgres',
          include: ['test/postgres/**/*.test.ts', 'test/samples/**/*.test.ts'],
          globalSetup: ['test/support/postgres-setup.ts'],
        },
      },
    ],
  },
});
