/** What `dev` and `serve` share: listen, say so, stop when asked. */
import { type App, type AppOptions, startApp } from '../app.ts';
import type { Verifier } from '../auth/verifier.ts';
import type { NotificationFaults } from '../notify/notification-faults.ts';
import type { OtherPaths } from '../http/api.ts';
import type { Clock } from '../clock.ts';
import type { Interception } from '../http/interception.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { WorkerPool } from '../workers/pool.ts';
import { answeringBy, defectLog, type ParticipantsDefault } from './answering.ts';
import type { Terminal } from './command.ts';
import { type ExitCode, exitCodes, UsageError } from './exit.ts';
import { notificationRules } from './notification-rules.ts';
import type { Settings } from './settings.ts';
import { startWithWorkers } from './start-with-workers.ts';

export interface ServerRun {
  readonly settings: Settings;
  readonly terminal: Terminal;
  readonly store: CallRecordStore;
  readonly verifier: Verifier;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly otherPaths: OtherPaths;
  /** Those who answer for this process; it answers itself when absent. */
  readonly pool: WorkerPool | undefined;
  /** The program's own when absent. */
  readonly clock?: Clock;
  readonly interception?: Interception;
  readonly participantsDefault: ParticipantsDefault;
  /** Endpoints of subscribers may be plain http, and on this machine: for developing. */
  readonly isForDeveloping: boolean;
  /** What goes wrong with notifications, by a script. */
  readonly notificationFaults?: NotificationFaults;
  readonly onStarted?: (app: App) => void;
  /** Told before the line that says that the server listens. */
  readonly onListening?: (url: string) => Promise<void>;
}

export async function runServer(run: ServerRun): Promise<ExitCode> {
  const { settings, terminal, pool } = run;
  const { stdout } = terminal;
  let app: App;
  try {
    const options = appOptions(run);
    app = await (pool === undefined ? startApp(options) : startWithWorkers(options, pool));
  } catch (error) {
    throw listenProblem(error, settings) ?? error;
  }
  run.onStarted?.(app);
  await run.onListening?.(app.url);
  stdout.write(
    settings.json ? `${JSON.stringify({ listening: app.url })}\n` : `rollcall listening on ${app.url}\n`,
  );
  await Promise.race([terminal.stopped, pool?.failed].filter((end) => end !== undefined));
  await app.stop();
  return exitCodes.done;
}

function appOptions(run: ServerRun): AppOptions & { listenOn: { host: string; port: number } } {
  const { settings, terminal, store, verifier, tls, otherPaths, interception } = run;
  const { clock = terminal.clock } = run;
  return {
    ...answeringBy(settings, run.participantsDefault),
    store,
    verifier,
    otherPaths,
    interception,
    tls,
    clock,
    listenOn: { host: settings.host, port: settings.port },
    notifications: {
      ...notificationRules(settings, run.isForDeveloping),
      faults: run.notificationFaults,
      onAddressRefused: (host) =>
        terminal.stderr.write(
          `A subscription to ${host} was refused: its address is private or special. --notify-allow allows some.\n`,
        ),
    },
    onDefect: defectLog(terminal, clock),
  };
}

const listenReasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there. Name another with --port, or 0 to pick one',
  EACCES: 'this user may not listen there. Name a port above 1023',
  EADDRNOTAVAIL: 'this machine has no such address. Name another with --host',
  ENOTFOUND: 'the host name is not known. Name an address with --host',
};

/** Why nothing can listen there, in words. */
export function listenProblem(error: unknown, { host, port }: Settings): UsageError | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason =
    listenReasons[code] ??
    (code.startsWith('ERR_OSSL') ? 'the certificate or its key is not one' : undefined);
  return reason === undefined ? undefined : new UsageError([`${host}:${port}: ${reason}.`]);
}
