/** What `dev` and `serve` share: listen, say so, stop when asked. */
import { BlockList } from 'node:net';
import { type App, startApp } from '../app.ts';
import type { Verifier } from '../auth/verifier.ts';
import type { NotificationFaults } from '../notify/notification-faults.ts';
import { notificationRules } from './notification-rules.ts';
import type { OtherPaths } from '../http/api.ts';
import type { Clock } from '../clock.ts';
import type { Interception } from '../http/interception.ts';
import type { Cloud } from '../model/resources.ts';
import type { Deprecated } from '../plan/read-plan.ts';
import { type CallRecordStore, StoreError } from '../store/store.ts';
import type { Terminal } from './command.ts';
import { type ExitCode, exitCodes, UsageError } from './exit.ts';
import type { Settings } from './settings.ts';

export interface ServerRun {
  readonly settings: Settings;
  readonly terminal: Terminal;
  readonly store: CallRecordStore;
  readonly verifier: Verifier;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly otherPaths: OtherPaths;
  /** The program's own when absent. */
  readonly clock?: Clock;
  readonly interception?: Interception;
  /** Which participants are listed unless the option says so. */
  readonly participantsDefault: 'reconciled' | 'as-received';
  /** Endpoints of subscribers may be plain http, and on this machine: for developing. */
  readonly isForDeveloping: boolean;
  /** What goes wrong with notifications, by a script. */
  readonly notificationFaults?: NotificationFaults;
  readonly onStarted?: (app: App) => void;
  /** Told before the line that says that the server listens. */
  readonly onListening?: (url: string) => Promise<void>;
}

export async function runServer(run: ServerRun): Promise<ExitCode> {
  const { settings, terminal, store, verifier, tls, otherPaths, participantsDefault } = run;
  const { stdout, stderr } = terminal;
  const { clock = terminal.clock } = run;
  let app: App;
  try {
    app = await startApp({
      store,
      verifier,
      otherPaths,
      interception: run.interception,
      tls,
      clock,
      host: settings.host,
      port: settings.port,
      publicUrl: settings['public-url']?.replace(/\/+$/, ''),
      trustedProxies: proxies(settings['trust-proxy'] ?? []),
      cloud: settings.cloud as Cloud, // one of the option's choices
      loose: settings.loose, // absent, thus false, for `serve`
      deprecated: settings.deprecated as Deprecated, // one of the option's choices
      reconciled: (settings.participants ?? participantsDefault) === 'reconciled',
      corsOrigins: settings['cors-origin'] ?? [],
      // Of `dev` alone.
      retentionDays: settings['retention-days'],
      lateMinutes: settings['late-minutes'],
      throttleScale: throttleScale(settings.throttle),
      cacheBytes: settings['cache-mb'] * 2 ** 20,
      notifications: {
        ...notificationRules(settings, run.isForDeveloping),
        faults: run.notificationFaults,
        onAddressRefused: (host) =>
          stderr.write(
            `A subscription to ${host} was refused: its address is private or special. --notify-allow allows some.\n`,
          ),
      },
      onDefect: (error, requestId) =>
        stderr.write(`${JSON.stringify(defectLine(error, requestId, clock.now()))}\n`),
    });
  } catch (error) {
    throw listenProblem(error, settings) ?? error;
  }
  run.onStarted?.(app);
  await run.onListening?.(app.url);
  stdout.write(
    settings.json ? `${JSON.stringify({ listening: app.url })}\n` : `rollcall listening on ${app.url}\n`,
  );
  await terminal.stopped;
  await app.stop();
  return exitCodes.done;
}

/** `off`, `on`, or a factor on the spans that Graph counts over. */
function throttleScale(throttle: string | undefined): number | undefined {
  if (throttle === undefined || throttle === 'off') return undefined;
  return throttle === 'on' ? 1 : Number(throttle);
}

/** @param problems Receives what is wrong with the two options. */
export function tlsFiles(
  settings: Settings,
  problems: string[],
  readFile: (path: string, encoding: 'utf8') => string,
) {
  const { 'tls-cert': cert, 'tls-key': key } = settings;
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    problems.push(
      `--tls-${cert === undefined ? 'cert' : 'key'}: is needed with --tls-${cert === undefined ? 'key' : 'cert'}.`,
    );
    return undefined;
  }
  const read = (option: string, path: string): string => {
    try {
      return readFile(path, 'utf8');
    } catch {
      problems.push(`--${option}: '${path}' cannot be read.`);
      return '';
    }
  };
  return { cert: read('tls-cert', cert), key: read('tls-key', key) };
}

function proxies(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of addresses) {
    const [address = '', bits] = text.split('/', 2);
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    try {
      if (bits === undefined) list.addAddress(address, family);
      else list.addSubnet(address, Number(bits), family);
    } catch {
      throw new UsageError([
        `--trust-proxy: '${text}' is neither an address nor a subnet such as 10.0.0.0/8.`,
      ]);
    }
  }
  return list;
}

/** A defect as a log line: where it is in the code, never what it was about. */
function defectLine(error: unknown, requestId: string, now: Date) {
  const stack = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 6) : [];
  const name = error instanceof Error ? error.name : typeof error;
  return {
    time: now.toISOString(),
    level: 'error',
    requestId,
    error: name,
    // A sentence for the operator, without data; any other message may hold some.
    ...(error instanceof StoreError && { message: error.message }),
    at: stack.map((line) => line.trim()),
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
