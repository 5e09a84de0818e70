/** Runs `dev` and `serve`: listens, logs the address, reloads, and stops on a signal. */
import { once } from 'node:events';
import { createSecureContext } from 'node:tls';
import { type App, startApp } from '../app.ts';
import type { SignIn } from '../server-options.ts';
import type { Certificate } from '../auth/certificate.ts';
import type { OpenIdAuthority } from '../auth/authority.ts';
import { keepKeys, type KeptKeys, keysMs } from '../auth/keep-keys.ts';
import type { Verifier } from '../auth/verifier.ts';
import { type Clock, systemClock } from '../../base/clock.ts';
import type { OnDefect } from '../../graph/error-response.ts';
import type { RequestInterceptor } from '../http/request-interceptor.ts';
import type { BoundRoute } from '../internal/route.ts';
import { type AddressRule, addressRule, loopback } from '../../notify/addresses.ts';
import type { DeliveryHook } from '../../notify/delivery-hook.ts';
import { doneWithin } from '../../base/stopping.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { WorkerPool } from '../workers/pool.ts';
import type { Readiness } from '../observe/readiness.ts';
import { allowedHostsBy, answeringBy, type ServerProfile } from './answering.ts';
import type { Terminal } from '../../base/terminal.ts';
import { type ExitCode, exitCodes, UsageError } from '../../base/exit.ts';
import { tuneGc } from '../../base/gc-tuning.ts';
import { listenProblem } from './listen-problem.ts';
import { defectLog, logBy } from '../observe/logging.ts';
import { OutageRecorder } from './outage-recorder.ts';
import { createReloads } from './reloads.ts';
import type { ReadServerSettings, ServerSettings } from './server-settings.ts';
import type { ServerPlace } from './start-line.ts';
import { metricsTokenBy, servedCredentials, startHealth } from './health-settings.ts';
import { type PooledOptions, type RunningServer, startWithWorkers } from './start-with-workers.ts';

interface ServerRun<S extends ServerSettings> {
  readonly read: ReadServerSettings<S>;
  readonly terminal: Terminal;
  readonly store: CallRecordStore;
  /** Builds the options from the settings, which may be reloaded. @throws UsageError */
  readonly configure: (settings: S) => Promise<Configured>;
  /** Configures what `/readyz` reports. */
  readonly readiness: (settings: S, onDefect: OnDefect, configured: Configured) => () => Promise<Readiness>;
  /** Internal routes of this command only. */
  readonly moreRoutes?: readonly BoundRoute[];
  readonly pool?: WorkerPool | undefined;
  /** The program's clock when absent. */
  readonly clock?: Clock;
  readonly profile: ServerProfile;
  readonly onStarted?: (app: Pick<App, 'dispatcher'>) => void;
  /** Called before the line with the server's address is printed. */
  readonly onListening?: (place: ServerPlace) => Promise<void> | void;
}

export interface Configured {
  readonly verifier: Verifier;
  readonly signIn: SignIn | undefined;
  readonly tls: Certificate | undefined;
  /** Authorities whose keys are fetched. */
  readonly authorities?: readonly OpenIdAuthority[];
  /** The store that the API reads, when it wraps the real one. */
  readonly store?: CallRecordStore;
  readonly interceptor?: RequestInterceptor;
  readonly deliveryHook?: DeliveryHook;
}

interface RunOptions extends PooledOptions {
  readonly keys: KeptKeys;
}

export async function runServer<S extends ServerSettings>(run: ServerRun<S>): Promise<ExitCode> {
  let kept: KeptKeys | undefined;
  const keep = async (keys: KeptKeys | undefined) => {
    kept?.stop();
    kept = keys;
    await kept?.start();
  };
  try {
    return await serveUntilStopped(run, keep);
  } finally {
    void keep(undefined);
  }
}

