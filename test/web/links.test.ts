/** What a link means to who opens it: its days, its zone, and its errors. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violations } from '../support/accessibility.ts';
import { hasChromium } from '../support/chromium.ts';
import { aPerson, between, otherCalls, twoVersions } from '../support/page-server.ts';
import { usePageServer } from '../support/use-page-server.ts';
import { aRecord } from '../support/records.ts';

describe.skipIf(!hasChromium)('a link', () => {
  const { server, visitor } = usePageServer([...twoVersions, ...otherCalls]);

  /** The error that a field is described by. */
  const errorOf = async (page: Page, label: string | RegExp) => {
    const field = page.getByLabel(label).and(page.locator('[aria-invalid=true]'));
    const described = (await field.getAttribute('aria-describedby')) ?? '';
    return page.locator(`#${described.split(' ')[0]}`).innerText();
  };

  it('with a wrong value shows the error beside its field, and asks the server for nothing', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    const asked: string[] = [];
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/rollcall/calls') asked.push(request.url());
    });
    await page.goto('/calls?state=xyz&from=2026-13-40&minMinutes=-1&person=anna&nonsense=1&tz=Mars/Olympus');
    const alert = page.getByRole('alert');
    await alert.getByText('Nothing is shown').waitFor();
    expect(await errorOf(page, 'State')).toBe('“xyz” is not a choice. Choose another.');
    expect(await page.getByLabel('State').inputValue()).toBe('xyz');
    expect(await errorOf(page, 'From')).toContain('“2026-13-40” is not a day of the calendar.');
    expect(await errorOf(page, 'At least, minutes')).toContain('“-1” is not a number of minutes.');
    expect(await alert.innerText()).toMatch(/nonsense: There is no such parameter\.\s+tz: .*Mars\/Olympus/);
    expect([await page.locator('.calls').count(), asked]).toEqual([0, []]);

    // The fields that are right stay as they are.
    await page.goto('/calls?state=xyz&person=anna');
    await alert.waitFor();
    await page.getByLabel('State').selectOption('Any');
    await page.getByText('All 2 calls.').waitFor();
    expect([new URL(page.url()).search, await alert.count()]).toEqual(['?person=anna', 0]);
    expect(troubles).toEqual([]);
  });

  it('shows what only the server finds wrong beside its field too', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/calls?number=abc');
    await page.getByRole('alert').waitFor();
    expect(await errorOf(page, /^Phone number/)).toContain(
      'a part of a phone number, with at least one digit',
    );
  });

  it('to another view with a wrong value shows the error and leads to the view without it', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    for (const [path, error, heading] of [
      ['/calls/meeting?view=xyz', 'view: “xyz” is not a possible value.', /Zoë Ångström/],
      ['/calls/meeting?version=last', 'version: “last” is not', /Zoë Ångström/],
      ['/statistics?days=7', 'days: “7” is not', 'Statistics'],
      ['/status?x=1', 'x: There is no such parameter.', 'Status'],
      ['/statistics?days=30&days=90', 'days: It is there 2 times: “30”, “90”.', 'Statistics'],
    ] as const) {
      await page.goto(path);
      expect(await page.getByRole('alert').innerText()).toContain(error);
      await page.getByRole('link', { name: 'Open the page without it' }).click();
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      expect(new URL(page.url()).search).toBe('');
    }
    expect(troubles).toEqual([]);
  });

  it('to a version that is not stored says so, and leads to the newest', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/calls/meeting?version=999');
    await page.getByRole('alert').getByText('Version 999 of this call is not stored').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Show the newest' }).click();
    await page.getByRole('heading', { level: 1, name: /Zoë Ångström/ }).waitFor();
  });

  it('that cannot be rendered leaves the next place as it is', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/calls/meeting');
    await page.route('**/quality*', (route) => route.fulfill({ json: {} }));
    await page.getByRole('tab', { name: 'Media quality' }).click();
    await page.getByText('The page has failed').waitFor();
    await page.evaluate("history.pushState(null, '', '/calls/meeting')");
    await page.evaluate("dispatchEvent(new PopStateEvent('popstate'))");
    await page.getByRole('tab', { name: 'Roll' }).waitFor();
  });

  it('has the zone of its days, so that everyone sees the same calls', async () => {
    await using sender = await visitor({ timezone: 'Europe/Berlin' });
    const { page } = sender;
    await page.goto('/calls');
    expect(await page.getByLabel('Times').locator('option:checked').innerText()).toBe('Local: Europe/Berlin');
    await page.getByLabel('From').fill('2026-02-28');
    await page.getByLabel('To', { exact: true }).fill('2026-02-28');
    await page.getByText('One call.').waitFor();
    const { search } = new URL(page.url());
    expect(search).toBe('?from=2026-02-28&to=2026-02-28&tz=Europe%2FBerlin');

    await using receiver = await visitor({ timezone: 'America/New_York' });
    const other = receiver.page;
    await other.goto(`/calls${search}`);
    await other.getByText('One call.').waitFor();
    expect(await other.locator('.calls .start').innerText()).toBe('00:30');
    expect(await other.getByLabel('Times').inputValue()).toBe('Europe/Berlin');
    await other.locator('[data-item]').click();
    await other.getByText('28 Feb 2026').first().waitFor();
    expect(new URL(other.url()).search).toBe('?tz=Europe%2FBerlin');
    await other.getByLabel('Times').selectOption('Asia/Kolkata');
    await other.getByText('05:00').first().waitFor();
    await other.goto('/calls');
    expect(await other.getByLabel('Times').inputValue()).toBe('Asia/Kolkata');
  });

  it('with a range means other days tomorrow, and shows which', async () => {
    await using visit = await visitor({ isOwn: true });
    const { page, troubles } = visit;
    await server().import([
      aRecord('sunday', { ...between('10:00:00', '10:01:00'), organizer_v2: aPerson('s', 'Sunday Host') }),
    ]);
    await page.clock.setFixedTime('2026-03-02T12:00:00Z');
    await page.goto('/calls?range=yesterday');
    await page.getByText('One call.').waitFor();
    await page.getByText('1 Mar 2026', { exact: true }).waitFor();
    await page.clock.setFixedTime('2026-03-03T12:00:00Z');
    await page.reload();
    await page.getByText('All 2 calls.').waitFor();
    await page.getByLabel('When').selectOption('Last 7 days');
    await page.getByText('25 Feb 2026 – 3 Mar 2026').waitFor();
    expect(new URL(page.url()).search).toBe('?range=last-7-days&tz=UTC');
    await page.getByLabel('From').fill('2026-03-01');
    await expect.poll(() => new URL(page.url()).search).toBe('?from=2026-03-01&tz=UTC');
    expect(await page.getByLabel('When').inputValue()).toBe('');
    await page.getByLabel('When').selectOption('Today');
    await expect.poll(() => new URL(page.url()).search).toBe('?range=today&tz=UTC');
    expect(await page.getByLabel('From').inputValue()).toBe('');
    expect(troubles).toEqual([]);
  });

  it('falls back to local time where the stored zone is unknown, and says so', async () => {
    await using visit = await visitor({ timezone: 'Europe/Berlin' });
    const { page } = visit;
    await page.goto('/calls');
    await page.evaluate("localStorage.setItem('rollcall-zone', 'Mars/Olympus')");
    await page.reload();
    await page.getByText('This browser does not know the chosen time zone “Mars/Olympus”.').waitFor();
    await page.getByLabel('Times').selectOption('Europe/Paris');
    await page.getByText('Mars/Olympus').waitFor({ state: 'detached' });
  });
});
