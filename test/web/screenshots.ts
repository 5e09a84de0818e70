/**
 * Takes the pictures in `docs/screenshots`, of a real `dev` in a real Chromium. What they show is generated and their
 * clock stands, so that a picture changes with the page alone, and with the fonts of the machine: names are of many scripts,
 * for which Debian has fonts-noto-cjk and fonts-noto-color-emoji.
 */
import { fileURLToPath } from 'node:url';
import { callIdOf } from '../../src/emulator/generate/call-plan.ts';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { launchChromium, type Theme } from '../support/chromium.ts';
import { visitor } from '../support/page-server.ts';
import { type DevProcess, startDevProcess } from '../support/emulator.ts';

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const now = '2026-11-02T12:00:00Z';
/** Lists go on for ever; a picture of the page does not. */
const tallestPx = 1300;
/** A call whose list of participants was cut short, added to the generated ones. */
const cutCallId = 'b2f1c6de-3a0e-4c55-9d47-0f6e5b8a7c21';
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
  {
    file: 'media-1440-light.png',
    theme: 'light',
    path: `${call(110)}?view=media`,
    shows: '.streams .beyond',
  },
  { file: 'completeness-1440-light.png', theme: 'light', path: `/calls/${cutCallId}`, shows: '.incomplete' },
];

const dev = await startDevProcess(
  ...['--store', 'memory:', '--calls', '240', '--participants', 'reconciled'],
  ...['--clock-standing', '--clock-start', now],
);
try {
  await addIncompleteCall(dev);
  const browser = await launchChromium();
  try {
    for (const { file, theme, path, shows } of pictures) {
      await using visit = await visitor(browser, dev, { width: 'wide', theme });
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
    await browser.close();
  }
} finally {
  await dev.stop();
}

async function addIncompleteCall({ ask }: DevProcess): Promise<void> {
  const options = { ...defaultGenerateOptions, seed: 5, calls: 1, largest: 9, until: new Date(now) };
  const record = JSON.parse([...generateLines(options)].at(-1)!) as Record<string, unknown>; // there is one call
  const cut = {
    ...record,
    id: cutCallId,
    'sessions@odata.nextLink': 'https://graph.microsoft.com/v1.0/next',
  };
  const answer = await ask('POST', 'callRecords?omitParticipants=2', cut);
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`);
}
