/** Starts the processes of a measurement, each on a separate core if the machine can pin them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LoadJob, LoadResult } from './load.ts';

export const canPin = spawnSync('taskset', ['--version']).status === 0;

/** Starts a process. @param cores In the syntax of `taskset -c`. */
function spawnOn(
  cores: string,
  script: string,
  args: readonly string[],
  nodeArgs: readonly string[] = [],
): ChildProcess {
  const node = [process.execPath, ...nodeArgs, script, ...args];
  const [command, ...rest] = canPin ? ['taskset', '-c', cores, ...node] : node;
  return spawn(command!, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
}

export interface ServerProcess {
  readonly port: number;
  readonly startMs: number;
  /** Returns the resident memory in bytes. */
  memory(): number;
  /** Returns the CPU seconds used by the process and its workers, including threads and kernel time. */
  cpu(): number;
  stop(): Promise<void>;
}

/** Resolves when the process prints its address. */
export function startServer(
  cores: string,
  script: string,
  args: readonly string[],
  nodeArgs: readonly string[] = [],
): Promise<ServerProcess> {
  const begun = performance.now();
  const child = spawnOn(cores, script, args, nodeArgs);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}.`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const port = /listening on https?:\/\/.*:(\d+)/.exec(line)?.[1];
      if (port === undefined) return;
      resolve({
        port: Number(port),
        startMs: performance.now() - begun,
        memory: () =>
          Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024,
        cpu: () => cpuOf(child.pid!),
        stop: () =>
          new Promise((done) => {
            child.once('exit', () => done());
            child.kill('SIGTERM');
          }),
      });
    });
  });
}

function cpuOf(pid: number): number {
  // Fields 14 and 15 of proc(5), in ticks of 1/100 s on Linux; field 2 may contain any text.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.reduce((sum, one) => sum + cpuOf(Number(one)), (Number(user) + Number(system)) / 100);
}

export interface LoadGenerator {
  run(job: LoadJob): Promise<LoadResult>;
  stop(): void;
}

export function startLoad(cores: string): LoadGenerator {
  const child = spawnOn(cores, new URL('load.ts', import.meta.url).pathname, []);
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return {
    async run(job) {
      child.stdin!.write(`${JSON.stringify(job)}\n`);
      const { value } = await lines.next();
      return JSON.parse(value as string) as LoadResult;
    },
    stop: () => child.stdin!.end(),
  };
}
