/** Two stored states of a call side by side, in a browser. */
import { describe, expect, it } from 'vitest';
import { violations } from '../support/accessibility.ts';
import { hasChromium } from '../support/chromium.ts';
import { otherCalls, twoVersions } from '../support/page-server.ts';
import { usePageServer } from '../support/use-page-server.ts';

describe.skipIf(!hasChromium)('the view of versions', () => {
  const { visitor } = usePageServer([...twoVersions, ...otherCalls]);

  it('compares the states that are chosen, and the address has them', async () => {
    await using visit = await visitor({ width: 'narrow' });
    const { page, troubles } = visit;
    await page.goto('/calls/meeting?view=versions');
    const compared = page.getByRole('region', { name: 'Two states side by side' });
    await compared.getByText('3 people came, 0 went, 0 changed.').waitFor();
    expect(await compared.innerText()).toMatch(
      /Was\s+1\s+Is\s+4[^]*Came: 3, only in Version 2\s+Anna Weber[^]*4 sessions only in Version 2\s+Anna Weber 10:00:05 to 10:12:00[^]*Changed: 1 session\s+Zoë Ångström/,
    );
    await compared.getByLabel('Was').selectOption({ index: 1 });
    await compared.getByText('Both sides show the same state.').waitFor();
    await compared.getByLabel('Is').selectOption({ index: 0 });
    await compared.getByText('0 people came, 3 went').waitFor();
    const { searchParams } = new URL(page.url());
    expect(Number(searchParams.get('left'))).toBeGreaterThan(Number(searchParams.get('right')));
    await page.reload();
    await compared.getByText('0 people came, 3 went').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('shows an error beside the field for a state that the call does not have, and nothing to compare for one', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/calls/meeting?view=versions&left=999');
    await page.getByText('There is no such state of this call. Choose one.').waitFor();
    expect(await page.getByLabel('Was').getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('.compare-table').count()).toBe(0);
    await page.goto('/calls/cut?view=versions');
    await page.getByText('Only one state of this call is stored').waitFor();
  });
});
