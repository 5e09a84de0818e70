/** Exports the state of the store's database servers and replicas; nothing for SQLite. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { CallRecordStore } from '../../store/store.ts';

/** Registers the metrics. @param observed The registry of this process, which is summed over a server's processes. */
export function storeServerMetrics(
  store: Pick<CallRecordStore, 'servers' | 'replicas'>,
  register: Registry,
  observed: Registry,
): void {
  if (store.servers().length > 0)
    new Gauge({
      name: 'rollcall_store_server_used',
      help: '1 while a server of the store is used: a host, or a node of a cluster. 0 for a standby host and for a server that does not answer.',
      labelNames: ['role', 'server'],
      registers: [register],
      collect() {
        this.reset();
        for (const { server, role, isUsed } of store.servers()) this.set({ role, server }, isUsed ? 1 : 0);
      },
    });
  if (store.replicas().length === 0) return;
  const labelNames = ['server'] as const;
  new Gauge({
    name: 'rollcall_replica_used',
    help: '1 while a replica is read from, 0 while it is left out.',
    labelNames,
    registers: [register],
    collect() {
      for (const { server, problem } of store.replicas()) this.set({ server }, problem === undefined ? 1 : 0);
    },
  });
  new Gauge({
    name: 'rollcall_replica_lag_seconds',
    help: 'How long a replica has been behind the store; not there while it does not answer.',
    labelNames,
    registers: [register],
    collect() {
      this.reset();
      for (const { server, lagSeconds } of store.replicas())
        if (lagSeconds !== undefined) this.set({ server }, lagSeconds);
    },
  });
  new Counter({
    name: 'rollcall_replica_reads_total',
    help: 'Statements that replicas have answered.',
    labelNames,
    registers: [observed],
    collect() {
      this.reset();
      for (const { server, reads } of store.replicas()) this.inc({ server }, reads);
    },
  });
}
