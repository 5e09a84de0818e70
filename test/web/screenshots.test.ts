/** The pictures in the documentation: those that are shown are there, and `npm run screenshots` takes each. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { widths } from '../support/chromium.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = `${root}docs/screenshots/`;
const kept = readdirSync(folder).sort();
const pages = [
  'README.md',
  ...readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const shown = pages.flatMap((page) =>
  [...readFileSync(root + page, 'utf8').matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(
    ([, words = '', path = '']) => ({ words, file: fileURLToPath(new URL(path, `file://${root}${page}`)) }),
  ),
);

describe('the pictures in the documentation', () => {
  it('are those that a page shows, and say in words what they show', () => {
    expect([...new Set(shown.map(({ file }) => file))].sort()).toEqual(kept.map((name) => folder + name));
    expect(shown.filter(({ words }) => words.length < 20)).toEqual([]);
  });

  it('are those that npm run screenshots takes, as wide as they are named', () => {
    const script = readFileSync(`${root}test/web/screenshots.ts`, 'utf8');
    expect([...script.matchAll(/file: '(.+?)'/g)].map(([, file]) => file!).sort()).toEqual(kept);
    // Bytes 16 to 19 of a PNG.
    for (const name of kept) {
      const width = readFileSync(folder + name).readUInt32BE(16);
      expect([name, width]).toEqual([expect.stringContaining(`-${width}-`), widths.wide]);
    }
  });
});
