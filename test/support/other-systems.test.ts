/** Tests that macOS and Windows skip what they cannot run, by name, and that Linux skips nothing. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { testsOfOtherSystems } from './other-systems.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('skips nothing on Linux', () => {
  expect(testsOfOtherSystems(root, 'linux')).toEqual([]);
});

it('skips on macOS what reads /proc or listens on 127.0.0.2, and little else', () => {
  const skipped = testsOfOtherSystems(root, 'darwin');
  expect(skipped).toContainEqual({
    file: 'test/e2e/stopping.test.ts',
    why: 'reads /proc, which only Linux has',
  });
  expect(skipped.length).toBeLessThan(40);
});

it('skips on Windows what needs signals, modes, a shell or PostgreSQL, and runs the tests beside the code', () => {
  const skipped = new Map(testsOfOtherSystems(root, 'win32').map(({ file, why }) => [file, why]));
  expect(skipped.get('test/postgres/busy-hosts.test.ts')).toContain('PostgreSQL');
  expect(skipped.get('test/cli/signals.test.ts')).toContain('signals');
  expect(skipped.get('test/cli/file-modes.test.ts')).toBeDefined();
  const besideCode = [...skipped.keys()].filter((file) => file.startsWith('src/'));
  expect(besideCode.length).toBeLessThan(10);
});
