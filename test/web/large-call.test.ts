/** A call with 20,000 participants: all are there, and the document stays small. */
import { describe, expect, it } from 'vitest';
import { violations } from '../support/accessibility.ts';
import { hasChromium } from '../support/chromium.ts';
import { aPerson, between } from '../support/page-server.ts';
import { usePageServer } from '../support/use-page-server.ts';
import { aRecord, aSession } from '../support/records.ts';

const count = 20_000;
const rowHeightPx = 34;
/** Rows in sight, some beyond on either side, and room for another window. */
const mostRows = 80;
const minuteOf = (i: number) => String(i % 60).padStart(2, '0');

describe.skipIf(!hasChromium)('a call with 20,000 participants', () => {
  const people = Array.from({ length: count }, (_, i) => aPerson(`p${i}`, `Person ${i}`));
  const sessions = people.map(({ id }, i) =>
    aSession(`s${i}`, id, undefined, between(`10:${minuteOf(i)}:00`, '11:00:00')),
  );
  const { visitor } = usePageServer([
    aRecord('town-hall', { ...between('10:00:00', '11:00:00'), participants_v2: people, sessions }),
  ]);

  it('scrolls from the first to the last with few rows in the document', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    await page.goto('/calls/town-hall');
    await page.getByText('20,000 people', { exact: true }).waitFor();
    const rows = page.locator('.roll [data-row]');
    expect(await rows.first().innerText()).toMatch(/Person 0[^]*10:00:00[^]*11:00:00/);
    const seen: number[] = [];
    for (const part of [0.25, 0.5, 0.75, 1]) {
      const row = Math.min(Math.round(part * count), count - 1);
      await page.evaluate(
        `document.querySelector('.roll .rows-box').scrollTo(0, ${part * count * rowHeightPx})`,
      );
      await page.locator(`[data-row="${row}"]`).waitFor();
      seen.push(await rows.count());
    }
    expect(Math.max(...seen)).toBeLessThan(mostRows);
    expect(await rows.last().innerText()).toContain('Person 19999');
    expect(await page.getByRole('table', { name: 'Roll' }).getAttribute('aria-rowcount')).toBe('20001');

    await page.getByRole('searchbox').fill('person 12345');
    await page.getByText('1 of 20,000 people').waitFor();
    expect(await rows.count()).toBe(1);
    expect(troubles).toEqual([]);
  });

  it('shows three people without scrolling in a narrow window, and finds the last one by its link', async () => {
    await using visit = await visitor({ width: 'narrow' });
    const { page, troubles } = visit;
    await page.goto('/calls/town-hall');
    const third = (await page.locator('.roll [data-row="2"]').boundingBox())!;
    expect(third.y + third.height).toBeLessThanOrEqual(page.viewportSize()!.height);
    await page.goto(`/calls/town-hall?find=${count - 1}&sort=-name`);
    await page.getByText('1 of 20,000 people').waitFor();
    expect(await page.locator('.roll [data-row]').innerText()).toContain(`Person ${count - 1}`);
    expect(troubles).toEqual([]);
  });

  it('shows all participants at a glance, and who is where it is pointed at', async () => {
    await using visit = await visitor({ width: 'narrow' });
    const { page } = visit;
    await page.goto('/calls/town-hall?view=timeline');
    await page.getByText('20,000 people at once, from 10:59:00').waitFor();
    const overview = page.getByRole('slider', { name: /^Participants by when/ });
    const value = async () => [
      await overview.getAttribute('aria-valuenow'),
      await overview.getAttribute('aria-valuetext'),
    ];
    expect(await value()).toEqual(['0', 'No participant selected']);
    expect(await violations(page)).toEqual([]);
    const { width = 0, height = 0 } = (await overview.boundingBox()) ?? {};
    await overview.click({ position: { x: width / 2, y: height - 1 } });
    // By when they joined, those of the last minute come last.
    const name = await page.locator('.track-name.shown').innerText();
    expect(Number(name.replace('Person ', '')) % 60).toBe(59);
    for (const [key, row] of [
      ['Home', 0],
      ['PageDown', count / 20],
      ['ArrowDown', count / 20 + 1],
      ['ArrowUp', count / 20],
      ['PageUp', 0],
      ['End', count - 1],
    ] as const) {
      await overview.press(key);
      await page.locator(`[data-row="${row}"] .track-name.shown`).waitFor();
      expect(await value()).toEqual([String(row + 1), await page.locator('.track-name.shown').innerText()]);
    }
    expect(await page.locator('.tracks [data-row]').count()).toBeLessThan(mostRows);
    expect(await violations(page)).toEqual([]);
  });
});
