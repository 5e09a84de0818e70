/** Exports the state of the store's database servers and replicas; nothing for SQLite. */
import type { Registry } from 'prom-client';
import type { CallRecordStore } from '../../store/store.ts';
import { readCounter, readGauge } from './common-metrics.ts';

/** Registers the metrics. @param observed The registry of this process, which is summed over a server's processes. */
export function storeServerMetrics(
  store: Pick<CallRecordStore, 'servers' | 'replicas'>,
  register: Registry,
  observed: Registry,
): void {
  if (store.servers().length > 0)
    readGauge(register, {
      name: 'rollcall_store_server_used',
      help: '1 while a server of the store is used: a host, or a node of a cluster. 0 for a standby host and for a server that does not answer.',
      labelNames: ['role', 'server'],
      values: () => store.servers().map(({ server, role, isUsed }) => [{ role, server }, isUsed ? 1 : 0]),
    });
  if (store.replicas().length === 0) return;
  const labelNames = ['server'] as const;
  readGauge(register, {
    name: 'rollcall_replica_used',
    help: '1 while a replica is read from, 0 while it is left out.',
    labelNames,
    values: () => store.replicas().map(({ server, problem }) => [{ server }, problem === undefined ? 1 : 0]),
  });
  readGauge(register, {
    name: 'rollcall_replica_lag_seconds',
    help: 'How long a replica has been behind the store; not there while it does not answer.',
    labelNames,
    values: () =>
      store
        .replicas()
        .flatMap(({ server, lagSeconds }) => (lagSeconds === undefined ? [] : [[{ server }, lagSeconds]])),
  });
  readCounter(observed, {
    name: 'rollcall_replica_reads_total',
    help: 'Statements that replicas have answered.',
    labelNames,
    values: () => store.replicas().map(({ server, reads }) => [{ server }, reads]),
  });
}
