/**
 * Takes the pictures in `docs/screenshots`, of a real `dev` in a real Chromium. Calls are generated and the clock stands,
 * so a picture changes only with the page, with the time of the verification, and with the fonts of the machine. Names have
 * many scripts: Debian needs fonts-noto-cjk and fonts-noto-color-emoji. `pngquant` then makes the files a third as large.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { callIdOf } from '../../src/emulator/generate/call-plan.ts';
import { defaultGenerateOptions } from '../../src/emulator/generate/generate.ts';
import { closeChromium, type Theme } from '../support/chromium.ts';
import { visitor } from '../support/page-server.ts';
import { startDev } from '../support/emulator.ts';
import { rollcall } from '../support/rollcall.ts';

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const now = '2026-11-02T12:00:00Z';
/** Lists go on for ever; a picture of the page does not. */
const tallestPx = 1300;
/** Generated calls, picked for what they show. */
const call = (number: number) => `/calls/${callIdOf(defaultGenerateOptions, number)}`;

interface Picture {
  readonly file: string;
  readonly theme: Theme;
  readonly path: string;
  /** What is there when all of it is. */
  readonly shows: string;
}

const pictures: readonly Picture[] = [
  {
    file: 'roll-1440-light.png',
    theme: 'light',
    path: call(9),
    shows: '.roll .rows-row .badge, .roll .rows-row .name',
  },
  {
    file: 'timeline-many-1440-dark.png',
    theme: 'dark',
    path: `${call(0)}?view=timeline`,
    shows: '.tracks .bar',
  },
];

const storeFolder = mkdtempSync(join(tmpdir(), 'rollcall-screenshots-'));
const store = `sqlite:${join(storeFolder, 'store.db')}`;
const dev = await startDev(
  ...['--store', store, '--calls', '240', '--participants', 'reconciled'],
  ...['--clock-standing', '--clock-start', now],
);
try {
  await rollcall(['verify', '--quiet', '--store', store]);
  for (const { file, theme, path, shows } of pictures) {
    await using visit = await visitor(dev, { theme, isOwn: true });
    const { page, troubles } = visit;
    await page.clock.setFixedTime(now);
    await page.goto(path);
    await page.locator(shows).first().waitFor();
    await page.waitForLoadState('networkidle');
    const { width, height } = page.viewportSize()!; // every visit has one
    const whole = await page.evaluate<number>('document.documentElement.scrollHeight');
    await page.screenshot({
      path: `${folder}${file}`,
      clip: { x: 0, y: 0, width, height: Math.min(Math.max(whole, height), tallestPx) },
      fullPage: true,
      animations: 'disabled',
      caret: 'hide',
    });
    if (troubles.length > 0) throw new Error(`${file}: ${troubles.join('; ')}`);
  }
} finally {
  await closeChromium();
  await dev.stop();
  rmSync(storeFolder, { recursive: true });
}
