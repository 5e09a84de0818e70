/** What a worker of `dev` answers with: the store, and the tokens of its issuer. */
import { createWorkerServer } from '../../app.ts';
import { Clients } from '../../auth/issuer/clients.ts';
import { createIssuer, createIssuerKey, graphAudiences } from '../../auth/issuer/issuer.ts';
import { wwwAuthenticate } from '../../auth/permission.ts';
import { createVerifier } from '../../auth/verifier.ts';
import { issuerPaths } from '../../http/issuer-paths.ts';
import { ownPaths } from '../../http/own-paths.ts';
import { stageInterception } from '../../http/stage/stage-interception.ts';
import { Faults } from '../../stage/faults.ts';
import { workerInterception } from '../../workers/worker-interception.ts';
import type { WorkerParts, WorkerServer } from '../../workers/worker.ts';
import { allowedHostsBy, answeringBy, readinessBy } from '../answering.ts';
import type { Terminal } from '../command.ts';
import { developmentSignIn } from '../development-sign-in.ts';
import { defectLog, logBy } from '../logging.ts';
import { Outages } from '../outages.ts';
import { openServedStore } from '../served-store.ts';
import type { WorkerConfiguration } from '../worker-configuration.ts';

export async function createServer(
  { settings, tls }: WorkerConfiguration,
  terminal: Terminal,
  { forward, isAlone, met }: WorkerParts,
): Promise<WorkerServer> {
  const { clock } = terminal;
  const log = logBy(settings, terminal);
  const { now } = clock;
  const store = await openServedStore(settings, terminal, { clock, isReadOnly: true });
  const onDefect = defectLog(log, new Outages({ store, clock }));
  const issuer = await createIssuer(await store.secret('issuer-key', createIssuerKey), now);
  const own = ownPaths(readinessBy(settings, store, terminal, onDefect));
  // Tokens are asked for with POST, which the supervisor answers: it knows the clients.
  const issuing = issuerPaths(issuer, new Clients(), now);
  // A worker answers while no rule is in force.
  const counting = stageInterception({
    faults: new Faults(now),
    counts: met,
    clock,
    challenge: wwwAuthenticate(),
  });
  const { server, metrics } = await createWorkerServer({
    ...answeringBy(settings, 'as-received'),
    allowedHosts: allowedHostsBy(settings),
    store,
    verifier: createVerifier({ authorities: [issuer.authority], audiences: graphAudiences, clock: now }),
    signIn: developmentSignIn(settings, now),
    tls,
    otherPaths: (exchange, path, origin) => own(exchange, path, origin) ?? issuing(exchange, path, origin),
    interception: ({ countForwarded }) =>
      workerInterception({ forward, onForward: countForwarded, isAlone, counting }),
    clock,
    onDefect,
    log,
  });
  return { server, observed: metrics.observed, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}
