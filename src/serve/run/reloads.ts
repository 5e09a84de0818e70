/** Reloads the configuration of a running server: applies what can change at run time and names the rest. */
import type { Log } from '../../base/log.ts';
import { UsageError } from '../../base/exit.ts';
import { whyNoCertificate } from './answering.ts';
import type { ReadServerSettings, ServerSettings } from './server-settings.ts';

/** Settings that require a restart. */
const fixed: readonly (keyof ServerSettings)[] = [
  ...(['store', 'store-read', 'tenant', 'host', 'port', 'health-port', 'json', 'quiet'] as const),
  ...(['tls-self-signed', 'throttle', 'clock-start', 'clock-standing', 'seed'] as const),
  ...(['calls', 'no-generate'] as const),
];

interface Reloads {
  readonly begin: () => void;
  /** Resolves when no reload is in progress, and starts no other. */
  end(): Promise<void>;
}

/** Creates the reloads. @param apply Returns false when the server keeps its previous options. */
export function createReloads<S extends ServerSettings>(
  read: ReadServerSettings<S>,
  log: Log,
  hasWorkers: boolean,
  apply: (settings: S) => Promise<boolean>,
): Reloads {
  let last = Promise.resolve();
  let isOver = false;

  async function reload(): Promise<void> {
    if (isOver) return;
    try {
      const { settings, waiting } = reread(read, hasWorkers ? fixed : [...fixed, 'workers']);
      if (!(await apply(settings))) {
        log.write(
          'error',
          'The configuration was rejected: no worker started with it. The server continues with the old one.',
        );
        return;
      }
      for (const name of waiting) log.write('warn', `--${name}: is taken at the next start.`);
      log.write('info', 'The configuration was read again.');
    } catch (error) {
      const why = error instanceof UsageError ? error.message : whyNoCertificate(error);
      if (why === undefined) throw error;
      log.write('error', `The configuration was rejected. ${why}`);
    }
  }

  return {
    begin: () => {
      last = last.then(reload);
    },
    async end() {
      isOver = true;
      await last;
    },
  };
}

/** Returns the settings that can change, and the names of options that need a restart. */
function reread<S extends ServerSettings>(
  read: ReadServerSettings<S>,
  unchangeable: readonly (keyof ServerSettings)[],
): { settings: S; waiting: readonly (keyof ServerSettings)[] } {
  const { settings: old } = read;
  const { settings: found } = read.again();
  if ((old['tls-cert'] === undefined) !== (found['tls-cert'] === undefined))
    throw new UsageError(['--tls-cert: https begins or ends at a start of the server.']);
  const kept = Object.fromEntries(unchangeable.map((name) => [name, old[name]]));
  const waiting = unchangeable.filter((name) => JSON.stringify(old[name]) !== JSON.stringify(found[name]));
  return { settings: { ...found, ...kept }, waiting };
}
