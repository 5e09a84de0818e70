/**
 * Runs a sync from an upstream with odd responses, as an operator does: tests what is stored, what is reported, the
 * exit code, and the number of requests. Each row has its own tenant in one upstream and one store.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syncOutcome } from '../../src/cli/sync-outcome.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { exportedCalls } from './exported.ts';
import { aParticipant, aRecord, aSession, participants } from './records.ts';
import { rollcall } from './rollcall.ts';
import { startEmulator, type TestEmulator } from './emulator.ts';
import { testSync } from './sync.ts';

type Json = Record<string, unknown>;
type Entry = Json | null;

/** An exported call. */
interface Call extends Json {
  readonly id: string;
  readonly participants_v2: Entry[];
  readonly sessions: Entry[];
}

interface Row {
  readonly name: string;
  readonly faults: (calls: Calls) => readonly object[];
  readonly code: 0 | 3;
  /** What is stored of the odd call, when it differs from upstream's. */
  readonly kept?: (call: Call) => Call | undefined;
  /** The number of calls that are not stored; none when absent. */
  readonly missing?: number;
  /** A reported problem, as `unit: reason`. */
  readonly told?: RegExp;
  /** Marks of the odd call, as `part.reason`. */
  readonly marks?: readonly string[];
  /** Kinds of quarantined pieces. */
  readonly setAside?: readonly string[];
  /** The maximum number of requests about calls. */
  readonly requests: number;
  /** True when the call is retried several times: no test waits for that. */
  readonly isTriedAgain?: true;
  /** The result of the next sync, when upstream responds correctly again; the same when absent. */
  readonly healed?: { readonly code: 0 | 3; readonly kept?: (call: Call) => Call };
}

/** Ids of the calls of a row: three normal ones, one odd, one with several pages. */
interface Calls {
  readonly odd: string;
  readonly large: string;
}

const list = 'communications/callRecords';
const roll = `${list}/{id}/participants_v2`;
const minutesMs = 60_000;

/** Requests of a sync of five calls, of which one has two more pages and is requested once more. */
const usual = 24;

