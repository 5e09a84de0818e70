/** From a question to the roll: the steps of docs/page.md, in a browser. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtFiles } from '../support/built-page.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';
import { hasChromium, launchChromium, newContext, themes, watch, type Width } from '../support/chromium.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const person = (id: string, displayName: string) => ({
  identity: { user: { id, displayName, tenantId: '11111111-1111-4111-8111-111111111111' } },
});
const times = (from: string, to: string) => ({
  startDateTime: `2026-03-02T${from}Z`,
  endDateTime: `2026-03-02T${to}Z`,
});

const meeting = aRecord('meeting', {
  modalities: ['audio', 'video'],
  joinWebUrl: 'https://teams.example/l/19%3ameeting_A?context=1',
  organizer_v2: { id: 'zoe', ...person('zoe', 'Zoë Ångström') },
  participants_v2: [
    aParticipant('anna', person('anna', 'Anna Weber')),
    aParticipant('zoe', person('zoe', 'Zoë Ångström')),
  ],
  sessions: [
    aSession('s1', 'anna', undefined, times('10:00:05', '10:12:00')),
    aSession('s2', 'anna', undefined, times('10:15:00', '10:30:00')),
    aSession('s3', 'zoe', undefined, times('10:00:00', '10:29:10')),
    aSession('s4', 'stray', undefined, times('10:20:00', '10:21:00')),
  ],
});

describe.skipIf(!hasChromium)('finding a call', () => {
  let browser: Browser;
  let server: TestServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([
      launchChromium(),
      builtFiles().then((page) => startTestServer({ page })),
    ]);
    await server.import([
      meeting,
      aRecord('other', { startDateTime: '2026-03-01T09:00:00Z', endDateTime: '2026-03-01T09:10:00Z' }),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  for (const width of ['narrow', 'wide'] satisfies Width[]) {
    for (const theme of themes) {
      it(`goes from a name to the roll, ${width} and ${theme}`, async () => {
        const headers = { authorization: `Bearer ${await server.token()}` };
        const context = await newContext(browser, server.url, { width, theme, headers });
        const page = await context.newPage();
        const troubles = watch(page, server.url);
        await page.goto('/');
        await page.keyboard.press('/');
        await page.keyboard.type('angstrom');
        await page.getByText('One call.').waitFor();
        expect(new URL(page.url()).search).toBe('?q=angstrom');
        await page.getByRole('link', { name: /Zoë Ångström/ }).click();
        const anna = page.getByRole('row', { name: /Anna Weber/ });
        await anna.getByText('10:30:00').waitFor();
        expect(await anna.innerText()).toMatch(/User[^]*10:00:05[^]*10:30:00[^]*27 min/);
        expect(await page.getByRole('row', { name: /Person stray/ }).innerText()).toContain('From sessions');
        expect(new URL(page.url()).pathname).toBe('/calls/meeting');
        expect(troubles).toEqual([]);
        await context.close();
      });
    }
  }
});
