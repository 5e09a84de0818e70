import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMovableClock } from '../../src/base/clock.ts';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { noteUnlisted } from '../../src/store/unlisted-spans.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { completenessOf, verifyTenant } from '../../src/maintain/verify/report.ts';
import { aRecord, aSession, participants } from '../support/records.ts';
import { importLines } from '../support/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const clock = createMovableClock(new Date('2026-11-01T00:00:00Z'));
const verify = (store: CallRecordStore) => verifyTenant(store, 't', { clock, onRead: () => undefined });
const ticksAt = (time: string) => BigInt(Date.parse(time)) * 10_000n;

const generated = [...generateLines({ ...defaultGenerateOptions, calls: 25, largest: 200 })];
const original = join(folder, 'original.db');
beforeAll(async () => {
  await using store = openSqliteStore(original);
  await importLines(store, generated, 't');
  await importLines(
    store,
    [
      aRecord('found', { participants_v2: participants(1), sessions: [aSession('s', 'participant-9')] }),
      aRecord('found', {
        joinWebUrl: 'x',
        participants_v2: participants(1),
        sessions: [aSession('s', 'participant-9')],
      }),
    ],
    't',
  );
});

describe('a verification', () => {
  it('of what was imported is clean, on every backend', async () => {
    await using memory = openSqliteStore(':memory:');
    await importLines(memory, generated, 't');
    await using file = openSqliteStore(original);
    const [ours, theirs] = [await verify(memory), await verify(file)];
    expect([ours.corrupt, ours.incomplete, ours.gaps]).toEqual([0, 0, []]);
    expect([theirs.corrupt, theirs.incomplete, theirs.gaps]).toEqual([0, 0, []]);
    expect([theirs.records - ours.records, theirs.versions - ours.versions]).toEqual([1, 1]);
    expect([ours.missingParticipants, theirs.missingParticipants]).toEqual([0, 1]);
  });

  // One row each: what is written beside content, and content itself.
  it.each([
    'UPDATE participant_block SET crc = crc + 1 WHERE rowid = 3',
    'UPDATE participant_block SET text_length = text_length + 1 WHERE rowid = 3',
    'UPDATE participant_block SET entity_count = entity_count - 1 WHERE rowid = 3',
    'UPDATE participant_block SET flags = flags + 2 WHERE rowid = 3',
    "UPDATE participant_block SET body = cast(replace(cast(body AS TEXT), 'id', 'di') AS BLOB) WHERE rowid = (SELECT min(rowid) FROM participant_block WHERE flags & 1 = 0)",
    'UPDATE participant_block SET body = zeroblob(length(body)) WHERE rowid = 3',
    "UPDATE participant_block SET layout = cast(layout || x'00' AS BLOB) WHERE rowid = 3",
    'UPDATE participant_block SET layout = zeroblob(length(layout)) WHERE rowid = 3',
    'DELETE FROM participant_block WHERE rowid = 3',
    'DELETE FROM participant_block WHERE list_no = (SELECT min(list_no) FROM participant_block)',
    'UPDATE session_block SET crc = crc + 1 WHERE rowid = 3',
    "UPDATE session_block SET layout = cast(layout || x'00' AS BLOB) WHERE rowid = 3",
    'DELETE FROM session_block WHERE rowid = 3',
    'UPDATE segment_block SET crc = crc + 1 WHERE rowid = 3',
    'UPDATE segment_block SET layout = zeroblob(length(layout)) WHERE rowid = 3',
    'DELETE FROM segment_block WHERE rowid = 3',
    'UPDATE edition SET head_crc = head_crc + 1 WHERE edition_no = 3',
    "UPDATE edition SET head_layout = cast(head_layout || x'00' AS BLOB) WHERE edition_no = 3",
    "UPDATE edition SET head_digest = 'x' WHERE edition_no = 3",
    "UPDATE edition SET digest = 'x' WHERE edition_no = 3",
    "UPDATE edition SET participants_digest = 'x' WHERE edition_no = 3",
    "UPDATE edition SET sessions_digest = 'x' WHERE edition_no = 3",
    'UPDATE edition SET participants_count = participants_count + 1 WHERE edition_no = 3',
    'UPDATE edition SET participants_complete = 0 WHERE edition_no = 3',
    'UPDATE edition SET sessions_count = sessions_count - 1 WHERE edition_no = 3',
    'UPDATE participant SET position = position + 1 WHERE list_no = 3 AND position = 0',
    'DELETE FROM participant WHERE list_no = 3 AND position = 0',
    'UPDATE session SET position = position + 1 WHERE list_no = 3 AND position = 0',
    "UPDATE listing SET item_before = cast(item_before || x'20' AS BLOB) WHERE edition_no = 3",
    'UPDATE listing SET item_after = NULL WHERE edition_no = 3',
    'UPDATE tally SET found = found + 1',
  ])('finds what has changed: %s', async (change) => {
    const path = join(folder, 'changed.db');
    copyFileSync(original, path);
    const database = new DatabaseSync(path);
    expect(database.prepare(change).run().changes).toBe(1);
    database.close();
    await using store = openSqliteStore(path);
    expect((await verify(store)).corrupt).toBeGreaterThan(0);
  });

  it("finds what the engine's own structures have lost", async () => {
    const path = join(folder, 'engine.db');
    copyFileSync(original, path);
    const database = new DatabaseSync(path);
    database.enableDefensive(false);
    database.exec(`PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = replace(sql, 'start_ticks, call_no', 'call_no, start_ticks')
        WHERE name = 'edition_by_start'`);
    database.close();
    await using store = openSqliteStore(path);
    expect(await store.evidence.engineFaults()).toBeGreaterThan(0);
    await using sound = openSqliteStore(original);
    expect(await sound.evidence.engineFaults()).toBe(0);
  });
});

