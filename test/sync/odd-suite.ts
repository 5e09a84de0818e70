/** One odd answer of upstream costs itself alone: the calls around it are stored whole, whatever it is. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leftText } from '../../src/cli/sync-outcome.ts';
import { oddCount } from '../../src/model/oddities.ts';
import { createStageClock, type StageClock } from '../../src/stage/stage-clock.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { leftWork } from '../../src/sync/left-work.ts';
import type { TenantOutcome } from '../../src/sync/tenant-report.ts';
import { development } from '../../src/auth/issuer/issuer.ts';
import {
  callIdOf,
  type ChangeAnswer,
  type GraphAnswer,
  type GraphQuestion,
  type SmallGraph,
  startSmallGraph,
} from '../support/small-graph.ts';
import { hurry, testSync } from '../support/sync.ts';

const { tenantId } = development;
const calls = 4;
/** The odd one. */
const odd = callIdOf(1);
const start = Date.parse('2026-11-02T12:00:00Z');

type Json = Record<string, unknown>;
type Entries = Json[];

/** What a sync of it ends with; the calls that are not odd are whole in any case. */
interface Expected {
  /** Marks of the odd call. */
  readonly marks?: number;
  /** Units of the problems, in order, each once. */
  readonly units?: readonly string[];
  /** Units in the quarantine. */
  readonly setAside?: readonly string[];
  /** Calls that are not stored whole. */
  readonly incomplete?: number;
  /** True when the odd call is not there at all. */
  readonly isMissing?: boolean;
}

type Oddity = readonly [what: string, change: ChangeAnswer, expected: Expected];

/** Changes what is asked of the odd call. */
function ofCall(
  of: GraphQuestion['of'] | 'both',
  change: (body: Json, url: string) => GraphAnswer,
): ChangeAnswer {
  return (body, question, url) => {
    const isOf = of === 'both' ? question.of !== 'list' && question.of !== 'other' : question.of === of;
    return question.callId === odd && isOf ? change(body, url) : body;
  };
}

/** Changes the item of the odd call in the list of calls. */
function item(change: (one: Json) => unknown): ChangeAnswer {
  return (body, { of }) =>
    of === 'list'
      ? { value: (body['value'] as Entries).map((one) => (one['id'] === odd ? change(one) : one)) }
      : body;
}

const participants = (change: (list: Entries) => unknown) =>
  ofCall('participants_v2', (body) => ({
    ...body,
    participants_v2: change(body['participants_v2'] as Entries),
  }));
const sessions = (change: (list: Entries) => unknown) =>
  ofCall('sessions', (body) => ({ ...body, sessions: change(body['sessions'] as Entries) }));
const second = (change: (one: Json) => unknown) => (list: Entries) =>
  list.map((one, i) => (i === 1 ? change(one) : one));

/** @param page Answers the nth later page; `link` leads to any path of the server. */
function pages(page: (n: number, link: (text: string) => string, url: string) => GraphAnswer): ChangeAnswer {
  let later = 0;
  return (body, { of, callId, url: asked }, url) => {
    const link = (text: string) => `${url}/v1.0/pages/${text}`;
    if (of === 'participants_v2' && callId === odd) {
      later = 0;
      return { ...body, 'participants_v2@odata.nextLink': link('first') };
    }
    return of === 'other' && asked.pathname.startsWith('/v1.0/pages/') ? page(++later, link, url) : body;
  };
}

const without = (one: Json, name: string) =>
  Object.fromEntries(Object.entries(one).filter(([member]) => member !== name));
const deep: unknown = JSON.parse('['.repeat(80) + ']'.repeat(80));
const more = (id: string) => ({ value: [{ id, identity: { user: { id } } }] });
const html = '<html><body>Gateway</body></html>';

const kept: readonly Oddity[] = [
  [
    'a participant with a null id',
    participants(second((one) => ({ ...one, id: null }))),
    { marks: 1, units: ['entry'] },
  ],
  [
    'a participant without an id',
    participants(second((one) => without(one, 'id'))),
    { marks: 1, units: ['entry'] },
  ],
  [
    'a participant with a number for an id',
    participants(second((one) => ({ ...one, id: 7 }))),
    { marks: 1, units: ['entry'] },
  ],
  [
    'half of a character',
    participants(second((one) => ({ ...one, label: 'Ben \ud83d' }))),
    { marks: 1, units: ['entry'] },
  ],
  ['a participant twice', participants((list) => [...list, list[0]]), { marks: 1, units: ['entry'] }],
  [
    'a session with a null id',
    sessions((list) => list.map((one) => ({ ...one, id: null }))),
    { marks: 1, units: ['entry'] },
  ],
  [
    'null as a participant',
    participants((list) => [...list, null]),
    { marks: 1, units: ['entry'], setAside: ['entry'] },
  ],
  [
    'text as a session',
    sessions((list) => [...list, 'x']),
    { marks: 1, units: ['entry'], setAside: ['entry'] },
  ],
  [
    'a byte order mark',
    ofCall('both', (body) => `\ufeff${JSON.stringify(body)}`),
    { marks: 1, units: ['entry'] },
  ],
  ['a version as a string', ofCall('both', (body) => ({ ...body, version: '1' })), {}],
  ['no version', ofCall('both', (body) => without(body, 'version')), {}],
  [
    'a null start',
    ofCall('both', (body) => ({ ...body, startDateTime: null })),
    { marks: 1, units: ['entry'] },
  ],
  [
    'a modality that is a number',
    ofCall('both', (body) => ({ ...body, modalities: 1 })),
    { marks: 1, units: ['entry'] },
  ],
  ['an id in capitals', ofCall('both', (body) => ({ ...body, id: odd.toUpperCase() })), {}],
  ['no id', ofCall('both', (body) => without(body, 'id')), { marks: 1, units: ['entry'] }],
  [
    'an empty link',
    ofCall('participants_v2', (body) => ({ ...body, 'participants_v2@odata.nextLink': '' })),
    {},
  ],
  ['a null link', ofCall('sessions', (body) => ({ ...body, 'sessions@odata.nextLink': null })), {}],
  [
    'empty pages before the last',
    pages((n, link) => (n < 4 ? { value: [], '@odata.nextLink': link(`${n}`) } : more('c'))),
    {},
  ],
  ['an item nested too deep', item((one) => ({ ...one, more: deep })), {}],
  [
    'a participant nested too deep',
    participants(second((one) => ({ ...one, more: deep }))),
    { marks: 1, units: ['entry'], setAside: ['entry'] },
  ],
  ['an item with a null start', item((one) => ({ ...one, startDateTime: null })), {}],
  ['an item with a date for a start', item((one) => ({ ...one, startDateTime: 'today' })), {}],
  ['an item with a null version', item((one) => ({ ...one, version: null })), {}],
  ['an item with text for a version', item((one) => ({ ...one, version: 'one' })), {}],
  ['an item of wrong types', item(({ id }) => ({ id, version: [], startDateTime: {}, modalities: 7 })), {}],
];

