/**
 * node bench/year-bench.ts [calls a month]: simulates a year with a retention of one quarter, month by month, in a
 * SQLite file and in a PostgreSQL of the tests: measures the disk space after each month's import and deletion, and the
 * cost of the deletion. PostgreSQL is vacuumed after each month, as its autovacuum would.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import pg from 'pg';
import { generateLines } from '../src/emulator/generate/generate.ts';
import { importSources } from '../src/collect/ingest/import.ts';
import { applyRetention } from '../src/maintain/retention/apply.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../src/store/store.ts';
import { ticksOf } from '../src/base/ticks.ts';
import { startPostgres } from '../test/support/postgres-server.ts';

const calls = Number(process.argv[2] ?? 2000);
const tenantId = '11111111-1111-4111-8111-111111111111';
const months = 12;
const keptMonths = 3;
const monthStart = (month: number) => new Date(Date.UTC(2025, month, 1));

async function year(name: string, store: CallRecordStore, settle: () => Promise<void>): Promise<void> {
  console.log(`\n${name}: ${calls} calls a month, ${keptMonths} months kept`);
  for (let month = 0; month < months; month++) {
    const days = (monthStart(month + 1).getTime() - monthStart(month).getTime()) / 86_400_000;
    const options = { seed: month, calls, users: 1000, largest: 100, until: monthStart(month + 1), tenantId };
    const lines = generateLines({ ...options, days, sessions: true, media: true });
    await importSources([{ name: 'month', size: undefined, open: () => Readable.from(bytesOf(lines)) }], {
      tenantId,
      store,
      maxLineBytes: 2 ** 26,
      onReject: ({ reason }) => {
        throw new Error(reason);
      },
      onRead: () => undefined,
    });
    const before = ticksOf(monthStart(month - keptMonths + 1));
    const begun = performance.now();
    const dropped = await applyRetention({ store, tenantId, before, signal: new AbortController().signal });
    const ms = performance.now() - begun;
    await settle();
    const { bytes } = await store.transfer.describe();
    const each = dropped.calls === 0 ? '' : `, ${(ms / dropped.calls).toFixed(2)} ms a call`;
    console.log(
      `month ${String(month + 1).padStart(2)}: ${(bytes / 1e6).toFixed(1).padStart(7)} MB; dropped ${dropped.calls} in ${(ms / 1000).toFixed(1)} s${each}`,
    );
  }
}

function* bytesOf(lines: Iterable<string>) {
  for (const line of lines) yield Buffer.from(`${line}\n`);
}

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
{
  await using store = openSqliteStore(join(folder, 'year.db'));
  await year('SQLite', store, () => Promise.resolve());
}
rmSync(folder, { recursive: true });
{
  await using server = await startPostgres();
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  {
    await using store = await openPostgresStore(server.url);
    await year('PostgreSQL', store, async () => {
      await client.query('VACUUM');
    });
  }
  await client.end();
}
