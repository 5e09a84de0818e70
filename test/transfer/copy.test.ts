/** Copies from SQLite to SQLite, and what a copy refuses or finds out. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/store/memory/memory-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { copy, copySuite } from '../support/copied.ts';
import { fill } from '../support/filled-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const open = () => Promise.resolve(openSqliteStore(join(folder, `${files++}.db`)));
const tenantId = '11111111-1111-4111-8111-111111111111';

describe('from SQLite to SQLite', () => copySuite({ source: open, target: open }));

describe('a copy', () => {
  it.each([
    ['participant_block', 'call '],
    ['segment_block', 'call '],
    ['log_row', 'rows of log_row'],
  ])('finds a byte of %s that is another', async (table, says) => {
    await using from = await open();
    await fill(from, tenantId, 5);
    const path = join(folder, `${files++}.db`);
    await using to = openSqliteStore(path);
    await copy(from, to);
    const spoiler = new DatabaseSync(path);
    const column = table === 'log_row' ? 'text' : 'body';
    spoiler.exec(
      `UPDATE ${table} SET ${column} = CAST(${column} || x'20' AS BLOB) WHERE rowid =
      (SELECT min(rowid) FROM ${table})`.replace(/rowid/g, table === 'log_row' ? 'row_id' : 'rowid'),
    );
    spoiler.close();
    const again = await copy(from, to);
    // Rows besides calls are replaced by a copy; calls are not, and are told of.
    if (table === 'log_row') expect(again.differences).toEqual([]);
    else expect(again.differences.join()).toContain(says);
  });

  it('is refused where nothing is kept, and to itself', async () => {
    await using from = await open();
    await using nowhere = createMemoryStore();
    await expect(copy(from, nowhere)).rejects.toThrow('The target keeps nothing');
    await expect(copy(nowhere, from)).rejects.toThrow('The source keeps nothing');
    await expect(copy(from, from)).rejects.toThrow('--to: it is the store that --from names.');
  });
});
