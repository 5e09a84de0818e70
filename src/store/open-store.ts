import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { HostChange } from './postgres/host-choice.ts';
import type { NodeChange } from './postgres/node-monitor.ts';
import type { ReadFrom } from './postgres/replica-router.ts';
import { isPostgres } from './shown-url.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import type { CallRecordStore } from './store.ts';
import { StoreMissing } from './store-errors.ts';
import { tracedStore } from './traced-store.ts';
import { UsageError } from '../base/exit.ts';

export interface OpenStoreOptions {
  /** True when another process of this server has opened the store for writing. */
  readonly isReadOnly?: boolean;
  /** Replicas of a PostgreSQL store that API requests may read from. */
  readonly readFrom?: ReadFrom | undefined;
  /** Throws `StoreMissing` instead of creating a store that does not exist. */
  readonly mustExist?: boolean;
  /** Called when a cluster node stops answering or answers again. */
  readonly onNode?: (change: NodeChange) => void;
  /** Logs a switch to another host, and a server that allows fewer connections than configured. */
  readonly log?: Log;
}

/**
 * Opens a store.
 *
 * @param url As the `store` option takes it.
 * @throws StoreError
 */
export async function openStore(
  url: string,
  clock: Clock,
  { isReadOnly = false, mustExist = false, readFrom, onNode, log }: OpenStoreOptions = {},
): Promise<CallRecordStore> {
  if (url === 'memory:') return tracedStore(openSqliteStore(':memory:', { clock }), 'sqlite');
  if (!isPostgres(url))
    return tracedStore(
      openSqliteStore(url.slice('sqlite:'.length), { clock, isReadOnly, mustExist }),
      'sqlite',
    );
  // Imported only when needed, because other stores must not wait for it at startup.
  const { openPostgresStore } = await import('./postgres/postgres-store.ts');
  const onPoolExhausted = log && ((isExhausted: boolean) => logConnections(isExhausted, log));
  const onHost = log && ((change: HostChange) => log.write('warn', sentenceOf(change)));
  return tracedStore(
    await openPostgresStore(url, { clock, mustExist, readFrom, onPoolExhausted, onHost, onNode }),
    'postgresql',
  );
}

function sentenceOf({ left, used, reason }: HostChange): string {
  return `The store now uses the host ${used} instead of ${left}: ${reason}`;
}

function logConnections(isExhausted: boolean, log: Log): void {
  if (isExhausted)
    log.write(
      'warn',
      'The server of the store accepts fewer connections than this process is set to use, so requests wait. ' +
        'Raise max_connections or the CONNECTION LIMIT of the user, or run fewer processes.',
    );
  else
    log.write('info', 'The server of the store accepts all the connections that this process is set to use.');
}

/**
 * Opens a store for reading; a missing store is an error.
 *
 * @param option Name of the option that the URL comes from.
 * @throws UsageError
 */
export async function openExistingStore(
  url: string,
  clock: Clock,
  option: 'store' | 'from',
): Promise<CallRecordStore> {
  try {
    return await openStore(url, clock, { mustExist: true });
  } catch (error) {
    if (error instanceof StoreMissing)
      throw new UsageError([
        `--${option}: ${error.message} Name the store that you mean, or create one with import or sync.`,
      ]);
    throw error;
  }
}

/** Returns true for a store that only the process that opens it can read. */
export function isInMemory(url: string): boolean {
  return url === 'memory:' || url === 'sqlite::memory:';
}