describe('the gaps of a tenant', () => {
  const span = (from: string, before: string) => ({
    from: ticksAt(from),
    before: ticksAt(before),
    listedMs: clock.now().getTime(),
  });

  it('are hours between listings, cut where upstream begins to remember', async () => {
    await using store = openSqliteStore(':memory:', { clock });
    const listed = [
      span('2026-09-20T00:00:00Z', '2026-09-21T00:00:00Z'),
      span('2026-09-22T00:00:00Z', '2026-09-23T00:00:00Z'),
      span('2026-10-10T00:00:00Z', '2026-10-20T00:00:00Z'),
      span('2026-10-20T01:00:00Z', '2026-11-01T00:00:00Z'),
    ];
    for (const one of listed) await store.upstream.observe('t', [], clock.now().getTime(), one);
    await store.upstream.addListed('t', 'getPstnCalls', listed[2]!);
    await store.upstream.addListed('t', 'getPstnCalls', listed[3]!);
    const gap = (from: string, to: string, healable: boolean) => ({
      from,
      to,
      kind: 'hoursNotListed',
      healable,
    });
    expect((await completenessOf(store, 't', clock)).gaps).toEqual([
      gap('2026-09-21T00:00:00Z', '2026-09-22T00:00:00Z', false),
      gap('2026-09-23T00:00:00Z', '2026-10-02T00:00:00Z', false),
      gap('2026-10-02T00:00:00Z', '2026-10-10T00:00:00Z', true),
      gap('2026-10-20T00:00:00Z', '2026-10-20T01:00:00Z', true),
      { ...gap('2026-10-20T00:00:00Z', '2026-10-20T01:00:00Z', true), log: 'getPstnCalls' },
    ]);
  });

  it('are hours that a sync asked for without success, but for what upstream forgot before the first that was listed', async () => {
    await using store = openSqliteStore(':memory:', { clock });
    const nowMs = clock.now().getTime();
    const failed = (from: string, before: string) => {
      const times = { from: ticksAt(from), before: ticksAt(before) };
      return { ...times, reason: 'upstreamDown', atMs: nowMs, pieces: [] } as const;
    };
    const [forgotten, first] = ['2026-10-02T00:00:00Z', '2026-10-02T01:00:00Z'];
    await noteUnlisted(store, 't', 'calls', [failed('2026-10-01T23:00:00Z', first)]);
    const gap = (from: string, to: string, healable: boolean) => ({
      ...{ from, to, kind: 'hoursNotListed', healable, reason: 'upstreamDown' },
    });
    const named = async () => (await completenessOf(store, 't', clock)).gaps;
    expect(await named()).toEqual([gap(forgotten, first, true)]);
    await store.upstream.observe('t', [], nowMs - 1, span(first, '2026-10-31T00:00:00Z'));
    expect(await named()).toEqual([gap(forgotten, first, true)]);
    const last = ['2026-10-31T00:00:00Z', '2026-10-31T02:00:00Z'] as const;
    await noteUnlisted(store, 't', 'calls', [failed(...last)]);
    expect(await named()).toEqual([gap(forgotten, first, true), gap(...last, true)]);
    // A listing that fails of hours that were listed before makes no hole.
    await noteUnlisted(store, 't', 'calls', [failed('2026-10-12T00:00:00Z', '2026-10-13T00:00:00Z')]);
    expect(await named()).toEqual([gap(forgotten, first, true), gap(...last, true)]);
    const later = createMovableClock(new Date('2026-12-15T00:00:00Z'));
    expect((await completenessOf(store, 't', later)).gaps).toEqual([gap(...last, false)]);
  });

  it('are calls that were seen and not fetched, and calls that lack something', async () => {
    await using store = openSqliteStore(':memory:', { clock });
    const seen = (callId: string, startTicks?: bigint) => ({ callId, version: 2n, startTicks });
    const now = clock.now().getTime();
    const recent = '2026-10-30T00:00:00Z';
    await importLines(
      store,
      [
        aRecord('cut', {
          startDateTime: recent,
          endDateTime: recent,
          participants_v2: participants(1),
          'participants_v2@odata.nextLink': 'https://next',
        }),
        aRecord('old', { participants: [{ user: { id: 'p' } }] }),
        { id: 'fragment', participants_v2: participants(1) },
      ],
      't',
    );
    await store.upstream.observe(
      't',
      [
        seen('late', ticksAt(recent)),
        seen('lost', ticksAt('2026-09-01T00:00:00Z')),
        seen('named'),
        seen('cut'),
      ],
      now,
    );
    const [taken] = (await store.upstream.lease('t', now, 9)).filter(({ callId }) => callId === 'named');
    const { callId, observations: sightings } = taken!;
    await store.upstream.acknowledge(
      't',
      [{ callId, observations: sightings, outcome: 'gone', reason: 'notFound' }],
      now,
    );
    const { gaps, incomplete } = await completenessOf(store, 't', clock);
    const none = { from: null, to: null };
    expect(gaps).toEqual([
      { ...none, kind: 'recordNotFetched', healable: true, callId: 'cut' },
      { from: recent, to: recent, kind: 'recordNotFetched', healable: true, callId: 'late' },
      {
        from: '2026-09-01T00:00:00Z',
        to: '2026-09-01T00:00:00Z',
        kind: 'recordNotFetched',
        healable: false,
        callId: 'lost',
      },
      { ...none, kind: 'recordNotFetched', healable: false, callId: 'named', reason: 'notFound' },
      { from: recent, to: recent, kind: 'pagesMissing', healable: true, callId: 'cut' },
      { ...none, kind: 'recordMissing', healable: true, callId: 'fragment' },
      {
        from: '2026-03-02T10:00:00Z',
        to: '2026-03-02T10:30:00.1234567Z',
        kind: 'listMissing',
        healable: false,
        callId: 'old',
      },
    ]);
    // Three lack something; of those wanted, one is among them.
    expect(incomplete).toBe(6);
  });
});
