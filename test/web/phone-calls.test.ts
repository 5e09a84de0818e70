/** Phone calls in a browser: from a question to the failed calls, their codes, their calls and a spreadsheet. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { usePageServer } from '../support/use-page-server.ts';
import { hasChromium } from '../support/chromium.ts';
import { parseCsv } from '../support/csv.ts';
import { aDirectRoutingRow, anSmsRow, aPstnRow } from '../support/phone-rows.ts';
import { aParticipant, aRecord, participants } from '../support/records.ts';

const anna = aParticipant('anna', { identity: { user: { id: 'anna', displayName: 'Anna Weber' } } });
const caller = aParticipant('+49301234567', {
  identity: { phone: { id: '+49301234567', displayName: null } },
});
const failed = { successfulCall: false, duration: 0, endDateTime: null };

describe.skipIf(!hasChromium)('phone calls', () => {
  const { visitor } = usePageServer([
    aRecord('routed', { startDateTime: '2026-03-02T09:00:01Z', participants_v2: [anna, caller] }),
    aRecord('planned', { startDateTime: '2026-03-02T08:00:30Z', participants_v2: [anna, caller] }),
    aDirectRoutingRow('exact', { correlationId: 'routed' }),
    aDirectRoutingRow('refused', {
      ...failed,
      startDateTime: '2026-03-03T11:00:00Z',
      callType: 'ByotOut',
      finalSipCode: 403,
      finalSipCodePhrase: 'Forbidden',
      callEndSubReason: 510560,
    }),
    aDirectRoutingRow('odd', {
      ...failed,
      startDateTime: '2026-02-20T12:00:00Z',
      finalSipCode: 699,
      finalSipCodePhrase: null,
      callEndSubReason: 7,
      userId: 'berta',
      userDisplayName: 'Berta Braun',
      userPrincipalName: null,
    }),
    aPstnRow('likely', {}),
    aPstnRow('missed', { duration: 0, callerNumber: '+49309999999', charge: 0, currency: 'USD' }),
    ...participants(60).map(({ id }) => anSmsRow(id, {})),
  ]);

  const rows = (page: Page) => page.locator('.phone-rows tbody tr');
  const open = async (page: Page, path: string) => {
    await page.goto(path);
    await page.locator('.more, .state-empty, .notice').first().waitFor();
  };

  it('leads from the head of the page to the failed calls with their codes, by keys alone', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    await page.goto('/');
    await page.getByRole('link', { name: 'Phone calls' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('2 of 2 rows.').waitFor();
    await page.getByLabel('Log', { exact: true }).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByText('3 of 3 rows.').waitFor();
    await page.getByLabel('Result').focus();
    await page.keyboard.press('ArrowDown');
    await page.getByText('2 of 2 rows.').waitFor();
    await page.getByLabel('From', { exact: true }).fill('2026-03-01');
    await page.getByText('1 of 1 row.').waitFor();
    expect(new URL(page.url()).search).toBe('?log=directRouting&from=2026-03-01&state=failed&tz=UTC');
    expect(await rows(page).innerText()).toMatch(
      /Anna Weber[^]*Failed[^]*SIP 403 Forbidden[^]*refuses it\.[^]*Microsoft 510560 The user is not enabled for Enterprise Voice\.[^]*None found/,
    );
    await page.getByLabel('Log', { exact: true }).selectOption('pstn');
    await page.getByText('2 of 2 rows.').waitFor();
    expect(new URL(page.url()).search).toBe('?log=pstn&from=2026-03-01&tz=UTC');
    await page.getByRole('link', { name: 'Download CSV' }).focus();
    await page.keyboard.press('/');
    await page.keyboard.type('nobody');
    await page.getByText('No row of this log matches').waitFor();
    expect(troubles).toEqual([]);
  });

  it('shows codes without a documented meaning as numbers', async () => {
    await using visit = await visitor();
    await open(visit.page, '/phone-calls?log=directRouting&person=berta');
    expect(await rows(visit.page).locator('.result').innerText()).toMatch(
      /Failed\s*Missed\s*SIP 699\s*Microsoft 7$/,
    );
  });

  it('leads to the call of a row, and says how certain it is', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await open(page, '/phone-calls');
    const likely = rows(page).filter({ hasText: 'Likely' });
    const link = likely.getByRole('link', { name: 'Likely call' });
    expect(await link.getAttribute('href')).toBe('/calls/planned');
    const number = likely.getByRole('link', { name: '+49301234567' });
    expect(await number.getAttribute('href')).toBe('/numbers/%2B49301234567');
    const person = likely.getByRole('link', { name: 'Anna Weber' });
    expect(await person.getAttribute('href')).toBe('/people/anna');
    expect(await page.locator('.legend').innerText()).toContain('it may be another call');
    await open(page, '/phone-calls?log=directRouting&number=1234567&person=anna');
    const exact = rows(page).filter({ hasText: 'Exact' });
    await exact.getByRole('link', { name: 'Call', exact: true }).click();
    await page.getByRole('row', { name: /\+49301234567/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/calls/routed');
    await page.goBack();
    await exact.waitFor();
  });

  it('adds up by person, each currency for itself, and finds missed calls without a record', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await open(page, '/phone-calls');
    expect(await page.locator('.tiles').innerText()).toMatch(/0\.022 EUR[^]*0\.008 USD/);
    await page.getByText('By person').click();
    await page.locator('details').getByRole('link', { name: 'Anna Weber' }).click();
    await page.waitForURL('**/phone-calls?person=anna');
    await page.getByLabel('Result').selectOption('Missed, without a call record');
    await page.getByText('1 of 1 row.').waitFor();
    expect(await rows(page).innerText()).toContain('+49309999999');
  });

  it('shows a wrong value of a link beside its field, and no other result', async () => {
    await using visit = await visitor();
    const { page } = visit;
    for (const [query, label, text] of [
      ['from=2026-13-40', 'From', 'not a day of the calendar'],
      ['to=2026-02-30', 'To', 'not a day of the calendar'],
      ['log=fax', 'Log', 'is not a choice'],
      ['sipCode=480', 'SIP code', "no values for 'sipCode'"],
      ['state=failed', 'Result', 'must be one of missed, missedWithoutRecord'],
      ['log=directRouting&sipCode=4o4', 'SIP code', 'a SIP code from 0 to 699'],
      ['number=anna', 'Phone number, any part', 'with digits in it'],
      ['person=anna&person=berta', 'Person: name, UPN or id', 'It is there 2 times'],
      ['range=lastWeek', 'When', '“lastWeek” is not a choice'],
      ['range=last-week&from=2026-03-01', 'When', 'a range and days'],
    ] as const) {
      await page.goto(`/phone-calls?${query}`);
      const error = page
        .locator('.field', { has: page.getByLabel(label, { exact: true }) })
        .locator('.field-error');
      await error.waitFor();
      expect([query, await error.innerText()]).toEqual([query, expect.stringContaining(text)]);
      const described = await page.getByLabel(label, { exact: true }).getAttribute('aria-describedby');
      expect(await page.locator(`#${described}`).innerText()).toContain(text);
      expect(await rows(page).count()).toBe(0);
    }
  });

  it('shows a parameter that does not exist, and no other result', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/phone-calls?foo=1');
    await page.getByRole('alert').getByText('foo: There is no such parameter.').waitFor();
    expect(await rows(page).count()).toBe(0);
  });

  it('keeps the rows that were loaded for Back', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await open(page, '/phone-calls?log=sms');
    await page.getByRole('button', { name: 'Show earlier rows' }).click();
    await page.getByText('60 of 60 rows.').waitFor();
    await page.getByRole('link', { name: 'Status', exact: true }).click();
    await page.waitForURL('**/status');
    await page.goBack();
    await page.getByText('60 of 60 rows.').waitFor();
  });

  it('shows earlier rows, and downloads what is asked for as a spreadsheet', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await open(page, '/phone-calls?log=sms');
    await page.getByText('50 of 60 rows.').waitFor();
    await page.getByRole('button', { name: 'Show earlier rows' }).click();
    await page.getByText('60 of 60 rows.').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('phone-calls-sms.csv');
    const lines = parseCsv(await readFile(await download.path(), 'utf8'), ',');
    expect(lines).toHaveLength(61);
    expect(lines[1]).toContain('Anna Weber');
  });
});
