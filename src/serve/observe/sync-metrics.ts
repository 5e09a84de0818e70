/** Answers `GET /metrics` of `sync`: its work, its backlog, and what its store contains and lacks. */
import { AggregatorRegistry, Gauge, Registry } from 'prom-client';
import type { Clock } from '../../base/clock.ts';
import { subscriptionEndMs } from '../../store/recency.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { StoreError } from '../../store/store-errors.ts';
import { commonMetrics, readCounter, readGauge } from './common-metrics.ts';
import type { Readiness } from './readiness.ts';
import { type CredentialFile, expiryMetrics } from './expiry-metrics.ts';
import type { MetricsText } from '../internal/metrics-route.ts';
import type { NotificationCounts } from '../http/notification-listener.ts';
import { processMetrics } from './process-metrics.ts';
import { storeMetrics } from './store-metrics.ts';

/** Figures of this process since its start. */
export interface SyncFigures {
  readonly records: number;
  readonly newVersions: number;
  readonly pages: number;
  readonly logRows: number;
  readonly requests: number;
  readonly limitWaits: number;
  readonly limitWaitMs: number;
  readonly leasesLost: number;
  readonly notifications: NotificationCounts;
  /** Current work. */
  readonly underWay: number;
  readonly leasesHeld: number;
}

const counters: Readonly<Record<string, readonly [help: string, of: (figures: SyncFigures) => number]>> = {
  rollcall_sync_records_total: ['Calls fetched from upstream and stored.', ({ records }) => records],
  rollcall_sync_versions_total: [
    'Versions among them that the store had not.',
    ({ newVersions }) => newVersions,
  ],
  rollcall_sync_pages_total: ['Pages of participants, sessions and logs fetched.', ({ pages }) => pages],
  rollcall_sync_log_rows_total: ['Rows of logs fetched.', ({ logRows }) => logRows],
  rollcall_sync_requests_total: ['Requests sent to upstream.', ({ requests }) => requests],
  rollcall_sync_limit_waits_total: [
    'Requests that waited for a limit of upstream.',
    ({ limitWaits }) => limitWaits,
  ],
  rollcall_sync_limit_wait_seconds_total: [
    'How long they waited, one after another.',
    ({ limitWaitMs }) => limitWaitMs / 1000,
  ],
  rollcall_sync_leases_lost_total: [
    'How often the lease of a tenant ended before this process renewed it.',
    ({ leasesLost }) => leasesLost,
  ],
};

const gauges: typeof counters = {
  rollcall_sync_requests_under_way: ['Requests to upstream not answered yet.', ({ underWay }) => underWay],
  rollcall_sync_leases_held: ['Tenants whose lease this process holds.', ({ leasesHeld }) => leasesHeld],
};

interface SyncMetricsOptions {
  readonly store: CallRecordStore;
  readonly clock: Clock;
  readonly figures: () => SyncFigures;
  readonly readiness: () => Promise<Readiness>;
  readonly credentials: () => readonly CredentialFile[];
}

export function createSyncMetrics(options: SyncMetricsOptions): MetricsText {
  const { store, clock, figures } = options;
  const register = new Registry();
  for (const [name, [help, of]] of Object.entries(counters))
    readCounter(register, { name, help, values: () => [[{}, of(figures())]] });
  readCounter(register, {
    name: 'rollcall_sync_notifications_total',
    help: 'Notifications received from upstream, by outcome.',
    labelNames: ['outcome'],
    values: () => Object.entries(figures().notifications).map(([outcome, count]) => [{ outcome }, count]),
  });
  for (const [name, [help, of]] of Object.entries(gauges))
    readGauge(register, { name, help, values: () => [[{}, of(figures())]] });
  new Gauge({
    name: 'rollcall_sync_subscription_end_timestamp_seconds',
    help: 'When the first subscription at upstream ends, 0 while one is not made; not there where none is kept.',
    registers: [register],
    async collect() {
      const end = await firstEndMs(store).catch(storeAway);
      if (end === undefined) this.remove();
      else this.set(end / 1000);
    },
  });
  commonMetrics(register, options.readiness);
  expiryMetrics(register, options.credentials);
  const refresh = storeMetrics(store, clock, register);
  return {
    contentType: register.contentType,
    async text() {
      await refresh();
      const ofProcess = AggregatorRegistry.aggregate([[...(await processMetrics('main'))]]);
      return `${await ofProcess.metrics()}\n${await register.metrics()}`;
    },
  };
}

async function firstEndMs({ upstream }: CallRecordStore): Promise<number | undefined> {
  const tenants = await upstream.tenants();
  const ends = await Promise.all(tenants.map((tenant) => subscriptionEndMs(upstream, tenant)));
  const known = ends.filter((end) => end !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Omits a value that cannot be read. */
function storeAway(error: unknown): undefined {
  if (!(error instanceof StoreError)) throw error;
}
