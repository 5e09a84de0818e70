/** Tests that a store of an earlier schema is migrated when it is opened, and keeps its data. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { walkCall } from '../../src/collect/ingest/read-call.ts';
import { applicationId, firstSchema, migrations, searchTables } from '../../src/store/sqlite/schema.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { blockText } from '../../src/wire/text/block-text.ts';
import { storedRules } from '../../src/wire/text/entity.ts';
import { Scanner } from '../../src/wire/text/scanner.ts';
import { startCatchingUp } from '../../src/store/catch-up.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { ticksOf } from '../../src/base/ticks.ts';
import { fill, importLines } from '../support/filled-store.ts';
import { aRecord, aSession, participants } from '../support/records.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const tenantId = '11111111-1111-4111-8111-111111111111';

/** Creates a store of the first schema with calls of one tenant: id, version, and whether its list is complete. */
function firstStore(path: string, editions: readonly (readonly [string, number, boolean])[]): void {
  const database = new DatabaseSync(path);
  database.exec(migrations[0]!);
  database.exec(`PRAGMA user_version = ${firstSchema}; PRAGMA application_id = ${applicationId}`);
  database.exec("INSERT INTO tenant (tenant_id) VALUES ('t')");
  const add =
    database.prepare(`INSERT INTO edition (tenant_no, call_id, call_no, version, digest, start_ticks,
      head_digest, head_length, head_crc, head_flags, head_layout, head_body,
      participants_list, participants_count, participants_complete, participants_digest)
    VALUES (1, ?, ?, ?, 'digest', 1, 'head', ?, ?, 0, ?, ?, ?, 2, ?, 'list')`);
  for (const [i, [id, version, complete]] of editions.entries()) {
    const text = JSON.stringify(aRecord(id, { version, participants_v2: participants(2) }));
    const head = walkCall(new Scanner(Buffer.from(text), 0, undefined, storedRules)).call().call.head.value;
    add.run(id, i + 1, version, head.textLength, head.crc, head.layout, head.body, i + 1, Number(complete));
  }
  database.close();
}

