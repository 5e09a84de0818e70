/** What stays when the reader goes back, and what goes when a session ends. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violations } from '../support/accessibility.ts';
import { hasChromium } from '../support/chromium.ts';
import { aPerson, otherCalls, twoVersions } from '../support/page-server.ts';
import { usePageServer } from '../support/use-page-server.ts';
import { aRecord } from '../support/records.ts';

/** Calls of three pages and a part. */
const manyCalls = Array.from({ length: 170 }, (_, i) => {
  const startDateTime = new Date(Date.parse('2026-02-01T00:00:00Z') - i * 3_600_000).toISOString();
  const organizer = aPerson(`host-${i}`, `Host Number ${i}`);
  return aRecord(`many-${i}`, {
    startDateTime,
    endDateTime: startDateTime,
    organizer_v2: organizer,
    participants_v2: [organizer],
  });
});

describe.skipIf(!hasChromium)('the page', () => {
  const { server, visitor } = usePageServer([...twoVersions, ...otherCalls, ...manyCalls]);

  const rows = (page: Page) => page.locator('.calls [data-item]');
  const scrollTop = async (page: Page) => Number(await page.evaluate('Math.round(scrollY)'));
  const focused = (page: Page) => page.evaluate<string>('document.activeElement.getAttribute("href")');
  const showMore = async (page: Page, count: number) => {
    await page.getByRole('button', { name: 'Show earlier calls' }).click();
    await expect.poll(() => rows(page).count(), { timeout: 20_000 }).toBe(count);
  };
  const isAt = (page: Page, top: number) => expect.poll(() => scrollTop(page), { timeout: 20_000 }).toBe(top);

  it('shows the list as it was left: its pages, its place and the focused row, without a request', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    await page.goto('/calls?organizer=host');
    await rows(page).first().waitFor();
    await showMore(page, 100);
    await showMore(page, 150);
    const row = page.locator('[href="/calls/many-120"]');
    await row.scrollIntoViewIfNeeded();
    // What arrives late, as the total, and the focus may move the page.
    await page.getByText('170 calls.').waitFor();
    await row.focus();
    const top = await scrollTop(page);
    expect(top).toBeGreaterThan(2000);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /Host Number 120/ }).waitFor();
    expect(await scrollTop(page)).toBe(0);

    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goBack();
    await row.waitFor();
    expect(await rows(page).count()).toBe(150);
    await isAt(page, top);
    expect([await focused(page), asked.filter((path) => path.startsWith('/rollcall'))]).toEqual([
      '/calls/many-120',
      [],
    ]);

    await page.goForward();
    await page.getByRole('heading', { name: /Host Number 120/ }).waitFor();
    await isAt(page, 0);
    await page.goBack();
    await isAt(page, top);
    await page.reload();
    await expect.poll(() => rows(page).count(), { timeout: 20_000 }).toBe(150);
    await isAt(page, top);

    // A link to the list is not the way back: it is loaded again, from the top.
    await page.getByRole('navigation').getByRole('link', { name: 'Calls', exact: true }).click();
    await page.getByRole('link', { name: /Zoë Ångström/ }).waitFor();
    expect(await scrollTop(page)).toBe(0);
    expect(troubles).toEqual([]);
  });

  it('opens a call in another tab', async () => {
    await using visit = await visitor();
    const { page, context } = visit;
    await page.goto('/calls?q=zoe');
    const link = page.getByRole('link', { name: /Zoë Ångström/ });
    const [tab] = await Promise.all([context.waitForEvent('page'), link.click({ modifiers: ['Control'] })]);
    await tab.getByRole('heading', { name: /Zoë Ångström/ }).waitFor();
    expect(await rows(page).count()).toBe(1);
  });

  /** Each view, what makes it ask the server again, and a text of what it shows. */
  const asking: readonly (readonly [string, RegExp, (page: Page) => Promise<unknown>])[] = [
    ['/calls?q=zoe', /Zoë Ångström/, (page) => page.getByRole('searchbox').pressSequentially(' ang')],
    [
      '/calls?organizer=host',
      /Host Number 3/,
      (page) => page.getByRole('button', { name: /earlier/ }).click(),
    ],
    ['/calls/meeting', /Anna Weber/, (page) => page.getByRole('tab', { name: 'Versions' }).click()],
    ['/phone-calls', /Phone calls/, (page) => page.getByLabel(/^Person/).pressSequentially('anna')],
    [
      '/statistics?days=all',
      /Calls per day/,
      (page) => page.getByRole('button', { name: '90 days' }).click(),
    ],
    ['/status', /Subscriptions|Gaps/, (page) => page.getByRole('link', { name: 'Statistics' }).click()],
  ];

  it('clears what it shows when the session has ended, says so, and leads back after signing in', async () => {
    for (const [path, shows, ask] of asking) {
      await using visit = await visitor();
      const { page, context, troubles } = visit;
      await page.goto(path);
      await page.getByRole('main').getByText(shows).first().waitFor();
      await page.getByText('Dana Developer').waitFor();
      await context.clearCookies();
      await ask(page);
      await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
      const left = () =>
        page.evaluate<string>(
          'document.title + document.body.textContent + JSON.stringify({...sessionStorage})',
        );
      // The title changes after what is shown.
      await expect
        .poll(left, { message: path, timeout: 20_000 })
        .not.toMatch(/Zoë|Anna|Weber|Host|Dana|many/);
      expect(await page.getByRole('alert').count()).toBe(1);
      const { pathname, search } = new URL(page.url());
      const link = page.getByRole('link', { name: 'Sign in' });
      expect(await link.getAttribute('href')).toBe(
        `/rollcall/sign-in?return=${encodeURIComponent(pathname + search)}`,
      );
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Sign in as the developer' }).click();
      await page.getByText('Dana Developer').waitFor();
      expect(page.url()).toBe(`${server().url}${pathname}${search}`);
      expect(troubles).toEqual([]);
    }
  });

  it('clears what a tab beside the one that signs out shows', async () => {
    await using visit = await visitor();
    const { page, context } = visit;
    await page.goto('/calls/meeting');
    await page
      .getByText(/Anna Weber/)
      .first()
      .waitFor();
    const beside = await context.newPage();
    await beside.goto(`${server().url}/calls`);
    await beside.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
    expect(await page.getByText(/Anna Weber/).count()).toBe(0);
  });

  it('notices on return that another tab has signed out, or in as someone else', async () => {
    await using visit = await visitor();
    const { page, context, troubles } = visit;
    await page.goto('/calls?q=zoe');
    await page.getByRole('link', { name: /Zoë Ångström/ }).waitFor();
    const other = await context.newPage();
    await other.goto(`${server().url}/status`);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByRole('link', { name: 'Sign in' }).waitFor();
    const returns = () => page.evaluate("void dispatchEvent(new Event('focus'))");
    await returns();
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
    expect(await page.getByText('Zoë').count()).toBe(0);
    await other.getByRole('button', { name: 'Sign in as the developer' }).click();
    await other.getByText('Dana Developer').waitFor();
    await returns();
    await page.getByRole('link', { name: /Zoë Ångström/ }).waitFor();

    await page.route('**/rollcall/me', (route) =>
      route.fulfill({
        json: { name: 'Olga Other', tenantId: 'another', expiresDateTime: '2099-01-01T00:00:00Z' },
      }),
    );
    await page.route('**/rollcall/calls?**', (route) => route.fulfill({ json: { value: [] } }));
    await returns();
    await page.getByText('Olga Other').waitFor();
    await page.getByRole('heading', { name: 'No call matches' }).waitFor();
    expect(await page.getByText(/Zoë|Dana/).count()).toBe(0);
    expect(troubles).toEqual([]);
  });
});
