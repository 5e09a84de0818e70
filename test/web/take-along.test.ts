/** Takes tables along in a browser: as files, to the clipboard and by a command. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violations } from '../support/accessibility.ts';
import { hasChromium } from '../support/chromium.ts';
import { parseCsv } from '../support/csv.ts';
import { aPerson, between } from '../support/page-server.ts';
import { usePageServer } from '../support/use-page-server.ts';
import { anSmsRow, aPstnRow } from '../support/phone-rows.ts';
import { aRecord, aSession, participants } from '../support/records.ts';

const count = 300;
const formula = '=HYPERLINK("http://x")';

describe.skipIf(!hasChromium)('taking a table along', () => {
  const people = Array.from({ length: count }, (_, i) =>
    aPerson(`p${i}`, i === 0 ? formula : `Person\t${i}`),
  );
  const sessions = people.map(({ id }) => aSession(`s${id}`, id, undefined, between('10:00:00', '11:00:00')));
  const { server, visitor } = usePageServer([
    aRecord('all-hands', { ...between('10:00:00', '11:00:00'), participants_v2: people, sessions }),
    ...participants(60).map(({ id }) => anSmsRow(id, {})),
    aPstnRow('guarded', { userDisplayName: formula }),
  ]);

  const clipboard = (page: Page) =>
    page.evaluate<{ plain: string; html: string }>(`(async () => {
      const [item] = await navigator.clipboard.read();
      const textOf = async (type) => (await item.getType(type)).text();
      return { plain: await textOf('text/plain'), html: await textOf('text/html') };
    })()`);
  const open = async (path: string) => {
    const visit = await visitor({ timezone: 'Europe/Berlin' });
    await visit.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await visit.page.goto(path);
    return visit;
  };
  const cellsOf = (plain: string) => plain.split('\n').map((line) => line.split('\t'));

  it('copies all rows of a roll that are selected, not only those in the document', async () => {
    await using visit = await open('/calls/all-hands');
    const { page } = visit;
    await page.getByText('300 people', { exact: true }).waitFor();
    await page.locator('.rows-box').focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+C');
    const { plain, html } = await clipboard(page);
    const [head, ...rows] = cellsOf(plain);
    expect(head).toContain('Name');
    expect(rows).toHaveLength(count);
    expect(new Set(rows.map((cells) => cells.length))).toEqual(new Set([head?.length]));
    expect(rows[0]?.[0]).toBe(`'${formula}`);
    expect(rows[299]?.[0]).toBe('Person 299');
    expect(html.match(/<tr>/g)).toHaveLength(count + 1);

    // From the second row to the fourth, by the pointer.
    const row = (index: number) => page.locator(`[data-row="${index}"] .joined`);
    await row(6).click(); // a press within a selection would drag it
    await row(1).hover();
    await page.mouse.down();
    await row(3).hover();
    await page.mouse.up();
    await page.keyboard.press('Control+C');
    const some = cellsOf((await clipboard(page)).plain);
    expect(some.slice(1).map(([name]) => name)).toEqual(['Person 1', 'Person 2', 'Person 3']);
  });

  it('saves a roll as a spreadsheet and as JSON, and copies what is found in it', async () => {
    await using visit = await open('/calls/all-hands');
    const { page } = visit;
    await page.getByText('300 people', { exact: true }).waitFor();
    const save = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name }).click(),
      ]);
      return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
    };
    const csv = await save('Download CSV');
    expect(csv.name).toBe('roll-2026-03-02-all-hands.csv');
    expect(parseCsv(csv.text, ',')).toHaveLength(count + 1);
    const json = await save('Download JSON');
    expect(json.name).toBe('roll-2026-03-02-all-hands.json');
    expect((JSON.parse(json.text) as { people: unknown[] }).people).toHaveLength(count);
    await page.getByRole('searchbox').fill('299');
    await page.getByRole('button', { name: 'Copy table' }).click();
    await page.getByText('1 row copied.').waitFor();
    const [head = [], row = []] = cellsOf((await clipboard(page)).plain);
    const cell = (name: string) => row[head.indexOf(name)];
    expect(cell('Name')).toBe('Person 299');
    expect(cell('Joined (Europe/Berlin)')).toBe('2026-03-02 11:00:00');
    expect(cell('Present (h:mm:ss)')).toBe('1:00:00');
    expect(await violations(page)).toEqual([]);
  });

  it('leaves a selection within a row, or elsewhere, to the browser', async () => {
    await using visit = await open('/calls/all-hands');
    const { page } = visit;
    await page.getByText('300 people', { exact: true }).waitFor();
    for (const [selector, text] of [
      ['[data-row="2"] .name b', 'Person 2'],
      ['h1 bdi', 'Unknown'],
    ] as const) {
      await page.evaluate(`getSelection().selectAllChildren(document.querySelector('${selector}'))`);
      await page.keyboard.press('Control+C');
      expect((await clipboard(page)).plain.replace(/\s+/g, ' ').trim()).toBe(text);
    }
  });

  it('copies phone calls with a column for each fact', async () => {
    await using visit = await open('/phone-calls');
    const { page } = visit;
    await page.getByRole('button', { name: 'Copy table' }).click();
    await page.getByText('1 row copied.').waitFor();
    const { plain, html } = await clipboard(page);
    const [head = [], row = []] = cellsOf(plain);
    const cell = (name: string) => row[head.indexOf(name)];
    expect(cell('Person')).toBe(`'${formula}`);
    expect(cell('From number')).toMatch(/^'\+\d+$/);
    expect(cell('Start (Europe/Berlin)')).toMatch(/^2026-03-02 \d\d:\d\d:\d\d$/);
    expect(html).toContain('<td>&#39;'.replace('&#39;', "'"));
    expect(await violations(page)).toEqual([]);
  });

  it('saves every row found as CSV and as JSON, not only those shown', async () => {
    await using visit = await open('/phone-calls?log=sms');
    const { page } = visit;
    await page.getByText('50 of 60 rows.').waitFor();
    const save = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name }).click(),
      ]);
      return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
    };
    const csv = await save('Download CSV');
    expect(csv.name).toBe('phone-calls-sms.csv');
    expect(csv.text.startsWith('\uFEFF')).toBe(true);
    expect(parseCsv(csv.text, ',')).toHaveLength(61);
    const json = await save('Download JSON');
    expect(json.name).toBe('phone-calls-sms.json');
    const { value } = JSON.parse(json.text) as { value: { id: string }[] };
    expect(new Set(value.map(({ id }) => id)).size).toBe(60);
  });

  it('saves every call found, in the displayed zone, and says in print that there are more than shown', async () => {
    await server().import(
      participants(60).map(({ id }) =>
        aRecord(`call-${id}`, { ...between('12:00:00', '12:30:00'), organizer_v2: aPerson('zoe', formula) }),
      ),
    );
    await using visit = await open('/calls?organizer=zoe');
    const { page } = visit;
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('calls.csv');
    const text = await readFile(await download.path(), 'utf8');
    expect(text.startsWith('\uFEFF')).toBe(true);
    const [head = [], ...rows] = parseCsv(text.slice(1), ',');
    expect(rows).toHaveLength(60);
    const cell = (name: string) => rows[0]?.[head.indexOf(name)];
    expect(cell('Organizer')).toBe(`'${formula}`);
    expect([cell('Who'), cell('External people')]).toEqual([`'${formula}`, '0']);
    expect(cell('Start (Europe/Berlin)')).toBe('2026-03-02 13:00:00');
    expect(cell('Length (h:mm:ss)')).toBe('0:30:00');
    await page.getByRole('button', { name: 'Copy table' }).click();
    await page.getByText('50 rows copied.').waitFor();
    expect(cellsOf((await clipboard(page)).plain)).toHaveLength(51);
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ media: 'print' });
    await page.getByText('The first 50 rows found; there are more.').waitFor();
  });

  it('shows a refusal, and saves no file of it', async () => {
    await using visit = await open('/phone-calls?log=sms');
    const { page } = visit;
    await page.getByText('50 of 60 rows.').waitFor();
    await page.route('**/rollcall/logs/sms?format=csv', (route) =>
      route.fulfill({ status: 503, json: { error: { code: 'x', message: 'The store is not ready.' } } }),
    );
    let isSaved = false;
    page.on('download', () => (isSaved = true));
    await page.getByRole('link', { name: 'Download CSV' }).click();
    await page.getByRole('alert').getByText('The store is not ready.').waitFor();
    expect(isSaved).toBe(false);
  });

  it('shows the command for the search', async () => {
    await using visit = await open('/phone-calls?log=sms&person=anna');
    const { page } = visit;
    await page.getByText('The same by a command').click();
    const command = await page.getByLabel('Command', { exact: true }).innerText();
    expect(command).toContain(`'${server().url}/rollcall/logs/sms?person=anna'`);
    await page.getByRole('button', { name: 'PowerShell' }).click();
    expect(await page.getByLabel('Command', { exact: true }).innerText()).toContain('Invoke-WebRequest');
    expect(await violations(page)).toEqual([]);
  });
});
