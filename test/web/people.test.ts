/** A person's page and a number's page in a browser: sums, overlaps, missed calls, quality, links and odd input. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { aPerson } from '../support/page-server.ts';
import { usePageServer } from '../support/use-page-server.ts';
import { aDirectRoutingRow, aPstnRow } from '../support/phone-rows.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';

const daysAgo = (days: number, time: string) =>
  `${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)}T${time}Z`;
const between = (days: number, from: string, to: string) => ({
  startDateTime: daysAgo(days, from),
  endDateTime: daysAgo(days, to),
});
const audio = (id: string, times: object, jitter: string) => ({
  ...times,
  segments: [
    {
      id,
      ...times,
      media: [{ label: 'main-audio', streams: [{ packetUtilization: 5000, averageJitter: jitter }] }],
    },
  ],
});
const anna = aPerson('anna', 'Anna Weber');
const paul = aPerson('paul/ä', 'Paul Kern', '33333333-3333-4333-8333-333333333333');
const number = '+49301234567';
const phone = (id: string) => aParticipant(id, { identity: { phone: { id, displayName: null } } });
const morning = between(2, '09:00:00', '10:00:00');
const beside = between(2, '09:30:00', '10:30:00');
const ring = between(3, '12:00:00', '12:00:40');

const records = [
  aRecord('morning', {
    ...morning,
    participants_v2: [anna, paul, phone(number)],
    sessions: [
      aSession('a', 'anna', undefined, audio('a', morning, 'PT0.045S')),
      aSession('b', 'paul/ä', undefined, audio('b', morning, 'PT0.004S')),
      { ...aSession('c', undefined, undefined, morning), caller: { identity: { phone: { id: number } } } },
    ],
  }),
  aRecord('beside', {
    ...beside,
    participants_v2: [anna, paul],
    sessions: [aSession('b', 'paul/ä', 'anna', audio('b', beside, 'PT0.004S'))],
  }),
  aRecord('missed', {
    ...ring,
    type: 'peerToPeer',
    participants_v2: [paul, anna],
    sessions: [
      aSession('n', 'paul/ä', 'anna', {
        ...ring,
        failureInfo: { stage: 'callSetup', reason: 'Call was not answered.' },
      }),
    ],
  }),
  aRecord('masked', {
    ...between(4, '08:00:00', '08:10:00'),
    participants_v2: [anna, phone('+4930123****')],
  }),
  aRecord('old', {
    ...between(200, '08:00:00', '08:10:00'),
    participants_v2: [aPerson('berta', 'Berta Braun')],
  }),
  ...Array.from({ length: 60 }, (_, i) =>
    aRecord(`many-${i}`, {
      ...between(40, `10:${String(i).padStart(2, '0')}:00`, '11:30:00'),
      participants_v2: [aPerson('zoe', 'Zoë Ångström')],
    }),
  ),
  aPstnRow('missed', { startDateTime: daysAgo(3, '15:00:00'), duration: 0 }),
  aDirectRoutingRow('refused', {
    ...{
      startDateTime: daysAgo(3, '16:00:00'),
      callType: 'ByotOut',
      calleeNumber: number,
      callerNumber: '+1555',
    },
    ...{ successfulCall: false, duration: 0, finalSipCode: 403, finalSipCodePhrase: 'Forbidden' },
  }),
];

describe.skipIf(!hasChromium)("a person's and a number's page", () => {
  const { visitor } = usePageServer(records);

  const open = async (page: Page, path: string) => {
    await page.goto(path);
    await page.locator('.tiles, .state-empty, .state-failed').first().waitFor();
  };
  const tile = (page: Page, name: string) =>
    page.locator('.tiles > div', { has: page.locator('dt', { hasText: name }) }).locator('dd');

  it('answers how long, with whom and what was missed, with overlaps counted once', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    await open(page, '/people/ANNA');
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Anna Weber');
    expect(await tile(page, 'Time in calls').innerText()).toMatch(
      /^1 h 30 min\s*2 h 00 min with each call counted by itself\s*1 call without known times$/,
    );
    expect(await tile(page, 'Missed calls').innerText()).toMatch(
      /1 Not answered\s*0 Caller gave up\s*1 In the phone logs/,
    );
    expect(await tile(page, 'Poor media').innerText()).toBe('1 of 2');
    const together = page.getByRole('region', { name: 'With whom' }).getByRole('row', { name: /Paul Kern/ });
    expect(await together.innerText()).toMatch(/External[^]*3\s*1 h 30 min/);
    expect(await page.locator('.activity-calls tbody tr').count()).toBe(4);
    const missed = page.locator('.activity-calls tbody tr').filter({ hasText: 'Not connected' });
    expect(await missed.innerText()).toMatch(/Not answered[^]*Received/);
    expect(troubles).toEqual([]);
  });

  it('leads by keys from a person to another, to a call and back', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    await open(page, '/people/anna');
    await page.getByRole('region', { name: 'With whom' }).getByRole('link', { name: 'Paul Kern' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Paul Kern' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/people/paul%2F%C3%A4');
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Anna Weber' }).waitFor();
    await page.locator('.activity-calls a').first().click();
    await page.waitForURL('**/calls/beside');
    expect(troubles).toEqual([]);
  });

  it('shows the newest calls of a person who was in none recently, and keeps the span in the address', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await open(page, '/people/berta');
    await page.getByText('No calls in this span.').waitFor();
    await page.getByRole('link', { name: 'Show the 30 days before the newest call' }).click();
    await page.locator('.activity-calls').waitFor();
    expect(new URL(page.url()).search).toMatch(/^\?from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d$/);
    await page.getByRole('button', { name: 'All' }).click();
    await page.waitForURL('**/people/berta?days=all');
    expect(await page.locator('.activity-calls tbody tr').count()).toBe(1);
  });

  it('takes days of the calendar, and shows wrong ones beside their fields', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    await open(page, '/people/anna');
    const day = daysAgo(3, '').slice(0, 10);
    await page.getByLabel('From', { exact: true }).fill(day);
    await page.getByLabel('To', { exact: true }).fill(day);
    await page.waitForURL(`**/people/anna?from=${day}&to=${day}`);
    await page.locator('.activity-calls tbody tr').filter({ hasText: 'Not connected' }).waitFor();
    await page.getByText('1 call.', { exact: true }).waitFor();
    await page.getByLabel('To', { exact: true }).fill('2020-01-01');
    const error = page
      .locator('.field', { has: page.getByLabel('To', { exact: true }) })
      .locator('.field-error');
    expect(await error.innerText()).toContain("must be after 'from'");
    expect(await page.locator('.activity-calls').count()).toBe(0);
    await page.goto('/people/anna?days=31');
    await page.getByRole('alert').waitFor();
    expect(await page.locator('.tiles').count()).toBe(0);
    expect(troubles).toEqual([]);
  });

  it('keeps the loaded pages of calls for Back', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await open(page, '/people/zoe?days=90');
    await page.getByRole('button', { name: 'Show earlier calls' }).click();
    await page.getByText('60 calls.').waitFor();
    await page.locator('.activity-calls a[href^="/calls/"]').last().click();
    await page.waitForURL('**/calls/many-0');
    await page.goBack();
    await page.getByText('60 calls.').waitFor();
  });

  it('shows earlier calls page by page', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await open(page, '/people/zoe?days=90');
    const rows = page.locator('.activity-calls tbody tr');
    expect(await rows.count()).toBe(50);
    await page.getByRole('button', { name: 'Show earlier calls' }).click();
    await page.getByText('60 calls.').waitFor();
    expect(await rows.count()).toBe(60);
  });

  it('shows a number: exact and likely calls, SIP codes and its users', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    await open(page, '/numbers/49%2030%201234567');
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(number);
    await page.getByText('1 call of these matched by a masked number: likely, not certain.').waitFor();
    expect(await page.locator('.activity-calls tbody tr', { hasText: 'Likely' }).count()).toBe(1);
    const codes = page.getByRole('region', { name: 'Failed phone calls by SIP code' });
    expect(await codes.innerText()).toMatch(/403 Forbidden\s*1\s*The called side/);
    expect(await page.getByRole('region', { name: 'Users in the phone logs' }).innerText()).toContain(
      'Anna Weber',
    );
    await page.getByRole('region', { name: 'With whom' }).getByRole('link', { name: 'Anna Weber' }).click();
    await page.waitForURL('**/people/anna');
    expect(troubles).toEqual([]);
  });

  it.each([
    ['/people/Anna%20Weber', 'Person not found', 'A name is not an id'],
    ['/numbers/anna', 'Phone number not found', 'not a phone number'],
    ['/numbers/+4999999999', 'Phone number not found', 'No stored call has this number'],
  ])('says of %s what is wrong', async (path, title, text) => {
    await using visit = await visitor();
    await open(visit.page, path);
    expect(await visit.page.locator('.state-empty').innerText()).toMatch(new RegExp(`${title}[^]*${text}`));
  });
});
