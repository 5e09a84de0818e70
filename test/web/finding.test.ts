/** From a question to the roll, in a browser. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { aPerson, between, otherCalls, twoVersions } from '../support/page-server.ts';
import { usePageServer } from '../support/use-page-server.ts';
import { aRecord, aSession } from '../support/records.ts';

describe.skipIf(!hasChromium)('finding a call', () => {
  const { server, visitor } = usePageServer([...twoVersions, ...otherCalls]);

  const rowOf = (page: Page, name: string | RegExp) => page.getByRole('row', { name });
  const open = async (page: Page, view: string) => {
    await page.getByRole('tab', { name: view }).click();
    return page.getByRole('tabpanel');
  };

  // What each theme looks like is tested in each view; here, a theme must not matter.
  for (const [width, theme] of [
    ['narrow', 'dark'],
    ['wide', 'light'],
  ] as const) {
    it(`goes from a name to the roll and what else is known, ${width} and ${theme}`, async () => {
      await using visit = await visitor({ width, theme, signsIn: false });
      const { page, troubles } = visit;
      await page.goto('/');
      await page.getByRole('button', { name: 'Sign in as the developer' }).click();
      await page.getByRole('link', { name: /Zoë Ångström/ }).waitFor();

      await page.keyboard.press('/');
      // Who pauses goes on in the same field, although the search has left the first page.
      for (const [typed, q] of [
        ['angs', 'angs'],
        ['trom', 'angstrom'],
      ] as const) {
        await page.keyboard.type(typed);
        await page.waitForURL(`**/calls?q=${q}`);
      }
      await page.getByText('One call.').waitFor();
      await page.getByRole('link', { name: /Zoë Ångström/ }).click();

      const anna = rowOf(page, /Anna Weber/);
      await anna.getByText('10:30:00').waitFor();
      expect(await anna.innerText()).toMatch(/User[^]*10:00:05[^]*10:30:00[^]*27 min/);
      expect(await rowOf(page, /\+49301234567/).innerText()).toMatch(/No media connection[^]*Phone/);
      expect(await rowOf(page, /Person stray/).innerText()).toContain('From sessions');
      expect(new URL(page.url()).pathname).toBe('/calls/meeting');
      expect(await page.locator('strong', { hasText: 'Not verified.' }).count()).toBe(1);

      expect(await (await open(page, 'Timeline')).innerText()).toContain(
        'At most 3 people at once, from 10:02:00.',
      );
      expect(
        await rowOf(page, /Anna Weber/)
          .locator('.bar.segment')
          .count(),
      ).toBe(2);

      const quality = await open(page, 'Media quality');
      await quality.getByText('Poor for 1 of').waitFor();
      await quality.getByRole('button', { name: 'Streams', exact: true }).click();
      await quality.getByText('1 of 10 streams poor').waitFor();
      expect(await quality.locator('.streams .beyond').allInnerTexts()).toEqual([
        expect.stringContaining('45 ms'),
      ]);

      const versions = await open(page, 'Versions');
      await versions.getByText('participants added').waitFor();
      expect(await versions.innerText()).toMatch(
        /Version 2[^]*2 participants added: Anna Weber, \+49301234567/,
      );
      await versions.getByRole('link', { name: 'Show the roll of version 1' }).click();
      await page.getByText('You see version 1 of this call').waitFor();
      await page.getByText('1 person', { exact: true }).waitFor();
      expect(await rowOf(page, /Anna Weber/).count()).toBe(0);
      // On the narrow page the facts are folded.
      await page.evaluate("document.querySelector('details.facts')?.setAttribute('open', '')");
      expect(await page.locator('.facts').innerText()).toMatch(
        /People\s+1\s+Sessions\s+1\s[^]*Version\s+1 [^]*1 participant received/,
      );
      expect(await page.locator('.facts dd .badge').allInnerTexts()).toEqual(['Not verified']);

      await page.getByRole('link', { name: 'Show the newest' }).click();
      const data = await open(page, 'JSON and curl');
      await data.getByText('"displayName": "Anna Weber"').waitFor();
      expect(troubles).toEqual([]);
    });
  }

  it('gives a command that fetches what is shown, and has no token in it', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/calls/meeting?view=data');
    const shown = await page.getByLabel('Answer', { exact: true }).innerText();
    const command = await page.getByLabel('Command', { exact: true }).innerText();
    const environment = { ...process.env, TOKEN: await server().token() };
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { env: environment });
    expect(JSON.parse(stdout)).toEqual(JSON.parse(shown));
    expect((JSON.parse(stdout) as { value: unknown[] }).value).toHaveLength(3);
  });

  it('finds by each of its fields', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    const names = async (query: string) => {
      await page.goto(`/calls?${query}`);
      await page.locator('.more, .state-empty').waitFor();
      const links = await page.locator('.calls [data-item]').all();
      const hrefs = await Promise.all(links.map((link) => link.getAttribute('href')));
      return hrefs.map((href) => href?.slice('/calls/'.length));
    };
    const found = {
      'q=anna': ['meeting', 'cut'],
      'person=Anna+Web': ['meeting', 'cut'],
      'number=0123+45': ['meeting'],
      'organizer=zoe': ['meeting'],
      'type=peerToPeer': [],
      'modality=video': ['meeting'],
      'minMinutes=9&maxMinutes=20': ['cut'],
      'maxMinutes=0.5': ['bare'],
      'joinUrl=https://teams.example/l/19%253ameeting_A': ['meeting'],
      'state=failed': [],
      'state=partlyFailed': ['meeting'],
      'reason=media': ['meeting'],
      'reason=busy': [],
      'state=poor': ['meeting'],
      'state=incomplete': ['cut', 'bare'],
      'from=2026-03-01&to=2026-03-01': ['cut'],
      'from=2026-03-01': ['meeting', 'cut'],
    };
    for (const [query, ids] of Object.entries(found))
      expect([query, await names(query)]).toEqual([query, ids]);
    expect(await page.locator('select[name=type]').isVisible()).toBe(false);
    await page.goto('/calls?person=weber&minMinutes=9');
    expect(await page.getByLabel('At least, minutes').inputValue()).toBe('9');
    await page.getByRole('link', { name: /, 1 person$/ }).waitFor();
    expect(troubles).toEqual([]);
  });

  it('shows who can be inferred where no list was received, and says so', async () => {
    const archived = {
      sessions: [aSession('s', 'caller')],
      participants: [{ user: { id: 'named', displayName: 'Nadia Named' } }],
      organizer_v2: { id: 'host', identity: { user: { id: 'host', displayName: 'Hugo Host' } } },
    };
    await server().import([aRecord('archived', { startDateTime: '2026-01-01T10:00:00Z', ...archived })]);
    await using visit = await visitor();
    const { page, troubles } = visit;
    await page.goto('/calls/archived');
    expect(await rowOf(page, /Person caller/).innerText()).toContain('From sessions');
    expect(await rowOf(page, /Nadia Named/).innerText()).toContain('From the record');
    expect(await rowOf(page, /Hugo Host/).innerText()).toContain('Organizer');
    expect(await page.getByRole('note').innerText()).toContain('The list of participants was not received.');
    expect(await page.locator('.facts').innerText()).toMatch(/People\s+3 inferred/);
    expect(troubles).toEqual([]);
  });

  it('means days of the clock that is shown', async () => {
    await using visit = await visitor({ timezone: 'Europe/Berlin' });
    const { page } = visit;
    await page.goto('/calls?from=2026-02-28&to=2026-02-28');
    await page.getByText('One call.').waitFor();
    expect(await page.locator('.calls .start').innerText()).toBe('00:30');
    await page.getByLabel('Times').selectOption('UTC');
    await page.getByText('No call matches').waitFor();
    await page.reload();
    await page.getByText('No call matches').waitFor();
  });

  it('answers why a call failed: of the call, its sessions and each person, in the list and in the statistics', async () => {
    const failing = (reason: string, stage = 'callSetup') => ({
      ...between('10:00:00', '10:01:00'),
      failureInfo: { reason, stage },
    });
    const call = (id: string, sessions: readonly object[]) =>
      aRecord(id, {
        ...{ ...between('10:00:00', '10:01:00'), sessions, organizer_v2: aPerson('f1', 'Fred Failing') },
        participants_v2: [aPerson('f1', 'Fred Failing'), aPerson('f2', 'Frida Failing')],
      });
    await server().import([
      call('unanswered', [aSession('s', 'f1', 'f2', failing('Call was not answered.'))]),
      call('lost', [aSession('s', 'f1', 'f2', failing('Network connection was lost.', 'midcall'))]),
    ]);
    await using visit = await visitor();
    const { page, troubles } = visit;
    await page.goto('/calls?person=fred');
    await page.getByText('All 2 calls.').waitFor();
    expect(await page.locator('.went .badge:not(.unverified)').allInnerTexts()).toEqual([
      'Failed: Network connection lost',
      'Not answered',
    ]);
    await page.getByLabel('State').selectOption('Not answered');
    await page.getByText('One call.').waitFor();
    await page.getByRole('link', { name: /Fred Failing/ }).click();
    const facts = page.locator('.facts');
    await facts.getByText('1 session with a reason').click();
    expect(await facts.innerText()).toMatch(
      /Not answered\.\s+Not answered: “Call was not answered\.” \(2 people, 1 session\)/,
    );
    expect(await rowOf(page, /Fred Failing, Frida Failing/).innerText()).toMatch(
      /10:00:00\s+Not answered: “Call was not answered.”/,
    );
    expect(await rowOf(page, /^Frida Failing/).innerText()).toContain('Not answered');
    await page.goto('/calls/lost');
    await facts
      .getByText(
        'Failed: Network connection lost, during the call: “Network connection was lost.” 2 of 2 people had a failure.',
      )
      .waitFor();
    await page.goto('/statistics?days=all');
    const reasons = page.locator('.reasons');
    await reasons.getByRole('link', { name: 'Not answered' }).waitFor();
    expect(await reasons.innerText()).toMatch(/Network connection lost\s+1/);
    await reasons.getByRole('link', { name: 'Network connection lost' }).click();
    await page.getByText('One call.').waitFor();
    expect(new URL(page.url()).search).toMatch(/^\?reason=network&from=2026-\d\d-\d\d&tz=UTC$/);
    await page.goto('/calls/meeting');
    await facts.getByText('Completed. 1 of 4 people had a failure.').waitFor();
    expect(await facts.locator('.badge.warn').allInnerTexts()).toContain('Failed for 1 of 4');
    expect(troubles).toEqual([]);
  });

  it('goes back to the search that a call was found by', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/calls?q=zoe');
    await page.getByRole('link', { name: /Zoë/ }).click();
    await rowOf(page, /Anna Weber/).waitFor();
    await page.goBack();
    await page.getByText('One call.').waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('zoe');
  });
});