it('migrates a store of the first schema', async () => {
  const path = join(folder, 'first.db');
  firstStore(path, [
    ['a', 1, false],
    ['a', 2, true],
    ['b', 2, false],
    ['b', 1, true],
  ]);
  await using store = openSqliteStore(path);
  const edition = (await store.edition('t', 'a'))!;
  expect(blockText(await store.head(edition)).toString()).toContain('"id":"a","version":2');
  expect([edition.receivedMs, edition.found, edition.participants?.pages]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(await store.evidence.tally('t')).toEqual({
    calls: 2,
    editions: 4,
    versions: 4,
    participants: 4,
    incomplete: 1,
    found: 0,
    odd: 0,
  });
  expect(await store.evidence.wanting('t', undefined, 9)).toEqual(['b']);
  expect((await store.edition('t', 'b'))?.lacking).toEqual(['participantPages']);
});

it('keeps subscriptions of a schema without filters, which are notified of every call', async () => {
  const path = join(folder, 'unfiltered.db');
  const subscription = {
    ...{
      tenantId,
      id: 's',
      applicationId: 'a',
      resource: 'communications/callRecords',
      changeType: 'created',
    },
    ...{ notificationUrl: 'https://a.example/', lifecycleNotificationUrl: null, clientState: null },
    ...{ latestSupportedTlsVersion: 'v1_2', expirationTicks: 2n ** 62n, challengeMs: undefined },
  };
  {
    await using store = openSqliteStore(path);
    await store.subscriptions.create(subscription, 9);
  }
  const database = new DatabaseSync(path);
  database.exec('ALTER TABLE subscription DROP COLUMN participant_ids');
  database.exec(migrations.find((migration) => migration.includes('COLUMN participant_ids'))!);
  database.close();
  await using store = openSqliteStore(path);
  expect(await store.subscriptions.list(tenantId, 'a')).toEqual([subscription]);
  await importLines(store, tenantId, [JSON.stringify(aRecord('call'))]);
  expect(await store.subscriptions.outboxSize()).toBe(1);
});

it('indexes the calls of a schema without search, a few at a time, and refuses searches until it has finished', async () => {
  const path = join(folder, 'unsearched.db');
  const searched = async (store: CallRecordStore) => [
    await store.search.find(tenantId, {}, undefined, 200),
    await store.search.find(tenantId, { person: 'weber', number: '49' }, undefined, 200),
    await store.search.find(tenantId, { state: 'failed' }, undefined, 200),
    await store.search.find(tenantId, { reason: 'notAnswered' }, undefined, 200),
    await store.search.find(tenantId, { external: 'yes' }, undefined, 200),
    await store.search.find(tenantId, { q: 'found-person' }, undefined, 200),
    await store.search.days(tenantId, -1e6, 1e6),
  ];
  let expected: unknown;
  {
    await using store = openSqliteStore(path);
    await fill(store, tenantId, 15);
    expected = await searched(store);
  }
  const database = new DatabaseSync(path);
  for (const table of [...searchTables.words, ...searchTables.rows]) database.exec(`DROP TABLE ${table}`);
  // Brings the search tables to the state after the migration of a store without calls.
  for (const migration of migrations.filter((one) => one.includes('found_call'))) database.exec(migration);
  database.close();
  {
    await using store = openSqliteStore(path);
    await expect(searched(store)).rejects.toThrow('still being built');
    expect(() => store.search.days(tenantId, 0, 1)).toThrow('still being built');
    expect(await store.search.catchUp(4)).toBe(4);
  }
  // Calls added meanwhile are indexed at once, and not again.
  await using store = openSqliteStore(path);
  const late = JSON.stringify(aRecord('late', { startDateTime: '2020-01-01T00:00:00Z' }));
  await importLines(store, tenantId, [late]);
  await importLines(store, tenantId, [late.replace('"version":1', '"version":2')]);
  await startCatchingUp(store.search, (error) => {
    throw error;
  }).finished;
  expect(await store.search.call(tenantId, 'late')).toMatchObject({ version: 2n });
  await store.retention.dropCalls(tenantId, ticksOf(new Date('2021-01-01')), 9);
  expect(await searched(store)).toEqual(expected);
});

it('rewrites the search index of a schema without failure reasons, and loses no person', async () => {
  const path = join(folder, 'unreasoned.db');
  const line = JSON.stringify(
    aRecord('call', {
      participants_v2: participants(2),
      sessions: [
        aSession('s', 'a', 'b', { failureInfo: { stage: 'callSetup', reason: 'Call was not answered.' } }),
      ],
    }),
  );
  {
    await using store = openSqliteStore(path);
    await importLines(store, tenantId, [line]);
  }
  const database = new DatabaseSync(path);
  // Restores the schema of the previous release.
  const columns = database.prepare("SELECT name FROM pragma_table_info('call_day')").all() as {
    name: string;
  }[];
  for (const { name } of columns)
    if (/^(outcome|reason)_/.test(name)) database.exec(`ALTER TABLE call_day DROP COLUMN ${name}`);
  database.exec(`ALTER TABLE call_day ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE found_call DROP COLUMN failures; UPDATE found_call SET flags = 1; UPDATE call_day SET failed = 1`);
  database.exec(migrations.find((migration) => migration.includes('COLUMN failures'))!);
  database.close();
  await using store = openSqliteStore(path);
  await startCatchingUp(store.search, (error) => {
    throw error;
  }).finished;
  expect((await store.search.find(tenantId, { state: 'notAnswered' }, undefined, 9)).calls).toMatchObject([
    {
      callId: 'call',
      outcome: 'notAnswered',
      reasons: ['notAnswered'],
      failures: { people: 2, affected: 0 },
    },
  ]);
  expect((await store.search.find(tenantId, { state: 'failed' }, undefined, 9)).calls).toEqual([]);
  await store.retention.dropCalls(tenantId, 2n ** 62n, 9);
  expect(new DatabaseSync(path).prepare('SELECT count(*) AS n FROM phrase').get()).toEqual({ n: 0 });
});

it('writes the index again for a store of before it held who is from outside and how users rated', async () => {
  const path = join(folder, 'unrated.db');
  const outside = { user: { id: 'u', displayName: 'Eva', tenantId: '33333333-3333-4333-8333-333333333333' } };
  const session = aSession('s', 'a', 'b');
  const line = aRecord('call', {
    participants_v2: [...participants(1), { id: 'u', identity: outside }],
    sessions: [{ ...session, caller: { ...session.caller, feedback: { rating: 'bad' } } }],
  });
  {
    await using store = openSqliteStore(path);
    await importLines(store, tenantId, [JSON.stringify(line)]);
  }
  const database = new DatabaseSync(path);
  database.exec(`ALTER TABLE found_call DROP COLUMN external_count; ALTER TABLE found_call DROP COLUMN unknown_count;
    UPDATE found_call SET flags = flags & 65535`);
  database.exec(migrations.find((migration) => migration.includes('COLUMN external_count'))!);
  database.close();
  await using store = openSqliteStore(path);
  await expect((async () => store.search.find(tenantId, {}, undefined, 9))()).rejects.toThrow(
    'still being built',
  );
  await startCatchingUp(store.search, (error) => {
    throw error;
  }).finished;
  for (const search of [
    { external: 'yes' },
    { rating: 'bad' },
    { tenant: outside.user.tenantId.toUpperCase() },
  ] as const)
    expect((await store.search.find(tenantId, search, undefined, 9)).calls).toMatchObject([
      { callId: 'call', external: 1, unknown: 2, ratings: ['bad'], isRollComplete: true },
    ]);
});
