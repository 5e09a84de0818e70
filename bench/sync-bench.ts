/**
 * Measures sync from a server on another core: the throughput of one core, and the part that is not the import of the
 * same records.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/base/clock.ts';
import { development } from '../src/base/development.ts';
import { defaultGenerateOptions, generateLines } from '../src/emulator/generate/generate.ts';
import { importSources } from '../src/collect/ingest/import.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import { createSync } from '../src/collect/sync/sync.ts';
import { startServer } from './processes.ts';

interface SyncBench {
  readonly records: number;
  readonly sessions: number;
  readonly requests: number;
  readonly megabytes: number;
  readonly seconds: number;
  /** CPU seconds of this process, equal to the wall-clock time of an otherwise idle core. */
  readonly cpuSeconds: number;
  readonly importCpuSeconds: number;
}

const main = new URL('../src/cli/main.ts', import.meta.url).pathname;
/** Scales Graph's limits to spans so short that they do not limit. */
const budgetScale = 0.0001;

/** Measures a sync. @param media True when sessions have media: four fifths of a record's bytes. */
export async function benchSync(core: number, calls: number, media: boolean): Promise<SyncBench> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  try {
    const options = { ...defaultGenerateOptions, calls, largest: 60, media, until: new Date() };
    const lines = [...generateLines(options)].map((line) => Buffer.from(`${line}\n`));
    const path = join(folder, 'upstream.db');
    const importCpuSeconds = await cpuSecondsOf(async () => {
      await using store = openSqliteStore(path);
      const source = { name: 'bench', size: undefined, open: () => each(lines) };
      await importSources([source], {
        tenantId: development.tenantId,
        store,
        maxLineBytes: 64 * 2 ** 20,
        onReject: ({ reason }) => {
          throw new Error(reason);
        },
        onRead: () => undefined,
      });
    });
    const server = await startServer(String(core), main, [
      'dev',
      '--port',
      '0',
      '--quiet',
      '--store',
      `sqlite:${path}`,
    ]);
    await using store = openSqliteStore(join(folder, 'kept.db'));
    const sync = createSync({
      store,
      clock: systemClock,
      budgetScale,
      concurrency: 16,
      sinceMs: undefined,
      logs: [],
      onEvent: ({ problem }) => {
        if (problem !== undefined) throw new Error(problem);
      },
      onProblem: (_, { reason }) => {
        throw new Error(reason);
      },
      tenants: [
        {
          tenantId: development.tenantId,
          upstream: new URL(`http://127.0.0.1:${server.port}`),
          authority: undefined,
          clientId: development.clientId,
          credentials: { kind: 'secret', secret: development.clientSecret },
        },
      ],
    });
    const begun = performance.now();
    let seconds = 0;
    let requests = 0;
    let sessions = 0;
    let records = 0;
    const cpuSeconds = await cpuSecondsOf(async () => {
      const outcome = await sync.tenants[0]!.once(new AbortController().signal);
      seconds = (performance.now() - begun) / 1000;
      ({ requests, sessions, records } = outcome);
    });
    sync.close();
    await server.stop();
    const megabytes = lines.reduce((sum, line) => sum + line.length, 0) / 1e6;
    return { records, sessions, requests, megabytes, seconds, cpuSeconds, importCpuSeconds };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function cpuSecondsOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function* each(lines: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const line of lines) yield await Promise.resolve(line);
}
