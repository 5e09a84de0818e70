/** The rows of the list: who matched, the other party, how many calls match, and their order. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { aPerson } from '../support/page-server.ts';
import { usePageServer } from '../support/use-page-server.ts';
import { aParticipant, aRecord } from '../support/records.ts';

const elsewhere = '99999999-9999-4999-8999-999999999999';
const anna = aPerson('anna', 'Anna Weber');
const paul = aPerson('paul', 'Paul Smith', elsewhere);
const crowd = Array.from({ length: 6 }, (_, i) => aPerson(`p${i}`, `Person ${i}`));

const aCall = (id: string, hour: number, minutes: number, people: readonly { readonly id: string }[]) => {
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, hour, minute)).toISOString();
  const times = { startDateTime: at(0), endDateTime: at(minutes) };
  return aRecord(id, { ...times, organizer_v2: people[0], participants_v2: people });
};

describe.skipIf(!hasChromium)('the list of calls', () => {
  const { visitor } = usePageServer([
    aCall('two', 9, 5, [paul, anna]),
    aCall('many', 10, 60, [crowd[0]!, paul, anna, ...crowd.slice(1)]),
    aCall('phone', 11, 2, [
      anna,
      aParticipant('+49301234567', { identity: { phone: { id: '+49301234567', displayName: null } } }),
    ]),
    ...Array.from({ length: 55 }, (_, i) => aCall(`other-${i}`, 1, 1, [aPerson('o', 'Olga Other')])),
  ]);

  const ids = async (page: Page) => {
    const links = await page.locator('.calls [data-item]').all();
    const hrefs = await Promise.all(links.map((link) => link.getAttribute('href')));
    return hrefs.map((href) => href?.slice('/calls/'.length));
  };
  const who = (page: Page, id: string) =>
    page.locator('.who', { has: page.locator(`a[href="/calls/${id}"]`) });

  it('shows who matched, then the other party, with the match marked', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    await page.goto('/calls?person=weber');
    await page.getByText('All 3 calls.').waitFor();
    expect(await who(page, 'two').innerText()).toMatch(/^Anna Weber\s*↔\s*with\s*Paul Smith External/);
    expect(await who(page, 'many').innerText()).toMatch(/^Anna Weber\s*↔\s*with.*\+5/s);
    expect(await who(page, 'phone').innerText()).toMatch(/^Anna Weber\s*↔\s*with\s*\+49301234567/);
    expect(await page.locator('.calls mark').allInnerTexts()).toEqual(['Weber', 'Weber', 'Weber']);
    await page.goto('/calls?person=weber&with=smith');
    await page.getByText('All 2 calls.').waitFor();
    expect(await who(page, 'two').locator('mark').allInnerTexts()).toEqual(['Weber', 'Smith']);
    expect(await page.getByLabel('And with').inputValue()).toBe('smith');
    await page.goto('/calls?number=1234');
    await page.getByText('One call.').waitFor();
    expect(await page.locator('.calls mark').allInnerTexts()).toEqual(['1234']);
    expect(troubles).toEqual([]);
  });

  it('finds by people from outside, a tenant, a domain and a rating, and marks who is outside', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    await page.goto('/calls?person=anna&external=yes');
    await page.getByText('All 2 calls.').waitFor();
    expect(await who(page, 'two').innerText()).toMatch(/Paul Smith External.*, 1 external/s);
    await page.getByLabel('External people').selectOption('No external people');
    await page.getByText('One call.').waitFor();
    expect(await ids(page)).toEqual(['phone']);
    await page.goto(`/calls?tenant=${elsewhere}`);
    await page.getByText('All 2 calls.').waitFor();
    await page.goto('/calls?rating=bad');
    await page.getByText('No call matches').waitFor();
    await page.goto('/calls?domain=not a domain&tenant=x&rating=zzz');
    await page.getByRole('alert').waitFor();
    expect(await page.locator('[aria-invalid=true]').count()).toBe(1);
    await page.getByLabel('Rated by a user').selectOption('');
    await expect.poll(() => page.locator('[aria-invalid=true]').count()).toBe(2);
    expect(troubles).toEqual([]);
  });

  it('shows how many calls match, before all are loaded', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/calls');
    await page.getByText('58 calls.').waitFor();
    expect((await ids(page)).length).toBe(50);
    await page.route('**/rollcall/calls?*count=true*', (route) =>
      route.fulfill({ json: { total: { count: 10_000, isExact: false }, value: [] } }),
    );
    await page.goto('/calls?q=o');
    await page.getByText('More than 10,000 calls.').waitFor();
  });

  it('is sorted by its columns, and the address has the order', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    await page.goto('/calls?person=anna');
    await page.getByText('All 3 calls.').waitFor();
    const column = (name: string) => page.getByRole('columnheader', { name });
    const sort = async (name: string, expected: readonly string[], direction: string, search: string) => {
      await column(name).getByRole('button').click();
      await expect.poll(() => ids(page)).toEqual(expected);
      expect(await column(name).getAttribute('aria-sort')).toBe(direction);
      expect(new URL(page.url()).search).toBe(`?person=anna${search}`);
    };
    expect(await column('Start').getAttribute('aria-sort')).toBe('descending');
    await sort('Length', ['many', 'two', 'phone'], 'descending', '&sort=-length');
    await sort('Length', ['phone', 'two', 'many'], 'ascending', '&sort=length');
    expect(await page.locator('.calls .start').first().innerText()).toBe('2 Mar 2026, 11:00');
    await sort('Organizer', ['phone', 'two', 'many'], 'ascending', '&sort=organizer');
    await sort('Start', ['phone', 'many', 'two'], 'descending', '');
    await page.getByLabel('Order').selectOption('Most people first');
    await expect.poll(() => ids(page)).toEqual(['many', 'phone', 'two']);
    // The form keeps the order.
    await page.getByRole('searchbox').fill('paul');
    await expect.poll(() => ids(page)).toEqual(['many', 'two']);
    expect(new URL(page.url()).searchParams.get('sort')).toBe('-people');
    await page.goto('/calls?sort=xyz');
    await page.getByRole('alert').getByText('“xyz” is not a choice').waitFor();
    expect(troubles).toEqual([]);
  });

  it('says which calls are sorted when not all are', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.route('**/rollcall/calls?sort=*', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as object;
      await route.fulfill({ json: { ...body, sorted: { of: 10_000, isAll: false } } });
    });
    await page.goto('/calls?sort=-length');
    await page.getByText('The newest 10,000 are sorted.').waitFor();
  });
});
