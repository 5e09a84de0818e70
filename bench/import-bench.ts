/** Compares the import with the bare engine: the same rows in the same tables and transactions, without parsing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { importSources } from '../src/collect/ingest/import.ts';
import { openDatabase } from '../src/store/sqlite/open.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import { records, tenantId } from './data.ts';

interface ImportBench {
  readonly megabytes: number;
  readonly records: number;
  readonly oursSeconds: number;
  readonly bareSeconds: number;
}

/** The tables that calls without sessions fill. */
const tables = ['tenant', 'edition', 'participant_block', 'participant'];

export async function benchImport(small: number, pages: number): Promise<ImportBench> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  try {
    const lines = [...records({ small, pages, walk: 0 })].map((line) => Buffer.from(`${line}\n`));
    const text = Buffer.concat(lines);
    const ours = join(folder, 'ours.db');
    const oursSeconds = await timeImport(text, ours);
    const source = new DatabaseSync(ours, { readOnly: true });
    const rows = tables.map((table) => {
      const statement = source.prepare(
        `SELECT * FROM ${table} ORDER BY rowid`.replace(
          'participant ORDER BY rowid',
          'participant ORDER BY list_no, position',
        ),
      );
      statement.setReturnArrays(true);
      statement.setReadBigInts(true);
      return statement.all() as unknown as (null | bigint | string | Uint8Array)[][];
    });
    source.close();
    const bare = openDatabase(join(folder, 'bare.db'));
    const begun = performance.now();
    insertInterleaved(bare, rows, lines.length, text.length);
    bare.close();
    return {
      megabytes: text.length / 1e6,
      records: lines.length,
      oursSeconds,
      bareSeconds: (performance.now() - begun) / 1000,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function timeImport(text: Buffer, path: string): Promise<number> {
  const begun = performance.now();
  {
    await using store = openSqliteStore(path);
    await importSources([{ name: 'bench', size: text.length, open: () => chunks(text) }], {
      ...{ tenantId, store, maxLineBytes: 64 * 2 ** 20 },
      onReject: ({ reason }) => {
        throw new Error(reason);
      },
      onRead: () => undefined,
    });
  }
  return (performance.now() - begun) / 1000;
}

/** Inserts rows call by call, as an import does, with a transaction for every 8 MiB of text. */
function insertInterleaved(
  database: DatabaseSync,
  rows: (null | bigint | string | Uint8Array)[][][],
  calls: number,
  textLength: number,
): void {
  const inserts = tables.map((table, i) =>
    database.prepare(`INSERT INTO ${table} VALUES (${rows[i]![0]!.map(() => '?').join(',')})`),
  );
  const [tenant, edition, block, participant] = rows;
  database.exec('BEGIN IMMEDIATE');
  for (const row of tenant!) inserts[0]!.run(...row);
  const perTransaction = Math.max(1, Math.round(calls / (textLength / (8 * 2 ** 20))));
  let b = 0;
  let p = 0;
  for (const [i, row] of edition!.entries()) {
    inserts[1]!.run(...row);
    for (; b < block!.length && block![b]![1] === row[0]; b++) inserts[2]!.run(...block![b]!);
    for (; p < participant!.length && participant![p]![3] === row[0]; p++)
      inserts[3]!.run(...participant![p]!);
    if ((i + 1) % perTransaction === 0) database.exec('COMMIT; BEGIN IMMEDIATE');
  }
  database.exec('COMMIT');
}

async function* chunks(text: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += 2 ** 20)
    yield await Promise.resolve(text.subarray(at, at + 2 ** 20));
}
