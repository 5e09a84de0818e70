/** The API reference in a browser: complete, without requests to other hosts, and usable with keys alone. */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { rulesOfReferenceViewer, violations } from '../support/accessibility.ts';
import { hasChromium } from '../support/chromium.ts';
import { otherCalls, twoVersions } from '../support/page-server.ts';
import { usePageServer } from '../support/use-page-server.ts';

const count = '/v1.0/communications/callRecords/$count';
const address = '#/Call%20records/communications.callRecords.count';
const operation = (page: Page, path: string) =>
  page.locator('.opblock', { has: page.locator(`.opblock-summary-path[data-path="${path}"]`) }).first();

describe.skipIf(!hasChromium)('the API reference', () => {
  const { server, visitor } = usePageServer([...twoVersions, ...otherCalls]);

  const open = async (page: Page, fragment = '') => {
    await page.goto(`/reference${fragment}`);
    await page.locator('.opblock').first().waitFor();
  };

  const send = async (read: Locator) => {
    await read.getByRole('button', { name: 'Execute' }).click();
    await read.locator('.live-responses-table .response-col_status').getByText('200').waitFor();
  };

  it('has every operation of the OpenAPI document, opens without a token, and sends requests with the one under Authorize', async () => {
    await using visit = await visitor({ signsIn: false });
    const { page, troubles } = visit;
    await page.goto('/');
    await page.getByRole('link', { name: 'API', exact: true }).click();
    await page.locator('.opblock').first().waitFor();
    const [methods, shownPaths] = await Promise.all(
      ['method', 'path'].map((part) => page.locator(`.opblock-summary-${part}`).allTextContents()),
    );
    const shown = methods!.map((method, i) => `${method} ${shownPaths![i]}`);
    const response = await fetch(`${server().url}/rollcall/openapi.json`);
    const { paths } = (await response.json()) as { paths: Record<string, object> };
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.length).toBeGreaterThan(60);
    expect(shown.sort()).toEqual(documented.sort());

    await page.getByRole('button', { name: 'Authorize', exact: true }).first().click();
    await page
      .getByLabel('auth-bearer-value')
      .first()
      .fill(await server().token());
    await page.getByRole('button', { name: 'Apply credentials' }).first().click();
    await page.getByRole('button', { name: 'Close' }).first().click();
    const read = operation(page, count);
    await read.locator('.opblock-summary-control').click();
    await read.getByRole('button', { name: 'Try it out' }).click();
    await send(read);
    expect(troubles).toEqual([]);
  });

  it('is used with keys alone, and sends a request with the session of the person', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    await open(page);
    const read = operation(page, count);
    await read.locator('.opblock-summary-control').focus();
    await page.keyboard.press('Enter');
    await read.getByText('Parameters').first().waitFor();
    expect(new URL(page.url()).hash).toBe(address);
    await read.getByRole('button', { name: 'Try it out' }).press('Enter');
    // A key of the page does not take what is typed into the viewer.
    const field = read.getByPlaceholder('$filter');
    await field.fill('');
    await field.press('/');
    expect(await field.inputValue()).toBe('/');
    await field.fill('');
    await send(read);
    expect(troubles).toEqual([]);
  });

  it('opens the operation in its address, and violates no rule of WCAG AA but those of the viewer', async () => {
    await using visit = await visitor({ width: 'narrow', theme: 'dark' });
    const { page, troubles } = visit;
    await open(page, address);
    await operation(page, count).getByText('Parameters').first().waitFor();
    for (const path of ['/v1.0/$batch', '/rollcall/openapi.json'])
      await operation(page, path).locator('.opblock-summary-control').click();
    await operation(page, '/v1.0/$batch').getByText('Request body').waitFor();
    expect(await page.getByText('Could not render').count()).toBe(0);
    const found = await violations(page);
    expect(found.filter((one) => !rulesOfReferenceViewer.some((rule) => one.startsWith(`${rule}:`)))).toEqual(
      [],
    );
    const beyond = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(Number(beyond)).toBeLessThanOrEqual(0);
    expect(troubles).toEqual([]);
  });
});
