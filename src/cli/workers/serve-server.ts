/** What a worker of `serve` answers with: the store, and the tokens of the authorities. */
import { createWorkerServer } from '../../app.ts';
import { ownPaths } from '../../http/own-paths.ts';
import { workerInterception } from '../../workers/worker-interception.ts';
import type { WorkerParts, WorkerServer } from '../../workers/worker.ts';
import { answeringBy, readinessBy } from '../answering.ts';
import { authoritiesBy, authorityVerifier } from '../authority-verifier.ts';
import type { Terminal } from '../command.ts';
import { defectLog, logBy } from '../logging.ts';
import { Outages } from '../outages.ts';
import { openServedStore } from '../served-store.ts';
import { signInBy } from '../sign-in.ts';
import type { WorkerConfiguration } from '../worker-configuration.ts';

export async function createServer(
  { settings, tls }: WorkerConfiguration,
  terminal: Terminal,
  { forward, isAlone }: WorkerParts,
): Promise<WorkerServer> {
  const { clock } = terminal;
  const log = logBy(settings, terminal);
  const store = await openServedStore(settings, terminal, { clock, isReadOnly: true });
  const onDefect = defectLog(log, new Outages({ store, clock }));
  const authorities = authoritiesBy(settings, terminal);
  const { server, metrics } = await createWorkerServer({
    ...answeringBy(settings, 'reconciled'),
    strictTransport: true,
    store,
    verifier: authorityVerifier(settings, authorities, clock),
    signIn: signInBy(settings, authorities, clock),
    tls,
    otherPaths: ownPaths(readinessBy(settings, store, terminal, onDefect)),
    interception: ({ countForwarded }) => workerInterception({ forward, onForward: countForwarded, isAlone }),
    clock,
    onDefect,
    log,
  });
  return { server, observed: metrics.observed, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}
