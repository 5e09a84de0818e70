/** Runs a worker of `serve`, which forks it: it answers reads from the store and verifies tokens. */
import { createWorkerServer } from '../worker-server.ts';
import { keepKeys, keysMs } from '../auth/keep-keys.ts';
import { systemClock } from '../../base/clock.ts';
import { printableLines } from '../../base/printable.ts';
import { StoreError } from '../../store/store-errors.ts';
import { doneWithin } from '../../base/stopping.ts';
import { startTracing } from '../../base/tracing/start.ts';
import { traceId } from '../../base/tracing/tracing.ts';
import { runWorker, type WorkerParts, type WorkerServer } from '../workers/worker.ts';
import { createWorkerInterceptor } from '../workers/worker-interceptor.ts';
import { answeringBy, readinessBy, serveProfile } from './answering.ts';
import { authoritiesBy, authorityVerifier } from './authority-verifier.ts';
import type { Terminal } from '../../base/terminal.ts';
import { exitCodes } from '../../base/exit.ts';
import { tuneGc } from '../../base/gc-tuning.ts';
import { defectLog, logBy } from '../observe/logging.ts';
import { openServedStore } from './served-store.ts';
import { signInBy } from './sign-in.ts';
import type { WorkerConfiguration } from './worker-pool.ts';

const clock = systemClock;
const terminal: Terminal = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  clock,
  // The supervisor stops and reloads workers by message.
  stopSignal: () => new AbortController().signal,
  onReload: () => undefined,
};
let endTracing = () => Promise.resolve(true);

async function createServer(
  { settings, tls }: WorkerConfiguration,
  { forward, report, reportAuthority }: WorkerParts,
): Promise<WorkerServer> {
  const log = logBy(settings, terminal);
  endTracing = await startTracing(process.env, log);
  const store = await openServedStore(settings, terminal, { clock, isReadOnly: true });
  const onDefect = defectLog(log, ({ message, isStore }, of) =>
    report({ message, isStore, of: { ...of, traceId: traceId() } }),
  );
  // The supervisor requests the authority too, and logs its outages.
  const authorities = authoritiesBy(settings, () => ({ onDown: reportAuthority, onUp: () => undefined }));
  const keys = keepKeys(authorities, clock);
  // A ready worker can verify tokens, unless the authority is slow.
  await doneWithin(keysMs, keys.start());
  const { server, metrics } = await createWorkerServer({
    ...answeringBy(settings, serveProfile),
    strictTransport: true,
    store,
    verifier: authorityVerifier(settings, authorities, clock),
    signIn: signInBy(settings, authorities, clock),
    tls,
    readiness: readinessBy(settings, store, terminal, onDefect, authorities),
    interceptor: ({ countForwarded }) => createWorkerInterceptor(forward, countForwarded),
    clock,
    onDefect,
    log,
  });
  return {
    server,
    observed: metrics.observed,
    [Symbol.asyncDispose]() {
      keys.stop();
      return store[Symbol.asyncDispose]();
    },
  };
}

// The process continues when its log cannot be written.
process.stderr.on('error', () => undefined);
tuneGc();
try {
  // The pool passes the configuration that the command built.
  await runWorker((configuration, parts) => createServer(configuration as WorkerConfiguration, parts));
  const isSent = await endTracing();
  process.exitCode = exitCodes.done;
  // The process does not wait for a trace collector that does not respond.
  if (!isSent) process.exit();
} catch (error) {
  const text = error instanceof StoreError ? error.message : String((error as Error).stack);
  process.stderr.write(`${printableLines(text)}\n`);
  process.exit(exitCodes.failed);
}