const rows: readonly Row[] = [
  ...(['nullId', 'missingId'] as const).map((odd): Row => {
    const without = (entry: Entry) => (odd === 'nullId' ? { ...entry, id: null } : omit(entry, 'id'));
    return {
      name: `${odd} of a participant`,
      faults: ({ odd: callId }) => [{ match: { callId }, effect: { odd, of: 'participants_v2', index: 1 } }],
      code: 0,
      kept: (call) => withEntry(call, 'participants_v2', 1, without),
      marks: ['participants.idMissing'],
      told: /^entry: .*The id is missing/,
      requests: usual,
    };
  }),
  {
    name: 'nullId of a session',
    faults: ({ odd: callId }) => [{ match: { callId }, effect: { odd: 'nullId', of: 'sessions' } }],
    code: 0,
    kept: (call) => withEntry(call, 'sessions', 0, (entry) => ({ ...entry, id: null })),
    marks: ['sessions.idMissing'],
    told: /^entry: .*The id is missing/,
    requests: usual,
  },
  {
    name: 'half of a surrogate pair in a name',
    faults: ({ odd: callId }) => [{ match: { callId }, effect: { odd: 'surrogate', of: 'participants_v2' } }],
    code: 0,
    kept: (call) =>
      withEntry(call, 'participants_v2', 0, (entry) => ({
        ...entry,
        identity: {
          ...(entry?.['identity'] as Json),
          user: { ...((entry?.['identity'] as Json)['user'] as Json), displayName: 'Person p-0\ud83d' },
        },
      })),
    marks: ['participants.loneSurrogate'],
    told: /^entry: .*lone surrogate/,
    requests: usual,
  },
  {
    name: 'a member of another type',
    faults: ({ odd: callId }) => [
      { match: { callId }, effect: { odd: 'wrongType', of: 'sessions', member: 'caller' } },
    ],
    code: 0,
    kept: (call) => withEntry(call, 'sessions', 0, (entry) => ({ ...entry, caller: 'another type' })),
    marks: ['sessions.wrongType'],
    told: /^entry: .*does not have the type/,
    requests: usual,
  },
  {
    name: 'a start of the call that is null',
    faults: ({ odd: callId }) => [{ match: { callId }, effect: { odd: 'nullStart', of: 'callRecord' } }],
    code: 0,
    kept: (call) => ({ ...call, startDateTime: null }),
    marks: ['record.timeMissing'],
    told: /^entry: .*The start is missing/,
    requests: usual,
  },
  {
    name: 'a byte order mark before each body',
    faults: () => [{ effect: { odd: 'byteOrderMark' } }],
    code: 0,
    marks: ['record.byteOrderMark'],
    told: /^entry: .*byte order mark/,
    requests: usual,
  },
  {
    name: 'null among the participants',
    faults: ({ odd: callId }) => [{ match: { callId }, effect: { odd: 'nullItem', of: 'participants_v2' } }],
    code: 3,
    marks: ['participants.setAside'],
    setAside: ['entry'],
    told: /^entry: .*could not be stored in its place/,
    requests: usual,
  },
  {
    name: 'an entry twice in one page',
    faults: ({ odd: callId }) => [
      { match: { callId }, effect: { odd: 'duplicateEntry', of: 'participants_v2' } },
    ],
    code: 0,
    marks: ['participants.repeatedAcrossPages'],
    told: /^entry: .*are identical/,
    requests: usual,
  },
  {
    name: 'pages that overlap',
    faults: ({ large: callId }) => [{ match: { callId }, effect: { odd: 'overlappingPages' } }],
    code: 0,
    told: /^entry: .*are identical/,
    requests: usual,
  },
  {
    name: 'null among the calls of the list',
    faults: () => [{ match: { endpoint: list }, effect: { odd: 'nullItem', index: 1 } }],
    code: 3,
    setAside: ['listItem'],
    told: /^listItem: /,
    requests: usual,
  },
  {
    name: 'a start that is null in the list of calls',
    faults: ({ odd: id }) => [{ match: { endpoint: list }, effect: { odd: 'nullStart', id } }],
    code: 0,
    requests: usual,
  },
  {
    name: 'a call in the list without an id',
    faults: ({ odd: id }) => [{ match: { endpoint: list }, effect: { odd: 'missingId', id } }],
    code: 3,
    missing: 1,
    kept: () => undefined,
    setAside: ['listItem'],
    told: /^listItem: /,
    requests: usual,
    healed: { code: 3 },
  },
  {
    name: 'an empty page before each page',
    faults: () => [{ effect: { odd: 'emptyPage' } }],
    code: 0,
    requests: 2 * usual,
  },
  {
    name: 'a next link that is empty',
    faults: () => [{ effect: { odd: 'emptyLink' } }],
    code: 0,
    requests: usual,
  },
  {
    name: 'a next link to the page that it stands in',
    faults: ({ large: callId }) => [
      { match: { callId, endpoint: roll, page: 2 }, effect: { odd: 'repeatedLink' } },
    ],
    code: 3,
    told: /^page: .*leads back to a page/,
    requests: 2 * usual,
    isTriedAgain: true,
    healed: { code: 0 },
  },
  {
    name: 'a link of the list of calls to itself',
    faults: () => [{ match: { endpoint: list }, effect: { odd: 'repeatedLink' } }],
    code: 3,
    told: /^list(Span|Page): .*leads back to a page/,
    requests: 10 * usual,
    healed: { code: 0 },
  },
  {
    name: 'a second version in the middle of a walk',
    faults: ({ large: callId }) => [{ match: { callId, page: 2 }, times: 1, effect: { odd: 'newVersion' } }],
    code: 0,
    requests: 2 * usual,
  },
];

/** Defines the suite. @param openStore Opens a store at a URL for the command; it is opened again after the command. */
export function oddUpstreamSuite(
  engine: string,
  address: () => string,
  openStore: () => Promise<CallRecordStore>,
  isAsked: (row: Row) => boolean = () => true,
): void {
  describe(`a sync into ${engine} from an upstream that answers oddly`, () => {
    let upstream: TestEmulator;
    beforeAll(async () => {
      upstream = await startEmulator({ start: new Date() });
    });
    afterAll(async () => {
      expect(upstream.defects).toEqual([]);
      await upstream.stop();
    });

    it.each(rows.filter(isAsked))('keeps what is sound: $name', async (row) => {
      const tenantId = randomUUID();
      const calls = await importCalls(upstream, tenantId);
      const before = await exportedAll(upstream.store, tenantId, calls);
      await upstream.ask('DELETE', 'faults');
      await upstream.ask('DELETE', 'requests');
      const answer = await upstream.ask(
        'POST',
        'faults',
        row.faults(calls).map((rule) => withTenant(rule, tenantId)),
      );
      expect([answer.status, answer.status === 201 ? '' : await answer.text()]).toEqual([201, '']);
      const first = await (row.isTriedAgain === true
        ? impatientSync(upstream, openStore, tenantId)
        : syncOnce(upstream.url, address(), tenantId));
      const { requests } = upstream.recorder.report();
      const played = upstream.emulator.faults.list().map(({ met }) => met > 0);
      expect(played, 'the fault was met').toEqual(played.map(() => true));
      expect(first.code, first.stderr).toBe(row.code);
      expect(requests).toBeLessThanOrEqual(row.requests);

      await using store = await openStore();
      const expected = before.map((call) => (call.id === calls.odd ? (row.kept ?? same)(call) : call));
      const after = await exportedAll(store, tenantId, calls);
      // Changed calls and missing pages have separate expectations below.
      const isOfLarge = /page that it stands in|second version/.test(row.name);
      const compared = (all: readonly Call[]) => all.filter(({ id }) => !isOfLarge || id !== calls.large);
      if (row.healed === undefined || row.missing !== undefined || isOfLarge)
        expect(compared(after)).toEqual(compared(expected.filter((call) => call !== undefined)));
      const edition = await store.edition(tenantId, calls.odd);
      if (row.marks !== undefined)
        expect(edition?.odd.map(({ part, reason }) => `${part}.${reason}`)).toEqual(row.marks);
      expect(unitsOf(await store.quarantine.list(tenantId, undefined, 10))).toEqual(row.setAside ?? []);
      const told = first.problems.map(({ unit, reason }) => `${unit}: ${reason}`).join('\n');
      expect(told).toMatch(row.told ?? /^$/);

      if (row.healed === undefined) return;
      await upstream.ask('DELETE', 'faults');
      const second = await syncOnce(upstream.url, address(), tenantId);
      expect(second.code, second.stderr).toBe(row.healed.code);
      if (row.missing === undefined) expect(await exportedAll(store, tenantId, calls)).toEqual(before);
    });
  });
}

