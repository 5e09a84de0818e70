/** Opens the store of a server and the replicas that it reads from. */
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { CallRecordStore, ReplicaState } from '../../store/store.ts';
import type { Terminal } from '../../base/terminal.ts';
import type { NodeChange } from '../../store/postgres/node-monitor.ts';
import { UsageError } from '../../base/exit.ts';
import { logBy } from '../observe/logging.ts';
import { openStore } from '../../store/open-store.ts';
import { isPostgres } from '../../store/shown-url.ts';
import type { ServerSettings } from './server-settings.ts';

interface ServedStoreOptions {
  readonly clock: Clock;
  /** True when another process of this server writes to it. */
  readonly isReadOnly?: boolean;
}

/** Opens the store. @throws UsageError, StoreError */
export function openServedStore(
  settings: ServerSettings,
  terminal: Terminal,
  { clock, isReadOnly = false }: ServedStoreOptions,
): Promise<CallRecordStore> {
  const { store, 'store-read': urls = [] } = settings;
  if (urls.length > 0 && !isPostgres(store))
    throw new UsageError(['--store-read: a replica is one of a PostgreSQL store, which --store names.']);
  const log = logBy(settings, terminal);
  const onChange = (replica: ReplicaState) =>
    // One process of a server logs it, because all see the same replica.
    isReadOnly || logReplica(replica, log);
  return openStore(store, clock, {
    isReadOnly,
    log,
    onNode: (change) => isReadOnly || logNode(change, log),
    readFrom: urls.length === 0 ? undefined : { urls, onChange },
  });
}

function logNode({ server, isLost }: NodeChange, log: Log): void {
  if (isLost)
    log.write(
      'error',
      `The node at ${server} of the store does not answer: its data cannot be read, and no data can be added.`,
    );
  else log.write('info', `The node at ${server} of the store answers again.`);
}

function logReplica({ server, problem, unchecked }: ReplicaState, log: Log): void {
  if (problem === undefined && unchecked === undefined)
    log.write('info', `The replica at ${server} is read from.`);
  else if (problem === undefined) log.write('warn', `The replica at ${server} is read from. ${unchecked}`);
  else log.write('warn', `The replica at ${server} is not read from: ${problem}.`);
}
