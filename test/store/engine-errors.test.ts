/** Fails any SQLite statement of any operation: the store must give an error message, and a request must get 503. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import type { Edition } from '../../src/store/edition.ts';
import { StoreError } from '../../src/store/store-errors.ts';
import { copiedTables } from '../../src/store/tables.ts';
import { fillWhole } from '../support/copied.ts';
import { importLines } from '../support/filled-store.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { startTestServer } from '../support/server.ts';
import { snapshotsOf } from '../support/snapshots.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());
const tenantId = '11111111-1111-4111-8111-111111111111';

/** SQLITE_BUSY, IOERR, CORRUPT, FULL, CANTOPEN, and an extended code. */
const codes = [5, 10, 11, 13, 14, 266];

/**
 * Makes one call to the engine fail, counted from now on.
 *
 * @returns A function that returns the number of calls so far
 */
function failAt(place: number, errcode: number): () => number {
  let calls = 0;
  const fail = () => {
    if (++calls !== place) return;
    throw Object.assign(new Error('of the engine'), { code: 'ERR_SQLITE_ERROR', errcode });
  };
  const targets = [
    [StatementSync.prototype, ['get', 'all', 'run', 'iterate']],
    [DatabaseSync.prototype, ['exec', 'prepare']],
  ] as const;
  for (const [prototype, names] of targets)
    for (const name of names) {
      const methods = prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
      const own = methods[name]!;
      vi.spyOn(methods, name).mockImplementation(function (this: unknown, ...args: unknown[]) {
        if (args[0] !== 'ROLLBACK') fail();
        return own.apply(this, args);
      });
    }
  return () => calls;
}

const line = (version: number) =>
  JSON.stringify(aRecord('added', { version, participants_v2: [aParticipant('p')] }));
const query = {
  from: 0n,
  before: 2n ** 62n,
  participantId: undefined,
  withFound: true,
  endedBy: undefined,
  at: undefined,
};
const subscription = {
  ...{
    tenantId,
    id: 's',
    applicationId: 'a',
    resource: '/communications/callRecords',
    changeType: 'created',
  },
  ...{
    clientState: null,
    notificationUrl: 'https://a.example/n',
    lifecycleNotificationUrl: 'https://a.example/l',
  },
  ...{ latestSupportedTlsVersion: 'v1_2', expirationTicks: 10n ** 18n, challengeMs: 1 },
};
let versions = 10;

