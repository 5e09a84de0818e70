/** A worker of `dev` or `serve`: `COMMAND` and its arguments, as the command itself was given them. */
import { systemClock } from '../clock.ts';
import { StoreError } from '../store/store.ts';
import { runWorker } from '../workers/worker.ts';
import type { Terminal } from './command.ts';
import { exitCodes, UsageError } from './exit.ts';
import { readSettings } from './settings.ts';
import type { ServerCommand } from './worker-pool.ts';

const [name, ...argv] = process.argv.slice(2);
const command = name as ServerCommand; // as the supervisor forks it
const terminal: Terminal = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  clock: systemClock,
  stopped: new Promise(() => undefined), // the supervisor tells it over its channel
};
try {
  const { settings } = readSettings(command, argv, process.env);
  // Each loads what it answers with, and no more.
  const { createServer } = await (command === 'dev'
    ? import('./workers/dev-server.ts')
    : import('./workers/serve-server.ts'));
  await runWorker(systemClock, (parts) => createServer(settings, terminal, parts));
  process.exitCode = exitCodes.done;
} catch (error) {
  const isInWords = error instanceof UsageError || error instanceof StoreError;
  process.stderr.write(`${isInWords ? error.message : String((error as Error).stack)}\n`);
  process.exit(exitCodes.failed);
}
