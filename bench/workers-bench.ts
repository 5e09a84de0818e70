/**
 * One worker and two on the same SQLite file, on both cores. The client runs on them too, so that two workers cannot do
 * twice as much by the clock here; what tells of contention is the processor time of a request, which stays the same when
 * there is none: beside it stands what two free cores would come to.
 */
import { median } from './beside.ts';
import type { Case } from './cases.ts';
import { cli, startIssuer } from './issuer.ts';
import { startLoad, startServer } from './processes.ts';

interface WorkersRow {
  readonly case: string;
  /** Requests a second by the clock, with one worker and with two. */
  readonly one: number;
  readonly two: number;
  /** Twice a request's processor time with one worker over that with two. */
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