/** Serves until a signal arrives. @param keep Replaces the authorities whose keys are fetched. */
async function serveUntilStopped<S extends ServerSettings>(
  run: ServerRun<S>,
  keep: (keys: KeptKeys) => Promise<void>,
): Promise<ExitCode> {
  const { read, terminal, pool } = run;
  const { settings } = read;
  const { stdout } = terminal;
  // From here on, a signal stops the server gracefully. A JSON log contains no other lines.
  const stopping = settings['log-format'] === 'json' ? '' : 'Stopping after the requests that are under way.';
  const stopped = once(terminal.stopSignal(stopping), 'abort');
  const outages = new OutageRecorder({ store: run.store, clock: terminal.clock });
  let options: RunOptions;
  const start = async () => {
    options = await optionsOf(run, settings, outages);
    const known = doneWithin(keysMs, keep(options.keys));
    const started = await (pool === undefined ? startAlone(options) : startWithWorkers(options, pool));
    await known;
    return started;
  };
  const starting = start();
  let server: RunningServer | undefined;
  try {
    server = await Promise.race([starting, stopped.then(() => undefined)]);
  } catch (error) {
    throw listenProblem(error, settings) ?? error;
  }
  if (server === undefined) {
    // Stopped before it listens: no client is connected, so the process ends after the current step.
    starting.then((late) => late.stop()).catch(() => undefined);
    return exitCodes.done;
  }
  run.onStarted?.(server);
  const running = server;
  const health = await startHealth(settings, {
    clock: terminal.clock,
    readiness: () => options.readiness(),
    metrics: running.metrics,
    onDefect: (error, of) => options.onDefect(error, of),
  }).catch(async (error: unknown) => {
    await running.stop();
    throw error;
  });
  await run.onListening?.({ url: server.url, healthUrl: health?.url, workers: pool?.count ?? 1 });
  // SIGHUP from a closed terminal means stop; from a service manager it means reload.
  const reloads = createReloads(read, logBy(settings, terminal), pool !== undefined, async (next) => {
    const changed = await optionsOf(run, next, outages);
    if (!(await running.reload(changed))) return false;
    options = changed;
    void keep(options.keys);
    return true;
  });
  if (terminal.stderr.isTTY !== true) terminal.onReload(reloads.begin);
  stdout.write(
    settings.json
      ? `${JSON.stringify({ listening: server.url })}\n`
      : `rollcall listening on ${server.url}\n`,
  );
  await Promise.race([stopped, pool?.failed].filter((end) => end !== undefined));
  // A reload in progress ends when its workers do.
  await Promise.all([reloads.end(), running.stop(), health?.stop()]);
  return exitCodes.done;
}

async function startAlone(options: PooledOptions): Promise<RunningServer> {
  tuneGc();
  const app = await startApp(options);
  return {
    url: app.url,
    metrics: app.metrics,
    get dispatcher() {
      return app.dispatcher;
    },
    async reload(next) {
      await app.replace(next);
      return true;
    },
    stop: () => app.stop(),
  };
}

async function optionsOf<S extends ServerSettings>(
  run: ServerRun<S>,
  settings: S,
  outages: OutageRecorder,
): Promise<RunOptions> {
  const { terminal, profile } = run;
  const { clock = terminal.clock } = run;
  const configured = await run.configure(settings);
  const { verifier, signIn, tls, store = run.store, interceptor, deliveryHook } = configured;
  const log = logBy(settings, terminal);
  const onDefect = defectLog(log, (failure, of) => outages.record(log, failure, of));
  const readiness = run.readiness(settings, onDefect, configured);
  const keys = keepKeys(configured.authorities ?? [], systemClock);
  // Throws for an invalid certificate before anything starts.
  if (tls !== undefined) createSecureContext({ ...tls });
  return {
    ...answeringBy(settings, profile),
    strictTransport: profile.strictTransport,
    allowedHosts: profile.restrictsHosts ? allowedHostsBy(settings) : undefined,
    store,
    verifier,
    signIn,
    readiness,
    moreRoutes: run.moreRoutes ?? [],
    credentials: servedCredentials(settings, tls),
    metricsAccess: {
      isElsewhere: settings['health-port'] !== undefined,
      token: metricsTokenBy(settings),
    },
    interceptor,
    tls,
    clock,
    listenOn: { host: settings.host, port: settings.port },
    configuration: { settings, tls },
    keys,
    listener: {
      failure: ({ of, ...failure }) => outages.record(log, failure, of),
      authorityFailure: () => keys.check(),
    },
    notifications: {
      mayConnect: addressesOf(settings, profile),
      firstTimeoutMs: profile.delivery === 'as-graph' ? undefined : settings['delivery-timeout'] * 1000,
      requiresHttps: profile.delivery === 'strict',
      deliveryHook,
      onAddressRefused: (host) =>
        log.write(
          'warn',
          `A subscription to ${host} was refused: its address is private or special. --notify-allow allows some.`,
        ),
    },
    onDefect,
    log,
  };
}

/** Returns the rule for notification addresses. @throws UsageError */
function addressesOf(settings: ServerSettings, { delivery }: ServerProfile): AddressRule {
  try {
    return addressRule([...(settings['notify-allow'] ?? []), ...(delivery === 'as-graph' ? loopback : [])]);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError([`--notify-allow: ${error.message}.`]);
  }
}
