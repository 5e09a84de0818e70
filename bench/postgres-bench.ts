/**
 * Compares full pages from PostgreSQL with a bare loop that reads the same blocks with `pg` and writes them, inflated
 * when the client does not accept gzip. The servers run on core 0, PostgreSQL and the client on core 1.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importSources } from '../src/collect/ingest/import.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import { type Beside, measureBeside } from './beside.ts';
import { rollCases } from './cases.ts';
import { encoded, records, tenantId } from './data.ts';
import { cli, startIssuer } from './issuer.ts';
import { canPin, startLoad, startServer } from './processes.ts';

interface PostgresRow extends Beside {
  readonly case: string;
  readonly goal: number;
}

interface PostgresBenchOptions {
  readonly pages: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly nodeArgs: readonly string[];
  readonly note: (text: string) => void;
}

const names = ['page of 130', 'page of 130, gzip'];

export async function benchPostgres(options: PostgresBenchOptions): Promise<PostgresRow[]> {
  const { pages, rounds, seconds, connections, nodeArgs, note } = options;
  await using postgres = await startPostgres({ settings: { shared_buffers: '512MB' } });
  if (canPin) {
    const [pid = ''] = readFileSync(join(postgres.folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
    spawnSync('taskset', ['-acp', '1', pid]);
  }
  const sizes = { small: 0, pages, walk: 0 };
  note(`filling a database with ${pages} calls of 130`);
  {
    await using store = await openPostgresStore(postgres.url);
    await importSources([{ name: 'bench', size: undefined, open: () => encoded(records(sizes)) }], {
      tenantId,
      store,
      maxLineBytes: 2 ** 20,
      onReject: ({ reason }) => {
        throw new Error(reason);
      },
      onRead: () => undefined,
    });
  }
  const issuer = await startIssuer();
  const ours = await startServer('0', cli, issuer.serve(postgres.url), nodeArgs);
  const bareScript = new URL('bare-postgres-server.ts', import.meta.url).pathname;
  const bare = await startServer('0', bareScript, [postgres.url]);
  const load = startLoad('1');
  const rows: PostgresRow[] = [];
  for (const { name, targets, headers } of rollCases(sizes)) {
    if (!names.includes(name)) continue;
    for (const [kind, some] of Object.entries(targets)) {
      const job = { connections, seconds, targets: some, headers: { ...issuer.headers, ...headers } };
      const measured = await measureBeside(name, job, rounds, { ours, bare, load });
      rows.push({ case: `PostgreSQL, ${name}, ${kind}`, goal: 0.8, ...measured });
    }
  }
  load.stop();
  await Promise.all([ours.stop(), bare.stop(), issuer.stop()]);
  return rows;
}
