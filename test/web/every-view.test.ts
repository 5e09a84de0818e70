/** Walks all views of the page: axe, their width, their controls, and what the browser reports. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { rulesOfReferenceViewer, violations } from '../support/accessibility.ts';
import { hasChromium, widths } from '../support/chromium.ts';
import { between, otherCalls, twoVersions } from '../support/page-server.ts';
import { usePageServer } from '../support/use-page-server.ts';
import { aDirectRoutingRow, anSmsRow, aPstnRow } from '../support/phone-rows.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { tabStops } from '../support/tab-stops.ts';

/** Each view with its states, what is there when it is whole, and whether Tab walks through it. */
const walk: readonly (readonly [path: string, shows: string, keys?: 'by keys'])[] = [
  ['/', '.calls', 'by keys'],
  ['/calls?q=anna&sort=-length', '.calls mark'],
  ['/calls?q=nobody', '.state-empty'],
  ['/calls?person=anna', '#further input'],
  ['/calls?number=abc', '.field-error'],
  ['/calls?range=last-week&tz=Asia/Kolkata', '.field-note'],
  ['/calls?state=xyz&from=2026-13-40&minMinutes=-1&nonsense=1', '[role=alert]', 'by keys'],
  ['/calls/meeting', '.roll .rows-row .badge', 'by keys'],
  ['/calls/meeting?view=roll&version=1', '.notice'],
  ['/calls/meeting?view=timeline', '.tracks .bar', 'by keys'],
  ['/calls/meeting?view=media', '.quality-people .badge', 'by keys'],
  ['/calls/meeting?view=media&person=0', '.quality-panel', 'by keys'],
  ['/calls/meeting?view=media&streams=all', '.streams .badge', 'by keys'],
  ['/calls/meeting?view=versions', '.compare-table', 'by keys'],
  ['/calls/meeting?view=versions&left=999', '.field-error'],
  ['/calls/cut?view=versions', '.versions'],
  ['/calls/meeting?view=data', '.code.tall', 'by keys'],
  ['/calls/meeting?view=xyz', '[role=alert]'],
  ['/calls/cut', 'dd.missing'],
  ['/calls/nothing', '.state-failed'],
  ['/phone-calls', '.phone-rows tbody tr', 'by keys'],
  ['/phone-calls?log=directRouting', '.phone-rows tbody tr'],
  ['/phone-calls?log=sms', '.phone-rows tbody tr'],
  ['/phone-calls?person=nobody', '.state-empty'],
  ['/phone-calls?log=fax&from=2026-13-40', '.field-error'],
  ['/people/anna', '.facts'],
  ['/people/anna?days=all', '.activity-calls tbody tr', 'by keys'],
  ['/people/Anna%20Weber', '.state-empty'],
  ['/numbers/+49301234567?days=all', '.activity-calls tbody tr', 'by keys'],
  ['/numbers/+4930123****?days=all', '.tiles'],
  ['/numbers/anna', '.state-empty'],
  ['/statistics?days=all', '.uplot canvas', 'by keys'],
  ['/statistics?days=7', '[role=alert]'],
  ['/status', '.plain', 'by keys'],
  ['/reference', '.opblock'],
];

const records = [
  ...twoVersions,
  ...otherCalls,
  aRecord('masked', {
    ...between('08:00:00', '08:10:00'),
    participants_v2: [
      aParticipant('+4930123****', { identity: { phone: { id: '+4930123****', displayName: null } } }),
    ],
  }),
  aDirectRoutingRow('exact', { correlationId: 'meeting' }),
  aDirectRoutingRow('refused', {
    ...{ successfulCall: false, duration: 0, endDateTime: null, callType: 'ByotOut' },
    ...{ finalSipCode: 403, finalSipCodePhrase: 'Forbidden', callEndSubReason: 510560 },
  }),
  aPstnRow('likely', {}),
  anSmsRow('message', {}),
];

/** Widths of a window of 1280 pixels at 200 % and at 400 %. */
const zoomedWidths = [640, 320];

/** Controls that are smaller than a finger needs. */
const smallControls = `[...document.querySelectorAll('main :is(button, select, input, summary, a.button, [role=tab])')]
  .filter((one) => one.checkVisibility() && !one.matches('.sr, .sr *'))
  .map((one) => ({ html: one.outerHTML.slice(0, 120), ...one.getBoundingClientRect().toJSON() }))
  .filter(({ width, height }) => height > 0 && (width < 24 || height < 24)).map(({ html }) => html)`;

/**
 * Goes to a path without loading the document, and axe in it, again (the tests of each view load its addresses): from a path that has no view, so that
 * nothing of the last view is left.
 */
const goTo = (path: string) => `(async () => {
  for (const path of ['/nowhere', ${JSON.stringify(path)}]) {
    history.pushState(null, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
    for (const _ of [1, 2]) await new Promise((resolve) => requestAnimationFrame(resolve));
  }
})()`;

