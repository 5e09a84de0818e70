/** Exports: what is written is what is stored, in each format, whole after any interruption. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type Json } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvEncoder } from '../../src/export/csv.ts';
import type { ExportQuestion } from '../../src/export/export.ts';
import { everything } from '../../src/export/what.ts';
import { generateLines } from '../../src/emulator/generate/generate.ts';
import { generateLogRows } from '../../src/emulator/generate/log-rows.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { exportTest, question } from '../support/exported.ts';
import { often } from '../support/often.ts';
import { importLines as importAll, oddLines } from '../support/filled-store.ts';

const tenantId = '11111111-1111-4111-8111-111111111111';
const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
let files = 0;
const newPath = () => join(folder, String(files++));

const importLines = (to: CallRecordStore, lines: Iterable<string>) => importAll(to, tenantId, lines);

const generated = { seed: 7, users: 40, largest: 200, days: 5, until: new Date('2026-11-01'), tenantId };
let store: CallRecordStore;
beforeAll(async () => {
  store = openSqliteStore(':memory:');
  await importLines(store, generateLines({ ...generated, calls: 30, sessions: true, media: true }));
  await importLines(store, generateLogRows({ ...generated, calls: 0, rows: 40 }));
  await importLines(store, oddLines);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function exported(more: Partial<ExportQuestion>): Promise<string> {
  const path = newPath();
  await exportTest(store, question(tenantId, more), path);
  return path;
}

const lines = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1);

describe('JSON Lines of calls', () => {
  it('go back in as what they came from', async () => {
    const path = await exported({ allVersions: true });
    expect(await importLines(store, lines(path))).toMatchObject({ newVersions: 0, rejected: 0 });
    const again = openSqliteStore(':memory:');
    await importLines(again, lines(path));
    const second = newPath();
    await exportTest(again, question(tenantId, { allVersions: true }), second);
    expect(lines(second).sort()).toEqual(lines(path).sort());
    expect(await again.evidence.tally(tenantId)).toMatchObject(
      JSON.parse(
        JSON.stringify({ ...(await store.evidence.tally(tenantId)), editions: undefined }),
      ) as object,
    );
    await again[Symbol.asyncDispose]();
  });

  it('are of the newest version unless all are asked for', async () => {
    const ofVersions = (all: string[]) => all.filter((line) => line.includes('"id":"versions"')).length;
    expect(ofVersions(lines(await exported({})))).toBe(1);
    expect(ofVersions(lines(await exported({ allVersions: true })))).toBe(2);
  });

  it.each(['pstn', 'direct-routing', 'sms', 'blocked-users', 'dial-out'] as const)(
    'so do the rows of the log %s',
    async (what) => {
      const all = lines(await exported({ what }));
      expect(all.length).toBe(40);
      expect(await importLines(store, all)).toMatchObject({ logRows: 40, newLogRows: 0 });
    },
  );
});

describe('an export', () => {
  it.each(
    everything.flatMap((what) =>
      (['jsonl', 'csv', 'parquet'] as const).map((format) => [what, format] as const),
    ),
  )('of %s as %s is the same however often it is interrupted', async (what, format) => {
    const whole = newPath();
    const done = await exportTest(store, question(tenantId, { what, format }), whole);
    const path = newPath();
    let again: typeof done;
    // Each run gets further than the one before; the first writes nothing at all.
    for (let writes = 0; again === undefined; writes += often(1 + writes, 1))
      again = await exportTest(store, question(tenantId, { what, format }), path, writes);
    expect({ ...again, beganDateTime: '' }).toEqual({
      ...done,
      beganDateTime: '',
      bytes: again.bytes,
      sha256: again.sha256,
    });
    expect(again.sha256).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'));
    // Row groups of Parquet end where a run was interrupted: its rows are compared below.
    if (format !== 'parquet') expect(readFileSync(path).equals(readFileSync(whole))).toBe(true);
    else expect(await rowsOf(path)).toEqual(await rowsOf(whole));
  });

  it('holds what began in the span, of the participant, in the columns asked for', async () => {
    const at = BigInt(Date.parse('2026-03-02T10:00:00Z')) * 10_000n;
    const ids = async (more: Partial<ExportQuestion>) =>
      lines(await exported({ columns: ['id'], ...more })).map(
        (line) => (JSON.parse(line) as { id: string }).id,
      );
    const odd = ['versions', 'broken', 'found', "o'dd €", 'listless'];
    expect(await ids({ from: at, before: at + 1n })).toEqual(odd);
    expect(await ids({ from: at - 1n, before: at })).toEqual([]);
    expect(await ids({ participantId: 'first' })).toEqual(['versions']);
    expect(await ids({ participantId: 'found-person' })).toEqual(['found']);
    expect((await ids({})).length).toBe(36);
  });

  it('counts the calls of which something is missing', async () => {
    const done = await exportTest(store, question(tenantId, { what: 'participants' }), newPath());
    expect(done).toMatchObject({ items: 36, incomplete: 4 });
  });
});

const instance = await DuckDBInstance.create();

/** Rows with every value as JSON has it, long numbers as text. */
async function rowsOf(path: string, from = `read_parquet('${path}')`): Promise<Record<string, Json>[]> {
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(`SELECT * FROM ${from}`);
  connection.closeSync();
  return reader.getRowObjectsJson();
}

