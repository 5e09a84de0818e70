import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pageNames, pageText, pathOf } from './pages.ts';

it.each(pageNames)('docs/%s is what the code says: npm run docs writes it', async (name) => {
  expect(readFileSync(pathOf(name), 'utf8')).toBe(await pageText(name));
});