/** Every operation of a store, so that the test below reports a new one that it does not cover. */
const operations: Readonly<Record<string, (store: CallRecordStore, edition: Edition) => unknown>> = {
  edition: (store) => store.edition(tenantId, 'found'),
  editionAsOf: (store) => store.editionAsOf(tenantId, 'found', { ticks: 10n ** 18n }),
  head: (store, edition) => store.head(edition),
  participantsPage: (store) => store.participantsPage(tenantId, 'found', undefined, 0),
  participantsBlock: (store, edition) => store.participantsBlock(edition, 0),
  foundBlock: (store, edition) => store.inferredBlock(edition, 0),
  sessionsBlock: (store, edition) => store.sessionsBlock(edition, 0),
  segmentsBlock: (store, edition) => store.segmentsBlock(edition, 0),
  participantIndex: (store, edition) => store.participantIndex(edition, 'listed'),
  foundIndex: (store, edition) => store.inferredIndex(edition, 'found-person'),
  sessionIndex: (store, edition) => store.sessionIndex(edition, 's'),
  newestEdition: (store) => store.newestEdition(tenantId),
  callsPage: (store) => store.callsPage(tenantId, query, 1e6, undefined, 5),
  callsPageText: (store) => store.callsPageText(tenantId, query, 1e6, undefined, 5, 'root'),
  callsCount: (store) => store.callsCount(tenantId, query, 1e6),
  logRows: (store) =>
    store.logRows(tenantId, { kind: 'pstnCallLogRow', from: 0n, before: 2n ** 62n, skip: 0, limit: 5 }),
  addLogRows: (store) =>
    store.addLogRows(tenantId, [{ kind: 'k', ticks: 1n, id: 'i', text: Buffer.from(`{"n":${versions++}}`) }]),
  hasList: (store) => store.hasList(tenantId, 'found', 'x'),
  someCalls: (store) => store.someCalls(tenantId, 3),
  add: (store) => importLines(store, tenantId, [line(versions++)]),
  secret: (store) => store.secret(`secret ${versions++}`, () => Promise.resolve('value')),
  revision: (store) => store.revision(),
  totals: (store) => store.totals(),
  'evidence.tenants': ({ evidence }) => evidence.tenants(),
  'evidence.tally': ({ evidence }) => evidence.tally(tenantId),
  'evidence.calls': ({ evidence }) => evidence.calls(tenantId, undefined, 5),
  'evidence.wanting': ({ evidence }) => evidence.wanting(tenantId, undefined, 5),
  'evidence.editions': ({ evidence }) => evidence.editions(tenantId, 'found'),
  'evidence.lastVerification': ({ evidence }) => evidence.lastVerification(tenantId),
  'evidence.keepVerification': ({ evidence }) =>
    evidence.keepVerification(tenantId, { endedMs: 1, report: '{}' }),
  'evidence.engineFaults': ({ evidence }) => evidence.engineFaults(),
  'subscriptions.create': ({ subscriptions }) =>
    subscriptions.create({ ...subscription, id: `s${versions++}` }, 1e6),
  'subscriptions.get': ({ subscriptions }) => subscriptions.get(tenantId, 'an-application', 'a-subscription'),
  'subscriptions.list': ({ subscriptions }) => subscriptions.list(tenantId, undefined),
  'subscriptions.update': ({ subscriptions }) =>
    subscriptions.update(tenantId, 'an-application', 'a-subscription', { challengeMs: undefined }),
  'subscriptions.delete': ({ subscriptions }) => subscriptions.delete(tenantId, 'a', `s${versions - 1}`),
  'subscriptions.attend': ({ subscriptions }) => subscriptions.attend(1, () => undefined),
  'subscriptions.nextChallengeMs': ({ subscriptions }) => subscriptions.nextChallengeMs(),
  'subscriptions.endpoints': ({ subscriptions }) => subscriptions.endpoints(),
  'subscriptions.due': ({ subscriptions }) => subscriptions.due('https://a.example/notify', 5),
  'subscriptions.settle': ({ subscriptions }) =>
    subscriptions.settle([{ number: 1, outcome: 'postpone', dueMs: 1 }]),
  'subscriptions.outboxSize': ({ subscriptions }) => subscriptions.outboxSize(),
  'upstream.tenants': ({ upstream }) => upstream.tenants(),
  'upstream.sighted': ({ upstream }) =>
    upstream.observe(tenantId, [{ callId: `w${versions++}`, version: 1n, startTicks: 5n }], 1),
  'upstream.take': ({ upstream }) => upstream.lease(tenantId, 10, 5),
  'upstream.settle': ({ upstream }) => upstream.acknowledge(tenantId, [], 10),
  'upstream.resume': ({ upstream }) => upstream.releaseAll(tenantId),
  'upstream.counts': ({ upstream }) => upstream.counts(tenantId),
  'upstream.wanted': ({ upstream }) => upstream.pending(tenantId, undefined, 5),
  'upstream.listed': ({ upstream }) => upstream.listed(tenantId, 'calls'),
  'upstream.addListed': ({ upstream }) =>
    upstream.addListed(tenantId, 'getPstnCalls', { from: 1n, before: 5n, listedMs: versions++ }),
  'upstream.state': ({ upstream }) => upstream.state(tenantId, 'budget'),
  'upstream.setState': ({ upstream }) => upstream.setState(tenantId, 'budget', '{}'),
  'leases.acquire': ({ leases }) => leases.acquire('work', { holder: 'me', nowMs: versions++, forMs: 1000 }),
  'leases.release': ({ leases }) => leases.release('work', 'me'),
  'search.call': ({ search }) => search.call(tenantId, 'found'),
  'search.days': ({ search }) => search.days(tenantId, 0, 1e6),
  'search.catchUp': ({ search }) => search.catchUp(5),
  'snapshots.save': (store) => snapshotsOf(store).save('one'),
  'snapshots.newestThere': (store) => snapshotsOf(store).newestThere(),
  'snapshots.restore': (store) => snapshotsOf(store).restore('one'),
  'transfer.describe': ({ transfer }) => transfer.describe(),
  'transfer.logRowCounts': ({ transfer }) => transfer.logRowCounts(),
  'transfer.put': async ({ evidence, transfer }) =>
    transfer.put(tenantId, await evidence.whole(tenantId, ['found']), '{}'),
  'transfer.reserve': ({ transfer }) => transfer.reserve(tenantId, 5),
  'transfer.eachRows': ({ transfer }) => transfer.eachRows(copiedTables, () => Promise.resolve()),
  'transfer.note': ({ transfer }) => transfer.note(),
  'transfer.setNote': ({ transfer }) => transfer.setNote('{}'),
  'transfer.insert': ({ transfer }) =>
    transfer.insert('log_row', [[tenantId, 'kind', 7n, `row ${versions++}`, Buffer.from('{}'), null]]),
  'transfer.clear': ({ transfer }) => transfer.clear(['upstream_state']),
  'retention.countBefore': ({ retention }) => retention.countBefore(tenantId, 5n),
  'retention.forgetUpstream': ({ retention }) => retention.forgetUpstream(tenantId, 5n),
  'retention.dropLogRows': ({ retention }) => retention.dropLogRows(tenantId, 2n ** 62n, 5),
  'retention.dropCalls': ({ retention }) => retention.dropCalls(tenantId, 2n ** 62n, 1),
  'retention.erase': ({ retention }) => retention.erase(),
  'retention.vacuum': ({ retention }) => retention.vacuum!(),
};