const open = async (page: Page, [path, shows]: (typeof walk)[number]) => {
  await page.evaluate(goTo(path));
  await page.locator(shows).first().waitFor({ state: 'attached' });
  // Facts, tables and hints may be folded.
  await page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true");
  await page.locator(shows).first().waitFor();
};

/** Waits until the buttons of the viewer of the reference have their colors: they fade to those of another theme. */
const colorsOfViewer = `Promise.allSettled([document, ...[...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? [])]
  .flatMap((root) => root.getAnimations()).map(({ finished }) => finished))`;

/** Returns the violations of the page's own parts: the viewer of the reference has some of its own. */
const found = async (page: Page, path: string) => {
  const ofViewer = path === '/reference' ? rulesOfReferenceViewer : [];
  return (await violations(page)).filter((one) => !ofViewer.some((rule) => one.startsWith(`${rule}:`)));
};

const sideways = (page: Page) =>
  page.evaluate<number>('Math.max(0, document.documentElement.scrollWidth - innerWidth)');

const sourceOf = (path: string) => readFileSync(new URL(`../../src/web/${path}`, import.meta.url), 'utf8');

describe('the walk of the page', () => {
  it('has each view, and each view of a call', () => {
    const paths = walk.map(([path]) => new URL(path, 'http://rollcall.example'));
    const views = [...sourceOf('app.tsx').matchAll(/\{ path: \/(.+)\/, view: (\w+)/g)];
    expect(views.length).toBeGreaterThan(7);
    const missed = views.filter(
      ([, path]) => !paths.some(({ pathname }) => new RegExp(path!).test(pathname)),
    );
    expect(missed.map(([, , view]) => view)).toEqual([]);
    const [, list] = /callViews = \[(.+)\]/.exec(sourceOf('call/call-parameters.ts'))!;
    const walked = new Set(paths.map(({ searchParams }) => `'${searchParams.get('view')}'`));
    expect(list!.split(', ').filter((view) => !walked.has(view))).toEqual([]);
  });
});

describe.skipIf(!hasChromium)('each view of the page', { timeout: 300_000 }, () => {
  const { visitor } = usePageServer(records);

  it('violates no rule of WCAG AA, needs no scrolling sideways, is used with Tab and stands still, on a phone, zoomed, wide and dark', async () => {
    await using visit = await visitor({ width: 'narrow', theme: 'light' });
    const { page, troubles } = visit;
    const { height } = page.viewportSize()!; // it has one
    const resize = async (path: string, width: number) => {
      await page.setViewportSize({ width, height });
      // A chart is drawn again after its window has another width.
      await expect.poll(() => sideways(page), { message: `${path} at ${width} pixels` }).toBe(0);
    };
    await page.goto('/status');
    for (const view of walk) {
      const [path, , keys] = view;
      await page.setViewportSize({ width: widths.narrow, height });
      await page.emulateMedia({ colorScheme: 'light' });
      await open(page, view);
      expect.soft([path, await found(page, path)]).toEqual([path, []]);
      expect.soft([path, await sideways(page)]).toEqual([path, 0]);
      if (path !== '/reference') expect.soft([path, await page.evaluate(smallControls)]).toEqual([path, []]);
      if (keys === 'by keys') {
        const { reached, ...faults } = await tabStops(page);
        expect.soft([path, faults]).toEqual([path, { unreached: [], unmarked: [] }]);
        expect.soft([path, reached > 5]).toEqual([path, true]);
      }
      for (const width of zoomedWidths) await resize(path, width);

      await page.emulateMedia({ colorScheme: 'dark' });
      await resize(path, widths.wide);
      if (path === '/reference') await page.evaluate(colorsOfViewer);
      expect.soft([path, 'dark', await found(page, path)]).toEqual([path, 'dark', []]);
      // Who asks for less motion sees none.
      const moving = 'document.getAnimations().filter(({ playState }) => playState === "running").length';
      expect.soft([path, await page.evaluate(moving)]).toEqual([path, 0]);
    }
    expect(troubles).toEqual([]);
  });

  it('keeps its texts apart from what is behind them where the system sets the colors', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.emulateMedia({ forcedColors: 'active' });
    await page.goto('/status');
    for (const view of walk.filter(([path]) => /^\/calls\/meeting(\?view=media)?$/.test(path))) {
      await open(page, view);
      expect([view, await violations(page)]).toEqual([view, []]);
    }
  });

  it('violates no rule of WCAG AA signed out, and at a path that no view has', async () => {
    for (const [width, theme] of [
      ['narrow', 'light'],
      ['wide', 'dark'],
    ] as const) {
      await using visit = await visitor({ width, theme, signsIn: false });
      const { page, troubles } = visit;
      await page.goto('/calls/meeting?view=timeline');
      await page.getByRole('link', { name: 'Sign in' }).waitFor();
      expect([width, await violations(page), await sideways(page)]).toEqual([width, [], 0]);
      // The server answers such a path itself, so only the page can lead to it.
      await page.evaluate(goTo('/nowhere'));
      await page.locator('.state-empty').waitFor();
      expect([width, await violations(page), await sideways(page)]).toEqual([width, [], 0]);
      expect(troubles).toEqual([]);
    }
  });
});
