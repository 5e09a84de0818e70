import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { formatMatrix } from './compatibility/matrix.ts';
import { compatibilitySuite } from './compatibility/suite.ts';

compatibilitySuite();

it('is what docs/compatibility.md says: npm run docs writes it', async () => {
  const path = new URL('../../docs/compatibility.md', import.meta.url).pathname;
  const expected = await format(formatMatrix(), { ...(await resolveConfig(path)), parser: 'markdown' });
  expect(readFileSync(path, 'utf8')).toBe(expected);
});
