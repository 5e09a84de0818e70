/** Decides how many workers `serve` has, and how they are started. */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { Certificate } from '../auth/certificate.ts';
import { WorkerPool } from '../workers/pool.ts';
import type { Terminal } from '../../base/terminal.ts';
import { UsageError } from '../../base/exit.ts';
import { logBy } from '../observe/logging.ts';
import { isInMemory } from '../../store/open-store.ts';
import type { ServerSettings } from './server-settings.ts';

/** The configuration of a worker, which reads none itself: all have the same whenever they start. */
export interface WorkerConfiguration {
  readonly settings: ServerSettings;
  readonly tls: Certificate | undefined;
}

/** The worker's entry point next to this file: TypeScript in a checkout, JavaScript in the package. */
const workerMain = new URL(`worker${extname(import.meta.url)}`, import.meta.url);

/** Creates the pool. @returns undefined when one process does everything. @throws UsageError */
export function createWorkerPool(settings: ServerSettings, terminal: Terminal): WorkerPool | undefined {
  const count = workerCount(settings);
  if (count === 1) return undefined;
  const log = logBy(settings, terminal);
  return new WorkerPool({
    count,
    clock: terminal.clock,
    fork: () => fork(workerMain, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
    log: (line) => log.write('warn', line),
  });
}

function workerCount({ workers, store }: ServerSettings): number {
  if (isInMemory(store)) {
    if (workers !== undefined && workers > 1)
      throw new UsageError([
        `--workers: ${store} is there for one process alone. Leave --workers out, or name a store in a file.`,
      ]);
    return 1;
  }
  // On Windows, any user can open a named pipe: there is no socket file with owner permissions.
  return workers ?? (process.platform === 'win32' ? 1 : availableParallelism());
}
