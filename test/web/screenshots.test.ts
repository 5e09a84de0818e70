/** The pictures in the documentation: all of them are there, and none that nobody takes. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium, themes, widths } from '../support/chromium.ts';
import { palettePng } from './screenshots/palette-png.ts';
import { pictures, scenarios } from './screenshots/scenarios.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = `${root}docs/screenshots`;
const kept = readdirSync(folder).sort();
const sizeOf = (png: Buffer) => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) });

describe('the pictures in the documentation', () => {
  it('are of each scenario at each width in each theme, and no others', () => {
    expect(pictures).toHaveLength(scenarios.length * Object.keys(widths).length * themes.length);
    expect(kept).toEqual(pictures.map(({ file }) => file).sort());
  });

  it('are as wide as they are named, and small together', () => {
    const files = pictures.map(({ file, width }) => ({ width, bytes: readFileSync(`${folder}/${file}`) }));
    expect(files.map(({ bytes }) => sizeOf(bytes).width)).toEqual(files.map(({ width }) => widths[width]));
    expect(files.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(3_000_000);
  });

  it('are there where a page shows one, and say in words what they show', () => {
    const pages = [
      'README.md',
      ...readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.md'))
        .map((name) => `docs/${name}`),
    ];
    const shown = pages.flatMap((page) =>
      [...readFileSync(root + page, 'utf8').matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(
        ([, words = '', path = '']) => ({
          words,
          file: fileURLToPath(new URL(path, `file://${root}${page}`)),
        }),
      ),
    );
    expect(shown.length).toBeGreaterThan(3);
    expect(shown.filter(({ words }) => words.length < 20)).toEqual([]);
    expect(
      shown.map(({ file }) => file).filter((file) => !kept.includes(file.slice(folder.length + 1))),
    ).toEqual([]);
  });
});

describe.skipIf(!hasChromium)('a picture of few colours', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('is the same to the last pixel, and smaller', async () => {
    const page = await browser.newPage({ viewport: { width: 301, height: 97 } });
    // Shapes without soft edges, and a run of 128 greys: every filter of PNG has its use.
    await page.setContent(
      `<body style="margin:0;background:#123456">${Array.from({ length: 128 }, (_, i) => `<i style="position:absolute;left:${i * 2}px;top:${i % 50}px;width:9px;height:40px;background:rgb(${i},${i},${i})"></i>`).join('')}`,
    );
    const taken = await page.screenshot();
    const small = palettePng(taken);
    expect(small.length).toBeLessThan(taken.length);
    const pixels = async (png: Buffer) =>
      page.evaluate<string>(`fetch('data:image/png;base64,${png.toString('base64')}').then((answer) => answer.blob())
        .then(createImageBitmap).then((bitmap) => {
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
          context.drawImage(bitmap, 0, 0);
          return bitmap.width + ' ' + context.getImageData(0, 0, bitmap.width, bitmap.height).data.join();
        })`);
    const before = await pixels(taken);
    expect(before.startsWith('301 0,0,0,255,')).toBe(true);
    expect((await pixels(small)) === before).toBe(true);
  });
});