describe('an engine that fails', async () => {
  const path = join(folder, 'a.db');
  const store = openSqliteStore(path);
  await fillWhole(store, 5);
  const edition = (await store.edition(tenantId, 'found'))!;
  afterAll(() => store[Symbol.asyncDispose]());

  it.each(Object.keys(operations))(
    'returns an error message, whichever statement of %s fails',
    async (name) => {
      const act = async () => await operations[name]!(store, edition);
      // The statements are prepared and the caches are filled.
      await act();
      let isReached = false;
      for (let place = 1; ; place++) {
        const calls = failAt(place, codes[place % codes.length]!);
        const error = await act().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        const isFailed = calls() >= place;
        vi.restoreAllMocks();
        if (!isFailed) break;
        isReached = true;
        // A failure after the commit, or one that the engine recovers from, may leave the operation successful.
        if (error !== undefined) expect([name, place, error]).toEqual([name, place, expect.any(StoreError)]);
        if (place > 60) break;
      }
      expect(isReached).toBe(true);
    },
  );

  it('answers 503 to every request, never 500', async () => {
    await using server = await startTestServer({ store: openSqliteStore(path) });
    await importLines(server.store, tenantId, [line(versions++)]);
    const calls = '/v1.0/communications/callRecords';
    const paths = [
      calls,
      `${calls}/added`,
      `${calls}/added/participants_v2`,
      `${calls}/added/participants_v2/p`,
      `${calls}/added?$expand=participants_v2`,
      '/v1.0/subscriptions',
      '/rollcall/calls',
    ];
    const statuses: Record<string, number[]> = {};
    for (const path of paths) {
      const token = await server.token({ tenantId });
      const get = () => fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } });
      expect([path, (await get()).status]).toEqual([path, 200]);
      for (const code of codes)
        for (let place = 1; place <= 4; place++) {
          const reached = failAt(place, code);
          const { status } = await get();
          vi.restoreAllMocks();
          if (reached() < place) break;
          (statuses[path] ??= []).push(status);
        }
    }
    for (const [path, all] of Object.entries(statuses))
      expect([path, all.filter((status) => status !== 503 && status !== 200)]).toEqual([path, []]);
    expect(Object.values(statuses).flat()).toContain(503);
  });
});
