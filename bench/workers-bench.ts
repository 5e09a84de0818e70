/**
 * Compares one worker and two on the same SQLite file and both cores. The client also runs on them, so two workers
 * cannot double the throughput here. CPU time per request shows contention: without any it stays the same. The table
 * also has the estimate for two free cores.
 */
import { median } from './beside.ts';
import type { Case } from './cases.ts';
import { cli, startIssuer } from './issuer.ts';
import { startLoad, startServer } from './processes.ts';

interface WorkersRow {
  readonly case: string;
  /** Requests per second of wall-clock time, with one worker and with two. */
  readonly one: number;
  readonly two: number;
  /** Twice the CPU time per request with one worker, divided by that with two. */
  readonly speedup: number;
}

interface WorkersBenchOptions {
  readonly cases: readonly Case[];
  readonly store: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

export async function benchWorkers(options: WorkersBenchOptions): Promise<WorkersRow[]> {
  const { cases, store, rounds, seconds, connections } = options;
  const issuer = await startIssuer();
  const start = (workers: number) => startServer('0,1', cli, issuer.serve(store, workers));
  const servers = [await start(1), await start(2)] as const;
  const load = startLoad('0,1');
  const rows: WorkersRow[] = [];
  for (const { name, targets, headers: own } of cases) {
    for (const [kind, some] of Object.entries(targets)) {
      const job = { connections, seconds, targets: some, headers: { ...issuer.headers, ...own } };
      const measure = async (server: (typeof servers)[number]) => {
        const before = server.cpu();
        const { requests, perSecond, failed } = await load.run({ ...job, port: server.port });
        if (failed > 0) throw new Error(`${name}: ${failed} answers were refusals.`);
        return { perSecond, cpu: (server.cpu() - before) / requests };
      };
      for (const server of servers) for (let round = 0; round < 3; round++) await measure(server);
      const pairs = [];
      for (let round = 0; round < rounds; round++)
        pairs.push({ one: await measure(servers[0]), two: await measure(servers[1]) });
      rows.push({
        case: `${name}, ${kind}`,
        one: median(pairs.map(({ one }) => one.perSecond)),
        two: median(pairs.map(({ two }) => two.perSecond)),
        speedup: median(pairs.map(({ one, two }) => (2 * one.cpu) / two.cpu)),
      });
    }
  }
  load.stop();
  await Promise.all([...servers, issuer].map((server) => server.stop()));
  return rows;
}