const lost: readonly Oddity[] = [
  [
    'a number for a link',
    ofCall('sessions', (body) => ({ ...body, 'sessions@odata.nextLink': 1 })),
    { marks: 1, units: ['entry', 'page'], incomplete: 1 },
  ],
  ['sessions that are null', sessions(() => null), { units: ['list'], incomplete: 1 }],
  [
    'no sessions',
    ofCall('sessions', (body) => without(body, 'sessions')),
    { units: ['list'], incomplete: 1 },
  ],
  [
    'a page of HTML in place of the call',
    ofCall('both', () => html),
    { units: ['call'], setAside: ['body'], incomplete: 1, isMissing: true },
  ],
  [
    'an array in place of the call',
    ofCall('both', (body) => [body]),
    { units: ['call'], setAside: ['body'], incomplete: 1, isMissing: true },
  ],
  [
    'nothing in place of the call',
    ofCall('both', () => ({ status: 204, text: '' })),
    { units: ['call'], incomplete: 1, isMissing: true },
  ],
  [
    'HTML in place of the sessions',
    ofCall('sessions', () => html),
    { units: ['list'], setAside: ['body'], incomplete: 1 },
  ],
  [
    'another call',
    ofCall('both', (body) => ({ ...body, id: callIdOf(9) })),
    { units: ['call'], setAside: ['body'], incomplete: 1, isMissing: true },
  ],
  [
    'a link to the same page',
    pages((_, link) => ({ ...more('c'), '@odata.nextLink': link('first') })),
    { units: ['page'], incomplete: 1 },
  ],
  [
    'links in a circle',
    pages((n, link) => ({ ...more(`c${n % 3}`), '@odata.nextLink': link(`${n % 3}`) })),
    { marks: 1, units: ['entry', 'page'], incomplete: 1 },
  ],
  [
    'the same page behind ever new links',
    pages((n, link) => ({ ...more('c'), '@odata.nextLink': link(`${n}`) })),
    { marks: 25, units: ['entry', 'page'], incomplete: 1 },
  ],
  [
    'empty pages without end',
    pages((n, link) => ({ value: [], '@odata.nextLink': link(`${n}`) })),
    { units: ['page'], incomplete: 1 },
  ],
  [
    'a link to another server',
    pages(() => ({ ...more('c'), '@odata.nextLink': 'https://elsewhere.example/' })),
    { units: ['page'], incomplete: 1 },
  ],
  ['a page of HTML', pages(() => html), { units: ['page'], setAside: ['page'], incomplete: 1 }],
  [
    'a page without a list',
    pages((n, link) => (n === 1 ? { '@odata.nextLink': link('2') } : more('c'))),
    { units: ['page'], setAside: ['page'], incomplete: 1 },
  ],
  [
    'null as an item',
    (body, { of }) => (of === 'list' ? { value: [null, ...(body['value'] as Entries)] } : body),
    { units: ['listItem'], setAside: ['listItem'] },
  ],
  [
    'an item without an id',
    item((one) => without(one, 'id')),
    { units: ['listItem'], setAside: ['listItem'], isMissing: true },
  ],
  [
    'an item with a number for an id',
    item((one) => ({ ...one, id: 5 })),
    { units: ['listItem'], setAside: ['listItem'], isMissing: true },
  ],
];

const around = (callId: string) => callId !== odd;

export function oddSyncSuite(backend: string, open: (clock: StageClock) => Promise<CallRecordStore>): void {
  describe(`an upstream with something odd, kept in ${backend}`, () => {
    let clock: StageClock;
    let store: CallRecordStore;
    beforeEach(async () => {
      clock = createStageClock(new Date(start), undefined);
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

    it.each([...kept, ...lost])('%s', async (_, change, expected) => {
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
        'Stopped. 4 calls are in the queue, and the list of calls is read to its end. The next sync goes on from there.',
      );
      const early = { nowMs: clock.now().getTime(), sinceMs: start - 40 * 864e5 };
      expect(leftText(await leftWork(store, tenantId, early))).toContain(
        'the list of calls is not read for one span, from 2026-09-23T12:00:00Z to 2026-10-03T12:00:00Z.',
      );
    });
  });
}
