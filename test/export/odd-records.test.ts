/** Records that are odd here and there leave in every form: no value of another type stops an export. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { tenantId } from '../support/direct-read.ts';
import { exportTest, question } from '../support/exported.ts';
import { randomRecord } from '../support/random-records.ts';
import { importRandomLines } from '../support/representation-attack.ts';

it('are exported as every table in every format, each call with as many rows', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
  await using store = openSqliteStore(':memory:');
  const lines = Array.from({ length: 60 }, (_, number) => randomRecord(7001, number, { odd: true }).text);
  expect(await importRandomLines(store, lines)).toEqual([]);
  expect((await store.evidence.tally(tenantId)).odd).toBeGreaterThan(40);
  for (const what of ['calls', 'participants', 'sessions', 'segments', 'streams'] as const) {
    const rows = new Set<number | undefined>();
    for (const format of ['jsonl', 'csv', 'parquet'] as const) {
      const path = join(folder, `${what}.${format}`);
      const exported = await exportTest(store, question(tenantId, { what, format }), path);
      expect(exported).toMatchObject({ items: 60, damaged: 0 });
      rows.add(exported?.rows);
    }
    expect(rows.size, what).toBe(1);
    expect([...rows][0]).toBeGreaterThan(0);
  }
  rmSync(folder, { recursive: true });
});
