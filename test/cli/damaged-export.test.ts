/** Tests that an export of a store with a damaged call writes the rest and names the omitted call. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { importLines } from '../support/filled-store.ts';
import { aParticipant, aRecord, aSession, participants } from '../support/records.ts';
import { rollcall } from '../support/rollcall.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const tenantId = '11111111-1111-4111-8111-111111111111';
const path = join(folder, 'a.db');
const idOf = (i: number) => `call-${i}`;
const lineOf = (i: number) =>
  JSON.stringify(
    aRecord(idOf(i), {
      startDateTime: `2026-03-02T10:0${i}:00Z`,
      participants_v2: [aParticipant('p'), ...participants(140)],
      sessions: [aSession('s', 'p')],
    }),
  );

beforeAll(async () => {
  {
    await using store = openSqliteStore(path);
    await importLines(store, tenantId, [0, 1, 2].map(lineOf));
  }
  const database = new DatabaseSync(path);
  // The second block of its participants: a part of it was read before.
  database.exec(`UPDATE participant_block SET body = zeroblob(length(body))
    WHERE block_no = 1 AND list_no = (SELECT participants_list FROM edition WHERE call_id = '${idOf(1)}')`);
  database.close();
});

it.each([
  ['calls', 'jsonl'],
  ['participants', 'csv'],
  ['participants', 'parquet'],
])('of %s as %s', async (what, format) => {
  const out = join(folder, `${what}.${format}`);
  const args = ['export', '--what', what, '--format', format, '--store', `sqlite:${path}`];
  const { code, stdout, stderr } = await rollcall([...args, '--out', out, '--json']);
  expect([code, JSON.parse(stdout)]).toMatchObject([1, { calls: 2, damagedCalls: 1 }]);
  expect(JSON.parse(stderr)).toEqual({
    error: {
      code: 'failed',
      messages: [
        '1 calls are damaged in the store, and are not in the export.',
        `  ${idOf(1)}`,
        'Run rollcall verify, restore an undamaged backup, and export again.',
      ],
    },
  });
  expect(JSON.parse(readFileSync(`${out}.manifest.json`, 'utf8'))).toMatchObject({
    damagedCalls: 1,
    damagedCallIds: [idOf(1)],
  });
  if (format === 'jsonl') expect(readFileSync(out, 'utf8')).toBe(`${lineOf(0)}\n${lineOf(2)}\n`);
  if (format === 'csv') {
    const text = readFileSync(out, 'utf8');
    expect([0, 1, 2].map((i) => text.split(`\n${idOf(i)},`).length - 1)).toEqual([141, 0, 141]);
  }
});

it('of intact data reports no damage', async () => {
  // The table of calls reads no participants.
  const { code, stderr } = await rollcall([
    ...['export', '--what', 'calls', '--format', 'csv', '--store', `sqlite:${path}`],
  ]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('3 rows of 3 calls')]);
});
