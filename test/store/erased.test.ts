/** Tests that no file of a SQLite store contains data that a retention run dropped. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { applyRetention } from '../../src/maintain/retention/apply.ts';
import { hashPair } from '../../src/store/hash64.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { parseTicks } from '../../src/base/ticks.ts';
import { importLines } from '../support/filled-store.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const tenantId = '11111111-1111-4111-8111-111111111111';
const before = parseTicks('2026-02-01T00:00:00Z')!;

/** Returns a call with names, ids and a number that no other call has. */
function callOf(id: string, month: string, i: number) {
  const name = `${id} Nachname`;
  const person = { id: `${id}-person`, displayName: name };
  return aRecord(id, {
    startDateTime: `2026-${month}-02T10:${String(i % 60).padStart(2, '0')}:00Z`,
    endDateTime: `2026-${month}-02T11:00:00Z`,
    joinWebUrl: `https://teams.example/${id}-meeting`,
    organizer_v2: { id: `${id}-organizer`, identity: { user: { ...person, id: `${id}-organizer` } } },
    participants_v2: [
      aParticipant(`${id}-person`, { identity: { user: person } }),
      // Enough participants for a packed block.
      ...Array.from({ length: 30 }, (_, no) => aParticipant(`${id}-${no}`)),
    ],
    sessions: [aSession(`${id}-session`, `${id}-stray`)],
  });
}

const dropped = Array.from({ length: 150 }, (_, i) => `weg${i}x${(i * 7919) % 1000}`);
const kept = Array.from({ length: 150 }, (_, i) => `bleibt${i}`);

/** Lists the traces of a call in the files: ids, names, the hash of its index entry. */
function tracesOf(id: string): readonly string[] {
  const [a, b] = hashPair(`${id}-person`);
  // An index stores a term without the prefix that it shares with the previous term.
  return [id, (a.toString(36).padStart(7, '0') + b.toString(36)).slice(3)];
}

function bytesOf(path: string): Buffer {
  return Buffer.concat(
    readdirSync(folder)
      .filter((name) => join(folder, name).startsWith(path))
      .map((name) => readFileSync(join(folder, name))),
  );
}

it('leaves dropped data in hardly any page, and after a vacuum in no page and no write-ahead log', async () => {
  const path = join(folder, 'a.db');
  await using store = openSqliteStore(path);
  const lines = [
    ...dropped.map((id, i) => callOf(id, '01', i)),
    ...kept.map((id, i) => callOf(id, '03', i)),
    {
      '@odata.type': '#microsoft.graph.callRecords.smsLogRow',
      id: 'weg-row',
      sentDateTime: '2026-01-03T00:00:00Z',
    },
  ].map((line) => JSON.stringify(line));
  await importLines(store, tenantId, lines);
  // A later version: its edition is dropped with the call.
  await importLines(store, tenantId, [JSON.stringify({ ...callOf(dropped[0]!, '01', 0), version: 2 })]);
  const there = bytesOf(path);
  const found = (bytes: Buffer, ids: readonly string[]) =>
    ids.flatMap(tracesOf).filter((trace) => bytes.includes(trace)).length;
  expect(found(there, dropped)).toBeGreaterThan(dropped.length);
  const result = await applyRetention({ store, tenantId, before, signal: new AbortController().signal });
  expect(result).toEqual({ calls: dropped.length, logRows: 1, damagedCalls: [] });
  // SQLite leaves copies of rows in free space of pages that it split: of hardly any call.
  expect(found(bytesOf(path), dropped)).toBeLessThan(dropped.length / 20);
  await store.retention.vacuum!();
  const after = bytesOf(path);
  expect(dropped.flatMap(tracesOf).filter((trace) => after.includes(trace))).toEqual([]);
  expect(after.includes('weg-row')).toBe(false);
  expect(found(after, kept)).toBeGreaterThan(kept.length);
  expect((await store.evidence.tally(tenantId)).calls).toBe(kept.length);
});

it('leaves an intact file and an intact search index', () => {
  const database = new DatabaseSync(join(folder, 'a.db'));
  for (const table of ['call_term', 'phrase_part'])
    expect(() => database.exec(`INSERT INTO ${table} (${table}) VALUES ('integrity-check')`)).not.toThrow();
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  database.close();
});
