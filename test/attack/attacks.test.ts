/** Tests the attacks with small counts: `npm run attack` itself takes too long for the suite. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { attacks } from './attacks.ts';

it('all attacks together take twenty minutes at most', () => {
  expect(attacks.reduce((sum, { minutes }) => sum + minutes, 0)).toBeLessThanOrEqual(20);
});

it('every attack has a promise in docs/reliability.md', () => {
  const page = readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8');
  expect(attacks.map(({ name }) => name).filter((name) => !page.includes(`attack ${name}`))).toEqual([]);
});