const same = (call: Call) => call;

async function importCalls(
  upstream: TestEmulator,
  tenantId: string,
): Promise<Calls & { readonly all: string[] }> {
  const ids = Array.from({ length: 5 }, () => randomUUID());
  const [first, odd = '', second, third, large = ''] = ids;
  const at = (id: string | undefined, minutesAgo: number, more: object) =>
    aRecord(id!, {
      startDateTime: new Date(Date.now() - minutesAgo * minutesMs).toISOString(),
      endDateTime: new Date(Date.now() - (minutesAgo - 5) * minutesMs).toISOString(),
      organizer_v2: null,
      ...more,
    });
  const small = {
    participants_v2: ['p-0', 'p-1'].map((id) => aParticipant(id)),
    sessions: [aSession('s', 'p-0', 'p-1')],
  };
  const { rejects } = await upstream.import(
    [
      ...[first, odd, second, third].map((id, i) => at(id, 300 - i * 10, small)),
      at(large, 200, { participants_v2: participants(300), sessions: [aSession('s', 'participant-0')] }),
    ],
    tenantId,
  );
  expect(rejects).toEqual([]);
  return { odd, large, all: ids };
}

function withTenant(rule: object, tenant: string): object {
  const { match = {}, ...rest } = rule as { match?: object };
  return { match: { ...match, tenant }, ...rest };
}

async function exportedAll(
  store: CallRecordStore,
  tenantId: string,
  { all }: { readonly all: readonly string[] },
): Promise<Call[]> {
  const lines = await exportedCalls(store, tenantId, all);
  return lines.map((line) => JSON.parse(line) as Call);
}

interface SyncEnd {
  readonly code: number;
  readonly stderr: string;
  readonly problems: readonly {
    readonly unit: string;
    readonly reason: string;
    readonly call: string | null;
  }[];
}

async function syncOnce(url: string, store: string, tenantId: string): Promise<SyncEnd> {
  const { code, stdout, stderr } = await rollcall([
    ...['sync', '--once', '--json', '--quiet', '--logs', 'none', '--budget-scale', '0.001'],
    ...['--upstream', url, '--tenant', tenantId, '--store', store],
  ]);
  const { problems } = JSON.parse(stdout) as Pick<SyncEnd, 'problems'>;
  return { code, stderr, problems };
}

/** Runs a sync as the command does, but stops instead of retrying an incomplete call. */
async function impatientSync(
  { url }: TestEmulator,
  openStore: () => Promise<CallRecordStore>,
  tenantId: string,
): Promise<SyncEnd> {
  await using store = await openStore();
  using sync = testSync({ url, store, tenants: [{ tenantId }] });
  const stop = new AbortController();
  const ended = sync.tenants[0]!.once(stop.signal);
  void ended.finally(() => stop.abort());
  while (!stop.signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const wanted = await store.upstream.pending(tenantId, undefined, 10);
    if (wanted.length === 1 && wanted[0]?.reason !== undefined) stop.abort();
  }
  const { text, code } = syncOutcome({ outcomes: [await ended], left: undefined }, true);
  const { problems } = JSON.parse(text) as Pick<SyncEnd, 'problems'>;
  return { code, stderr: text, problems };
}

function unitsOf(pieces: readonly { readonly unit: string }[]): string[] {
  return pieces.map(({ unit }) => unit);
}

function withEntry(
  call: Call,
  list: 'participants_v2' | 'sessions',
  index: number,
  change: (entry: Entry) => Entry,
): Call {
  return { ...call, [list]: call[list].with(index, change(call[list][index] ?? null)) };
}

function omit(entry: Entry, name: string): Json {
  return Object.fromEntries(Object.entries(entry ?? {}).filter(([one]) => one !== name));
}
