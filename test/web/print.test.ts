/** Prints pages in a browser: all rows are in the document that is printed, and what only a screen needs is not. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { aPerson, between } from '../support/page-server.ts';
import { usePageServer } from '../support/use-page-server.ts';
import { aRecord, aSession, participants } from '../support/records.ts';
import { aPstnRow } from '../support/phone-rows.ts';

const count = 300;
/** Texts of the page that are visible, and the names in its rows. */
const printed = `(() => {
  const isVisible = (element) => element.checkVisibility({ visibilityProperty: true });
  const visible = (selector) => [...document.querySelectorAll(selector)].filter(isVisible);
  const scrolls = visible('main *').filter((one) =>
    /auto|scroll/.test(getComputedStyle(one).overflowY + getComputedStyle(one).overflowX) &&
    (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1));
  return {
    rows: visible('[data-row]').length,
    controls: visible('nav, input, select, [role=tab], button').filter((one) => !one.closest('th, td, [role=cell], [role=columnheader]')).length,
    scrolls: scrolls.length,
    ink: getComputedStyle(document.querySelector('h1')).color,
    paper: getComputedStyle(document.body).backgroundColor,
    text: document.querySelector('main').innerText,
  };
})()`;

interface Printed {
  readonly rows: number;
  readonly controls: number;
  readonly scrolls: number;
  readonly ink: string;
  readonly paper: string;
  readonly text: string;
}

const blackOnWhite = { controls: 0, scrolls: 0, ink: 'rgb(0, 0, 0)', paper: 'rgb(255, 255, 255)' };

describe.skipIf(!hasChromium)('print', () => {
  const people = Array.from({ length: count }, (_, i) => aPerson(`p${i}`, `Person ${i}`));
  const sessions = people.map(({ id }) => aSession(`s${id}`, id, undefined, between('10:00:00', '11:00:00')));
  const { server, visitor } = usePageServer([
    aRecord('all-hands', { ...between('10:00:00', '11:00:00'), participants_v2: people, sessions }),
    ...participants(60).map(({ id }) => aPstnRow(id, { userDisplayName: 'Anna Weber' })),
  ]);

  const emulated = async (page: Page, rows: number): Promise<Printed> => {
    await page.emulateMedia({ media: 'print' });
    await page.locator('.print-head').waitFor();
    // The rows are drawn after the head.
    if (rows > 0) await page.waitForFunction(`document.querySelectorAll('[data-row]').length === ${rows}`);
    const seen = await page.evaluate<Printed>(printed);
    await page.emulateMedia({ media: null });
    return seen;
  };
  const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;

  it('has each of 300 names, from a dark and narrow screen too', async () => {
    await using visit = await visitor({ width: 'narrow', theme: 'dark' });
    const { page, troubles } = visit;
    const script = await page.addInitScript(`addEventListener('afterprint', () => {
      window.printedRows = document.querySelectorAll('[data-row]').length;
    })`);
    await page.goto('/calls/all-hands');
    await page.getByText('300 people', { exact: true }).waitFor();
    expect(await page.locator('[data-row]').count()).toBeLessThan(count);

    const seen = await emulated(page, count);
    expect(seen).toMatchObject({ ...blackOnWhite, rows: count });
    const names = new Set(seen.text.match(/\bPerson \d+\b/g));
    expect(names).toEqual(new Set(Array.from({ length: count }, (_, i) => `Person ${i}`)));
    for (const text of [
      `${server().url}/calls/all-hands`,
      'Times are in UTC',
      'Not verified',
      '300 people',
      'Joined',
    ])
      expect(seen.text.includes(text), text).toBe(true);

    // A PDF of 300 rows has several pages, and the print events render the rows in time.
    const pages = pagesOf(await page.pdf());
    expect(pages).toBeGreaterThan(3);
    expect(pages).toBeLessThan(12);
    expect(await page.evaluate('window.printedRows')).toBe(count);
    await page.getByText('300 people', { exact: true }).waitFor();
    await page.waitForFunction(`document.querySelectorAll('[data-row]').length < ${count}`);
    await script.dispose();
    expect(troubles).toEqual([]);
  });

  it('has the rows that the roll was filtered to, and says of how many', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/calls/all-hands');
    await page.getByRole('searchbox').fill('person 29');
    await page.getByText('13 of 300 people').waitFor();
    const { rows, text } = await emulated(page, 13);
    expect(rows).toBe(13);
    expect(text).toContain('13 of 300 people');
  });

  it.each([
    ['/calls/all-hands?view=timeline', 'Person 299', count],
    ['/calls/all-hands?view=media', 'Person 299', count],
    ['/calls/all-hands?view=versions', 'Version 1', 0],
    ['/phone-calls', 'By country of the other party', 0],
    ['/calls', 'Group call', 0],
    ['/statistics', '', 0],
    ['/status', '', 0],
  ])('has no control, no scroll box and no theme: %s', async (path, text, rows) => {
    await using visit = await visitor({ theme: 'dark' });
    const { page } = visit;
    await page.goto(path);
    await page.waitForLoadState('networkidle');
    const seen = await emulated(page, rows);
    expect(seen).toMatchObject({ ...blackOnWhite, rows });
    expect(seen.text).toContain(text);
  });
});
