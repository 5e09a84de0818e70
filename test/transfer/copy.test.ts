/** Copies from SQLite to SQLite, and what a copy refuses or finds out. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { copiedTables } from '../../src/store/tables.ts';
import { copy, copySuite, copyTenants, fillWhole } from '../support/copied.ts';
import { fill } from '../support/filled-store.ts';
import { damageOneCall, storedRows } from '../support/stored-rows.ts';
import { systemClock } from '../../src/base/clock.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newPath = () => join(folder, `${files++}.db`);
const open = () => Promise.resolve(openSqliteStore(newPath()));
const [tenantId, otherTenantId] = copyTenants;

describe('from SQLite to SQLite', () => copySuite({ source: open, target: open }));

/** Tables that are written of the calls that are carried. */
const ofCalls = [
  ...['edition', 'listing', 'participant', 'participant_block', 'segment_block', 'session', 'session_block'],
  ...['sqlite_sequence', 'tally', 'tenant'],
];

describe('a copy', () => {
  it('has every row of every table there is, and every column', async () => {
    const [path, copied] = [newPath(), newPath()];
    await using from = openSqliteStore(path);
    await fillWhole(from);
    await fill(from, otherTenantId, 5);
    await using to = openSqliteStore(copied);
    await copy(from, to);
    const found = async (store: CallRecordStore) => [
      await store.search.find(tenantId, { person: 'a', state: 'incomplete' }, undefined, 100),
      await store.search.find(otherTenantId, { q: 'contoso' }, undefined, 100),
      await store.search.days(tenantId, -1e6, 1e6),
    ];
    expect(await found(to)).toEqual(await found(from));
    const [rows, copies] = [storedRows(path), storedRows(copied)];
    // A verification is of the store that it read.
    const { verification, ...carried } = rows;
    expect([verification?.length, copies['verification']]).toEqual([1, []]);
    for (const table of Object.keys(carried)) expect([table, copies[table]]).toEqual([table, rows[table]]);
    // A table that comes to the schema is carried, or is said not to be; here none is empty.
    expect(Object.keys(carried)).toEqual([...copiedTables, ...ofCalls].sort());
    expect(Object.keys(rows).filter((table) => rows[table]!.length === 0)).toEqual([]);
  });

  it.each([
    ['edition', "head_body = CAST(head_body || x'20' AS BLOB)", 'differs'],
    ['edition', 'received_ms = 1', 'differs'],
    ['participant_block', "body = CAST(substr(body, 1, 9) || x'00' || substr(body, 11) AS BLOB)", 'differ'],
    ['segment_block', "layout = CAST(layout || x'00' AS BLOB)", 'differs'],
    ['session_block', 'crc = crc + 1', 'differs'],
    ['participant', 'position = position + 1', 'does not match its search index'],
    ['participant', "participant_id = participant_id || 'x'", 'does not match its search index'],
    ['session', 'position = position + 1', 'does not match its search index'],
    ['listing', 'until_edition = 1', 'does not match its search index'],
    ['listing', 'item_before = CAST(substr(item_before, 2) AS BLOB)', 'does not match its search index'],
  ])('finds a %s whose %s', async (table, change, says) => {
    await using from = await open();
    await fill(from, tenantId, 5);
    const path = newPath();
    await using to = openSqliteStore(path);
    await copy(from, to);
    const spoiler = new DatabaseSync(path);
    const key = /WITHOUT ROWID/.test(
      String(
        Object.values(spoiler.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').get(table) ?? {})[0],
      ),
    )
      ? primaryKeys[table]!
      : 'rowid';
    spoiler.exec(
      `UPDATE ${table} SET ${change} WHERE (${key}) = (SELECT ${key} FROM ${table} LIMIT 1 OFFSET 3)`,
    );
    spoiler.close();
    const again = await copy(from, to);
    expect(again).toMatchObject({ differences: 1, listed: [expect.stringContaining(says)] });
    expect(again.listed[0]).toMatch(new RegExp(`^The call .+ of tenant ${tenantId} `));
  });

  it('of a source that is damaged names the call, and the next step', async () => {
    const path = newPath();
    await using from = openSqliteStore(path);
    await fill(from, tenantId, 60);
    const callId = damageOneCall(path);
    await using to = await open();
    await expect(copy(from, to)).rejects.toThrow(
      `The call ${callId} of tenant ${tenantId} is damaged in the source. Run rollcall verify to list all damage`,
    );
    expect(
      (await verifyTenant(from, tenantId, { clock: systemClock, onRead: () => undefined })).corrupt,
    ).toBe(1);
  });

  it('tells that a number is taken by another call', async () => {
    await using from = await open();
    await fill(from, tenantId, 5);
    const path = newPath();
    await using to = openSqliteStore(path);
    await copy(from, to);
    const spoiler = new DatabaseSync(path);
    spoiler.exec("UPDATE edition SET call_id = 'elsewhere' WHERE edition_no = 3");
    spoiler.close();
    await expect(copy(from, to)).rejects.toThrow('a new row conflicts with an existing one.');
  });

  it('of a full disk ends with a sentence, and goes on where there is room', async () => {
    await using from = await open();
    await fill(from, tenantId, 60);
    const path = newPath();
    {
      await using full = openSqliteStore(path, { maxPages: 60 });
      await expect(copy(from, full)).rejects.toThrow('The store does not answer: the disk is full.');
    }
    await using to = openSqliteStore(path);
    expect(await copy(from, to)).toMatchObject({ differences: 0, grown: false });
  });

  it('ends when it is told to, and goes on', async () => {
    await using from = await open();
    await fill(from, tenantId, 60);
    await using to = await open();
    for (const doing of ['copying', 'comparing']) {
      const stop = new AbortController();
      const onProgress = (now: string) => {
        if (now === doing) stop.abort();
      };
      await expect(copy(from, to, stop.signal, onProgress)).rejects.toThrow('aborted');
    }
    expect(await copy(from, to)).toMatchObject({ differences: 0, grown: false });
  });
});

const primaryKeys: Readonly<Record<string, string>> = {
  participant: 'tenant_no, participant_id, start_ticks, call_no, list_no',
  session: 'tenant_no, list_no, session_id',
  listing: 'tenant_no, start_ticks, call_no, edition_no',
};