/** Types of the columns, as DuckDB writes a struct of them. */
async function typesOf(path: string): Promise<string> {
  const columns = await rowsOf(path, `(DESCRIBE SELECT * FROM read_parquet('${path}'))`);
  return `{${columns.map((row) => `'${row['column_name'] as string}': '${row['column_type'] as string}'`).join(', ')}}`;
}

describe('tables in DuckDB', () => {
  it.each(everything)('of Parquet and of CSV have the same rows: %s', async (what) => {
    const parquet = await exported({ what, format: 'parquet' });
    const csv = await exported({ what, format: 'csv' });
    // As Parquet has them, but that CSV knows no empty text, and for the apostrophes.
    const typed = `read_csv('${csv}', header = true, types = ${await typesOf(parquet)}, quote = '"', escape = '"')`;
    const rows = await rowsOf(parquet);
    expect(rows.length).toBeGreaterThan(30);
    const plain = (all: object[]) =>
      JSON.stringify(all)
        .replace(/(?<="|\\n)'(?=[=+@-])/g, '')
        .replace(/:""/g, ':null');
    expect(plain(await rowsOf(csv, typed))).toBe(plain(rows));
  });

  it('have types: numbers, times of UTC, truth', async () => {
    const path = await exported({ what: 'calls', format: 'parquet' });
    const described = await rowsOf(path, `(DESCRIBE SELECT * FROM read_parquet('${path}'))`);
    const types = Object.fromEntries(
      described.map((row) => [row['column_name'] as string, row['column_type'] as string]),
    );
    expect(types).toMatchObject({
      id: 'VARCHAR',
      version: 'BIGINT',
      startDateTime: 'TIMESTAMP WITH TIME ZONE',
      durationSeconds: 'DOUBLE',
      isComplete: 'BOOLEAN',
    });
    const [row = {}] = await rowsOf(path, `read_parquet('${path}') WHERE id = 'o''dd €'`);
    expect(row).toMatchObject({
      version: '9223372036854775807',
      durationSeconds: 1800.1234567,
      isComplete: false,
    });
    const [{ us } = {}] = await rowsOf(
      path,
      `(SELECT epoch_us("endDateTime") AS us FROM read_parquet('${path}') WHERE id = 'broken')`,
    );
    expect(us).toBe(String(Date.parse('2026-03-02T10:30:00Z') * 1000 + 123_456));
  });

  it('say who was there, from when to when, and by which evidence', async () => {
    const path = await exported({ what: 'participants', format: 'parquet' });
    const of = await rowsOf(
      path,
      `(SELECT id, kind, "displayName", source FROM read_parquet('${path}') WHERE "callId" = 'found' ORDER BY source)`,
    );
    expect(of).toEqual([
      { id: 'listed', kind: 'user', displayName: 'Person listed', source: 'participants_v2' },
      { id: 'found-person', kind: 'user', displayName: 'Person found-person', source: 'sessions' },
    ]);
    const [{ there } = {}] = await rowsOf(
      path,
      `(SELECT count(*) AS there FROM read_parquet('${path}') WHERE "joinedDateTime" < "leftDateTime")`,
    );
    expect(Number(there)).toBeGreaterThan(60);
  });
});

const text = (bytes: Uint8Array | Promise<Uint8Array>) => Buffer.from(bytes as Uint8Array).toString(); // these encoders answer at once

describe('CSV', () => {
  const column = [{ name: 'text', type: 'string' }] as const;

  it('of countries with a semicolon has a decimal comma', () => {
    const german = csvEncoder({ delimiter: ';', decimal: ',' })(
      [...column, { name: 'n', type: 'double' }],
      undefined,
    );
    expect(text(german.begin())).toBe('\uFEFFtext;n\r\n');
    expect(
      text(
        german.encode([
          ['a;b', 1234.5],
          ['c', undefined],
          ['d', 10n],
        ]),
      ),
    ).toBe('"a;b";1234,5\r\nc;\r\nd;10\r\n');
  });
});
