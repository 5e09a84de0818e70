/** Measures two servers under the same load alternately, and compares their throughput. */
import type { LoadJob, LoadResult } from './load.ts';
import type { LoadGenerator, ServerProcess } from './processes.ts';

export interface Bench {
  readonly ours: ServerProcess;
  readonly bare: ServerProcess;
  readonly load: LoadGenerator;
}

/** A measured case, as printed. */
export interface Row {
  readonly case: string;
  readonly ours: number;
  readonly bare: number;
  readonly ratio: number;
  /** CPU time per request relative to the bare server's: the ratio to use when other work disturbs wall-clock time. */
  readonly cpuRatio?: number;
  readonly goal: number;
  readonly memoryMb: number;
  readonly p99Ms: number;
  readonly note: string;
}

export interface Beside {
  readonly ours: number;
  readonly bare: number;
  readonly ratio: number;
  /** CPU time per request relative to the bare server's: the ratio to use when other work disturbs wall-clock time. */
  readonly cpuRatio: number;
  /** CPU seconds per request of Rollcall. */
  readonly cpuPerRequest: number;
  readonly memoryMb: number;
  readonly p99Ms: number;
  readonly note: string;
}

/**
 * Returns the median of several rounds, after three warm-up rounds per server: V8 needs some seconds of requests to
 * compile the code.
 */
export async function measureBeside(
  name: string,
  job: Omit<LoadJob, 'port'>,
  rounds: number,
  { ours, bare, load }: Bench,
): Promise<Beside> {
  for (const { port } of [ours, bare]) await load.run({ ...job, port, seconds: job.seconds * 3 });
  const pairs: { ours: MeasuredLoad; bare: MeasuredLoad }[] = [];
  for (let round = 0; round < rounds; round++) {
    pairs.push({ ours: await measureLoad(load, job, ours), bare: await measureLoad(load, job, bare) });
  }
  const failed = pairs.reduce((sum, pair) => sum + pair.ours.failed + pair.bare.failed, 0);
  if (failed > 0) throw new Error(`${name}: ${failed} answers were refusals.`);
  const busy = Math.max(...pairs.flatMap((pair) => [pair.ours.clientBusy, pair.bare.clientBusy]));
  return {
    ours: median(pairs.map((pair) => pair.ours.perSecond)),
    bare: median(pairs.map((pair) => pair.bare.perSecond)),
    ratio: median(pairs.map((pair) => pair.ours.perSecond / pair.bare.perSecond)),
    cpuRatio: median(pairs.map((pair) => pair.bare.cpuPerRequest / pair.ours.cpuPerRequest)),
    cpuPerRequest: median(pairs.map((pair) => pair.ours.cpuPerRequest)),
    memoryMb: ours.memory() / 2 ** 20,
    p99Ms: median(pairs.map((pair) => pair.ours.p99Ms)),
    note: busy > 0.9 ? 'the client was the bound' : '',
  };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

interface MeasuredLoad extends LoadResult {
  /** CPU seconds of the server per request. */
  readonly cpuPerRequest: number;
}

async function measureLoad(
  load: LoadGenerator,
  job: Omit<LoadJob, 'port'>,
  server: ServerProcess,
): Promise<MeasuredLoad> {
  const before = server.cpu();
  const result = await load.run({ ...job, port: server.port });
  return { ...result, cpuPerRequest: (server.cpu() - before) / result.requests };
}
