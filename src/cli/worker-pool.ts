/** How many processes answer for a server, and how they are started. */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { WorkerPool } from '../workers/pool.ts';
import type { Terminal } from './command.ts';
import { UsageError } from './exit.ts';
import { logBy } from './logging.ts';
import { isInMemory } from './open-store.ts';
import type { Settings } from './settings.ts';

/** A command that may have workers. */
export type ServerCommand = 'dev' | 'serve';

/** Beside this file: in TypeScript in a checkout, in JavaScript in the package. */
const workerMain = new URL(`worker${extname(import.meta.url)}`, import.meta.url);

/** @returns undefined where one process does it all. @throws UsageError */
export function createWorkerPool(
  command: ServerCommand,
  settings: Settings,
  terminal: Terminal,
): WorkerPool | undefined {
  const count = workerCount(command, settings);
  if (count === 1) return undefined;
  const log = logBy(settings, terminal);
  return new WorkerPool({
    count,
    clock: terminal.clock,
    fork: () => fork(workerMain, [command], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
    log: (line) => log.write('warn', line),
  });
}

function workerCount(command: ServerCommand, settings: Settings): number {
  const { workers, store } = settings;
  if (isInMemory(store)) {
    if (workers !== undefined && workers > 1)
      throw new UsageError([
        `--workers: ${store} is there for one process alone. Leave --workers out, or name a store in a file.`,
      ]);
    return 1;
  }
  // Windows has no sockets in the file system that only their owner may open.
  if ((command === 'dev' && needsOneProcess(settings)) || process.platform === 'win32') return workers ?? 1;
  return workers ?? availableParallelism();
}

/** What the stage of `dev` does from the start may leave nothing for workers to answer. */
function needsOneProcess(settings: Settings): boolean {
  return (
    settings.throttle !== 'off' ||
    settings['clock-start'] !== undefined ||
    settings.scenario !== undefined ||
    settings['clock-standing']
  );
}
