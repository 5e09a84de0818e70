import { defineConfig } from 'vitest/config';

/** The package as it is published: built, packed and installed, which needs the registry. Apart from `npm test`. */
export default defineConfig({
  test: { include: ['test/package/*.test.ts'], testTimeout: 120_000, hookTimeout: 300_000 },
});
