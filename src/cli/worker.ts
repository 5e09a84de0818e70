/** A worker of `dev` or `serve`, forked by the command with its name. */
import { systemClock } from '../clock.ts';
import { printableLines } from '../printable.ts';
import { StoreError } from '../store/store.ts';
import { startTracing } from '../tracing/start.ts';
import { runWorker } from '../workers/worker.ts';
import type { Terminal } from './command.ts';
import { logBy } from './logging.ts';
import { exitCodes } from './exit.ts';
import { countBuffersAsHeap } from './garbage.ts';
import type { WorkerConfiguration } from './worker-configuration.ts';

const terminal: Terminal = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  clock: systemClock,
  // The supervisor tells of both over its channel.
  stopSignal: () => new AbortController().signal,
  onReload: () => undefined,
};
// A process continues when its log cannot be written.
process.stderr.on('error', () => undefined);
countBuffersAsHeap();
let endTracing = () => Promise.resolve(true);
try {
  // Each loads what it answers with, and no more.
  const { createServer } = await (process.argv[2] === 'dev'
    ? import('./workers/dev-server.ts')
    : import('./workers/serve-server.ts'));
  await runWorker(systemClock, async (given, parts) => {
    const configuration = given as WorkerConfiguration; // as the command told the pool
    endTracing = await startTracing(process.env, logBy(configuration.settings, terminal));
    return createServer(configuration, terminal, parts);
  });
  const isSent = await endTracing();
  process.exitCode = exitCodes.done;
  // A collector that does not answer keeps nobody waiting.
  if (!isSent) process.exit();
} catch (error) {
  const text = error instanceof StoreError ? error.message : String((error as Error).stack);
  process.stderr.write(`${printableLines(text)}\n`);
  process.exit(exitCodes.failed);
}
