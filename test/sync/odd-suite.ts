/** One odd answer of upstream costs itself alone: the calls around it are stored whole, whatever it is. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leftText } from '../../src/cli/sync-outcome.ts';
import { oddCount } from '../../src/contract/oddities.ts';
import { createEmulatorClock, type EmulatorClock } from '../../src/emulator/emulator-clock.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { leftWork } from '../../src/collect/sync/left-work.ts';
import type { TenantOutcome } from '../../src/collect/sync/tenant-report.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { development } from '../../src/base/development.ts';
import { calls, html, item, kept, lost, odd, ofCall, pages, start } from '../support/odd-answers.ts';
import { type ChangeAnswer, type SmallGraph, startSmallGraph } from '../support/small-graph.ts';
import { exportedCalls } from '../support/exported.ts';
import { startTestServer } from '../support/server.ts';
import { hurry, testSync } from '../support/sync.ts';

const { tenantId } = development;
const around = (callId: string) => callId !== odd;

export function oddSyncSuite(
  backend: string,
  open: (clock: EmulatorClock) => Promise<CallRecordStore>,
  isAsked: (name: string) => boolean = () => true,
): void {
  describe(`an upstream with something odd, kept in ${backend}`, () => {
    let clock: EmulatorClock;
    let store: CallRecordStore;
    beforeEach(async () => {
      clock = createEmulatorClock(new Date(start), undefined);
      store = await open(clock);
    });
    afterEach(() => store[Symbol.asyncDispose]());

    async function syncOnce(
      graph: SmallGraph,
      signal = new AbortController().signal,
    ): Promise<TenantOutcome> {
      using sync = testSync({
        ...{ url: graph.url, store, clock },
        tenants: [{ authority: new URL(graph.url) }],
      });
      let outcome: TenantOutcome | undefined;
      const ended = sync.tenants[0]!.once(signal).then((one) => (outcome = one));
      await hurry(clock, sync, () => outcome !== undefined);
      return await ended;
    }

    const isWhole = async (callId: string) => {
      const edition = await store.edition(tenantId, callId);
      return edition?.participants?.complete === true && edition.sessions?.complete === true;
    };

    it.each([...kept, ...lost].filter(([name]) => isAsked(name)))('%s', async (_, change, expected) => {
      await using graph = await startSmallGraph(calls, start - 3600_000, change);
      const { problems, problemCount, incomplete, failed, hasLoss } = await syncOnce(graph);
      const { marks = 0, units = [], setAside = [], isMissing = false } = expected;
      const edition = await store.edition(tenantId, odd);
      const pieces = await store.quarantine.list(tenantId, undefined, 99);
      expect({
        incomplete,
        failed,
        marks: edition && oddCount(edition.odd),
        units: [...new Set(problems.map(({ unit }) => unit))],
        setAside: [...new Set(pieces.map(({ unit }) => unit))],
        isCounted: problems.length === problemCount,
        isComplete: hasLoss || incomplete > 0,
      }).toEqual({
        incomplete: expected.incomplete ?? 0,
        failed: false,
        marks: isMissing ? undefined : marks,
        units,
        setAside,
        isCounted: true,
        isComplete: setAside.length > 0 || (expected.incomplete ?? 0) > 0,
      });
      for (const callId of graph.callIds.filter(around)) expect(await isWhole(callId), callId).toBe(true);
      expect(graph.asked.length).toBeLessThan(250);
    });

    it.each([null, 7, ''])('serves, exports and verifies a call that came with the id %j', async (id) => {
      const change = ofCall('both', (body) => ({ ...body, id }));
      await using graph = await startSmallGraph(calls, start - 3600_000, change);
      await syncOnce(graph);
      const [line = ''] = await exportedCalls(store, tenantId, [odd]);
      expect(JSON.parse(line)).toMatchObject({ id, participants_v2: [{}, {}], sessions: [{}] });
      const report = await verifyTenant(store, tenantId, { clock, onRead: () => undefined });
      expect(report).toMatchObject({ records: calls, corrupt: 0, incomplete: 0 });
      const server = await startTestServer({ store, clock });
      const authorization = `Bearer ${await server.token({ tenantId })}`;
      const path = `${server.url}/v1.0/communications/callRecords`;
      const ask = async (of: string): Promise<unknown> => {
        const response = await fetch(path + of, { headers: { authorization } });
        return [response.status, await response.json()];
      };
      expect(await ask(`/${odd}?$expand=sessions`)).toMatchObject([200, { id, sessions: [{}] }]);
      expect(await ask('')).toMatchObject([200, { value: graph.callIds.map(() => ({})) }]);
      await server.stop(); // and the store with it
      expect(server.defects).toEqual([]);
      store = await open(clock);
    });

    it('does not repeat a walk without end until the next run', async () => {
      let isOdd = true;
      const endless = pages((n, link) => ({ value: [], '@odata.nextLink': link(`${n}`) }));
      const change: ChangeAnswer = (body, question, url) => (isOdd ? endless(body, question, url) : body);
      await using graph = await startSmallGraph(calls, start - 3600_000, change);
      expect(await syncOnce(graph)).toMatchObject({ incomplete: 1, problems: [{ call: odd, unit: 'page' }] });
      expect(graph.asked.filter((url) => url.startsWith('/v1.0/pages/'))).toHaveLength(25);
      isOdd = false;
      expect(await syncOnce(graph)).toMatchObject({ incomplete: 0, problems: [] });
    });

    it.each([
      ['ever new links', (n: number) => n],
      ['links in a circle', (n: number) => n % 3],
    ])('ends a list of calls with %s within the limit of upstream', async (_, at) => {
      let n = 0;
      const change: ChangeAnswer = (body, { of, url: asked }, url) => {
        const isLater = asked.pathname.startsWith('/v1.0/later/');
        if (of !== 'list' && !isLater) return body;
        const { value = [] } = body;
        return { value, '@odata.nextLink': `${url}/v1.0/later/${at(++n)}` };
      };
      await using graph = await startSmallGraph(calls, start - 3600_000, change);
      expect(await syncOnce(graph)).toMatchObject({
        ...{ records: calls, incomplete: 0, hasLoss: true },
        problems: [{ unit: 'listSpan' }],
      });
      expect(graph.asked.filter((url) => url.startsWith('/v1.0/later/')).length).toBeLessThan(55);
    });

    it.each(['participants_v2', 'sessions'] as const)(
      'keeps no list in place of %s that a Rollcall upstream has not received',
      async (of) => {
        const change = ofCall(of, (body) => ({
          [`${of}@rollcall.incomplete`]: 'listMissing',
          ...body,
          [of]: [],
        }));
        await using graph = await startSmallGraph(calls, start - 3600_000, change);
        expect(await syncOnce(graph)).toMatchObject({
          newVersions: calls,
          ...(of === 'sessions'
            ? { incomplete: 0, problemCount: 0 } // as in verify: nothing says that there are any
            : {
                ...{ incomplete: 1, problemCount: 1 },
                problems: [
                  { call: odd, unit: 'list', reason: expect.stringContaining('has not received') as string },
                ],
              }),
        });
        expect(graph.asked.filter((url) => url.includes(odd))).toHaveLength(2);
        const edition = await store.edition(tenantId, odd);
        const lists = { participants_v2: edition?.participants, sessions: edition?.sessions };
        expect(lists[of]).toBeUndefined();
        const [line] = await exportedCalls(store, tenantId, [odd]);
        expect(line).not.toContain('@rollcall.incomplete');
      },
    );

    it('heals, and leaves nothing set aside of a call that came whole after all', async () => {
      let isOdd = true;
      const change: ChangeAnswer = (body, { callId }) => (isOdd && callId === odd ? html : body);
      await using graph = await startSmallGraph(calls, start - 3600_000, change);
      await syncOnce(graph);
      expect((await store.quarantine.count(tenantId)).body).toBe(1);
      isOdd = false;
      expect(await syncOnce(graph)).toMatchObject({ incomplete: 0, problems: [], setAside: 0, records: 1 });
      expect(await isWhole(odd)).toBe(true);
    });

    it('lists everything around an answer that cannot be read, and that span when it can be', async () => {
      let isOdd = true;
      const change: ChangeAnswer = (body, { of }) =>
        isOdd && of === 'list' && JSON.stringify(body).includes(odd) ? html : body;
      await using graph = await startSmallGraph(calls, start - 3600_000, change);
      const first = await syncOnce(graph);
      expect([first.records, first.problems.map(({ unit }) => unit), first.setAside]).toEqual([
        3,
        ['listSpan'],
        1,
      ]);
      isOdd = false;
      expect(await syncOnce(graph)).toMatchObject({ records: 1, problems: [], setAside: 0 });
      for (const callId of graph.callIds) expect(await isWhole(callId), callId).toBe(true);
    });

    it('does not ask for a call for ever that upstream lists in a later version than it sends', async () => {
      await using graph = await startSmallGraph(
        calls,
        start - 3600_000,
        item((one) => ({ ...one, version: 9 })),
      );
      const outcome = await syncOnce(graph);
      expect([outcome.incomplete, outcome.problems.map(({ unit }) => unit)]).toEqual([1, ['call']]);
      expect(await isWhole(odd)).toBe(true);
      expect(graph.asked.length).toBeLessThan(30);
    });

    it('goes on, and logs a call that stays odd once', async () => {
      const change = ofCall('both', () => html);
      await using graph = await startSmallGraph(calls, start - 3600_000, change);
      using sync = testSync({
        ...{ url: graph.url, store, clock },
        tenants: [{ authority: new URL(graph.url) }],
      });
      const stop = new AbortController();
      const follow = { reconcileMs: 3600_000, notificationUrl: undefined };
      const followed = sync.tenants[0]!.follow(follow, stop.signal);
      // A store that answers later than at once is overtaken by the clock.
      await hurry(clock, sync, () => sync.problems.length > 0 && clock.now().getTime() > start + 7_200_000);
      stop.abort();
      await followed;
      expect(sync.problems.map(({ call, unit }) => [call, unit])).toEqual([[odd, 'call']]);
      expect((await store.quarantine.count(tenantId)).body).toBe(1);
      for (const callId of graph.callIds.filter(around)) expect(await isWhole(callId), callId).toBe(true);
      // Three attempts of a request, ten minutes apart once it has failed for a while.
      expect(graph.asked.length).toBeLessThan(300);
    });

    it('says what is left when it is stopped', async () => {
      const stop = new AbortController();
      const change: ChangeAnswer = (body, { of }) => {
        if (of === 'sessions') stop.abort();
        return body;
      };
      await using graph = await startSmallGraph(calls, start - 3600_000, change);
      expect(await syncOnce(graph, stop.signal)).toMatchObject({ incomplete: calls, problems: [] });
      const left = await leftWork(store, tenantId, { nowMs: clock.now().getTime(), sinceMs: undefined });
      expect(leftText(left)).toBe(
        'Stopped. 4 calls are in the queue, and the list of calls is read to its end. The next sync continues from there.',
      );
      const early = { nowMs: clock.now().getTime(), sinceMs: start - 40 * 864e5 };
      expect(leftText(await leftWork(store, tenantId, early))).toContain(
        'the list of calls is not read for one span, from 2026-09-23T12:00:00Z to 2026-10-03T12:00:00Z.',
      );
    });
  });
}
