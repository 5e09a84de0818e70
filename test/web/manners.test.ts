/** How the page behaves whatever it shows: for who uses no mouse, who cannot see it, and who is not signed in. */
import { describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { SetAside } from '../../src/store/set-aside.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { violations } from '../support/accessibility.ts';
import { hasChromium, widths } from '../support/chromium.ts';
import { aRecord, aSession, participants } from '../support/records.ts';
import { received } from '../store/suite.ts';
import { otherCalls, twoVersions } from '../support/page-server.ts';
import { usePageServer } from '../support/use-page-server.ts';

describe.skipIf(!hasChromium)('the page', () => {
  const { visitor } = usePageServer([...twoVersions, ...otherCalls]);

  it('is used with keys alone', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/');
    await page.locator('.calls').waitFor();
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');

    await page.locator('.calls [data-item]').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Home');
    expect(await focused()).toContain('Zoë Ångström');
    await page.keyboard.press('Enter');

    await page.getByRole('tab', { name: 'Roll' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tabpanel', { name: 'Timeline' }).waitFor();
    expect(await focused()).toBe('Timeline');
    await page.keyboard.press('End');
    expect(new URL(page.url()).search).toBe('?view=data');
    await page.keyboard.press('Home');
    await page.getByText('4 people', { exact: true }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('weber');
    await page.getByText('1 of 4 people', { exact: true }).waitFor();
  });

  it('has the tab of the view in sight where tabs are wider than the screen', async () => {
    await using visit = await visitor({ width: 'narrow' });
    const { page } = visit;
    for (const [view, name] of [
      ['data', 'JSON and curl'],
      ['roll', 'Roll'],
    ] as const) {
      await page.goto(`/calls/meeting?view=${view}`);
      await page.getByRole('tabpanel', { name }).waitFor();
      const { x, width } = (await page.getByRole('tab', { name }).boundingBox())!; // it is drawn
      expect([x >= 0, x + width <= widths.narrow]).toEqual([true, true]);
      expect(await page.evaluate('scrollY')).toBe(0);
    }
  });

  it('shows the theme that was chosen, from the first frame on', async () => {
    await using visit = await visitor();
    const { page } = visit;
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.goto('/');
    const light = await background();
    await page.getByLabel('Theme').selectOption('dark');
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.goto('/status', { waitUntil: 'commit' });
    await page.locator('body').waitFor({ state: 'attached' });
    expect(await background()).toBe(dark);
    await page.getByLabel('Theme').selectOption('system');
    expect(await background()).toBe(light);
  });

  it('asks who is not signed in to sign in, and leads back', async () => {
    await using visit = await visitor({ signsIn: false });
    const { page, context, troubles } = visit;
    await page.goto('/calls/meeting?view=timeline');
    expect(await page.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe(
      '/rollcall/sign-in?return=%2Fcalls%2Fmeeting%3Fview%3Dtimeline',
    );
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign in as the developer' }).click();
    await page.locator('.tracks .bar').first().waitFor();
    expect(new URL(page.url()).search).toBe('?view=timeline');
    expect(await page.evaluate('document.cookie')).toBe('');
    expect((await context.cookies()).map(({ httpOnly }) => httpOnly)).toEqual([true]);

    await page.getByText('Dana Developer').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    expect(await context.cookies()).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('says what is wrong, and tries again when told', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/calls/nothing');
    await page.getByRole('heading', { name: 'Call not found' }).waitFor();
    expect(await page.getByText('In the server’s log').count()).toBe(0);
    await page.route('**/rollcall/calls', (route) =>
      route.fulfill({ status: 500, headers: { 'request-id': 'the-request' }, json: {} }),
    );
    await page.goto('/calls');
    await page.getByText('In the server’s log: the-request').waitFor();
    await page.unroute('**/rollcall/calls');
    await page.route('**/rollcall/calls', (route) => route.abort());
    await page.goto('/calls');
    await page.getByRole('heading', { name: 'The server does not respond' }).waitFor();
    await page.unroute('**/rollcall/calls');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: /Zoë Ångström/ }).waitFor();
  });

  it('counts calls by day and by size', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/statistics?days=all');
    await page.getByText('The same as a table').click();
    const rows = await page.getByRole('region', { name: 'Calls per day' }).getByRole('row').allInnerTexts();
    expect(rows.slice(1).map((row) => row.split(/\s+/).join(' '))).toEqual([
      '2026-03-02 1 4 0 1',
      '2026-03-01 1 1 0 0',
      '2026-02-27 1 0 0 0',
    ]);
    expect(await page.locator('.sizes tr', { hasText: '3–5' }).innerText()).toMatch(/3–5\s+1/);
    await page.getByRole('link', { name: '2026-03-01' }).click();
    await page.getByText('One call.').waitFor();
    expect(await page.getByLabel('Times').inputValue()).toBe('UTC');
  });

  it('tells what is stored and what is missing', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/status');
    const gaps = page.getByRole('region', { name: 'Gaps' });
    expect(await gaps.innerText()).toMatch(/Pages of a list that are missing[^]*cut[^]*No/);
    await page.getByText('Sync has not run for this tenant').waitFor();
    await gaps.getByRole('link', { name: 'cut' }).click();
    await page.getByText('Pages of the list of participants are missing.').waitFor();
  });
});

const setAsidePage = (callId: string): SetAside => ({
  unit: 'page',
  callId,
  origin: 'sync',
  reason: 'It is not JSON.',
  text: Buffer.from('<html>'),
});

describe.skipIf(!hasChromium)('the page of an empty store', () => {
  const { server, visitor } = usePageServer([]);

  it('says how calls come into it', async () => {
    await using visit = await visitor();
    await visit.page.goto('/');
    await visit.page.getByRole('heading', { name: 'No calls are stored yet' }).waitFor();
    expect(await violations(visit.page)).toEqual([]);
    // Nothing is missing, and nothing was checked.
    await visit.page.goto('/status');
    await visit.page.getByText('Hours: Not verified.').waitFor();
    expect(await visit.page.locator('.verified').count()).toBe(0);
    expect(await violations(visit.page)).toEqual([]);

    const whole = { participants_v2: participants(1), sessions: [aSession('s', 'participant-0')] };
    await server().import([aRecord('whole', whole)]);
    const { tenantId } = development;
    const report = await verifyTenant(server().store, tenantId, {
      clock: systemClock,
      onRead: () => undefined,
    });
    const { endedMs } = report.basis;
    await server().store.evidence.keepVerification(tenantId, { endedMs, report: JSON.stringify(report) });
    const odd = [{ part: 'participants', reason: 'idMissing', count: 1, first: 0 }] as const;
    const page = setAsidePage('odd');
    const call = received({ id: 'odd', version: 1, participants: participants(1), sessions: 1 });
    await server().store.add(tenantId, [{ ...call, odd }]);
    await server().store.quarantine.add(tenantId, [page]);
    await visit.page.goto('/calls');
    const row = (id: string) =>
      visit.page.locator('tr', { has: visit.page.locator(`a[href="/calls/${id}"]`) });
    await row('whole').getByText('Verified').waitFor();
    await row('odd').getByText('Incomplete').waitFor();
    await visit.page.goto('/calls/whole');
    await visit.page.locator('.verified', { hasText: 'nothing is known to be missing' }).waitFor();
    await visit.page.goto('/calls/odd');
    await visit.page.getByText('Participants, 1 time: The id is missing').waitFor();
    await visit.page.getByText(`A page: ${page.reason}`).waitFor();
    expect(await violations(visit.page)).toEqual([]);
    await visit.page.goto('/status');
    await visit.page.getByText('Calls: Missing.').waitFor();
  });
});
