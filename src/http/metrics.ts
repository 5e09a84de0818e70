/**
 * `GET /metrics`: how the service does and what its store lacks, for Prometheus. Nothing of people, calls or tenants:
 * whoever reaches the port may read it.
 */
import { AggregatorRegistry, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import type { CallRecordStore } from '../store/store.ts';
import { routeOf } from '../model/route-template.ts';
import { completenessOf } from '../verify/report.ts';
import { knownTenants } from '../verify/tenants.ts';
import { replicaMetrics } from './replica-metrics.ts';
import type { SignInOutcome } from './sign-in/sign-in-paths.ts';

export interface Metrics {
  /** @param path Of the request, without its query. */
  readonly observe: (path: string, status: number, seconds: number) => void;
  readonly countSignIn: (outcome: SignInOutcome) => void;
  readonly contentType: string;
  /** What was observed, to be summed with what other processes did. */
  readonly observed: () => Promise<ObservedRequests>;
  readonly text: () => Promise<string>;
}

/** Requests that a process answered, as prom-client writes them in JSON. */
export type ObservedRequests = readonly object[];

/** As if one process had observed them all. */
export function sumObserved(all: readonly ObservedRequests[]): Promise<ObservedRequests> {
  return AggregatorRegistry.aggregate(all.map((one) => [...one])).getMetricsAsJSON();
}

/** From a cached page to a log over ninety days. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** What is missing is looked for so often at most: it costs what is missing. */
const freshMs = 15_000;

interface Totals {
  readonly calls: number;
  readonly versions: number;
  readonly editions: number;
  readonly participants: number;
  readonly incomplete: number;
  readonly missingParticipants: number;
  readonly gaps: number;
  readonly gapsForGood: number;
  readonly wanted: number;
  readonly corrupt: number;
  readonly outbox: number;
  /** Since the end of what was listed, of the tenant farthest behind; absent where nothing was ever listed. */
  readonly lagSeconds: number | undefined;
}

const gauges: Readonly<Record<string, readonly [help: string, of: (totals: Totals) => number | undefined]>> =
  {
    rollcall_calls: ['Calls in the store.', ({ calls }) => calls],
    rollcall_call_versions: ['Versions of calls in the store.', ({ versions }) => versions],
    rollcall_call_editions: ['Editions of calls in the store.', ({ editions }) => editions],
    rollcall_participants: ['Participants in newest editions.', ({ participants }) => participants],
    rollcall_incomplete_calls: ['Calls that lack something.', ({ incomplete }) => incomplete],
    rollcall_missing_participants: [
      'Participants found in sessions and missing from the list.',
      ({ missingParticipants }) => missingParticipants,
    ],
    rollcall_gaps: ['Gaps known.', ({ gaps }) => gaps],
    rollcall_gaps_unhealable: ['Gaps that upstream cannot heal any more.', ({ gapsForGood }) => gapsForGood],
    rollcall_wanted_calls: ['Calls that upstream has and the store is to fetch.', ({ wanted }) => wanted],
    rollcall_corrupt_parts: ['Parts that the last verification found damaged.', ({ corrupt }) => corrupt],
    rollcall_outbox_notifications: ['Notifications still to be delivered.', ({ outbox }) => outbox],
    rollcall_sync_lag_seconds: [
      'Time since the end of what was listed, of the tenant farthest behind.',
      ({ lagSeconds }) => lagSeconds,
    ],
  };

/**
 * @param notifications Deliveries by what became of them, since the start of this process.
 * @param others What other processes observed that answer for this server too.
 */
export function createMetrics(
  store: CallRecordStore,
  clock: Clock,
  notifications: () => Readonly<Record<string, number>>,
  others: () => Promise<readonly ObservedRequests[]> = () => Promise.resolve([]),
): Metrics {
  const register = new Registry();
  const observed = new Registry();
  const requests = new Histogram({
    name: 'rollcall_http_request_duration_seconds',
    help: 'Time to answer, by route and status.',
    labelNames: ['route', 'status'],
    buckets,
    registers: [observed],
  });
  new Counter({
    name: 'rollcall_notifications_total',
    help: 'Notifications by what became of them: delivered, failed (tried in vain), retried, dropped.',
    labelNames: ['outcome'],
    registers: [register],
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(notifications())) this.inc({ outcome }, count);
    },
  });
  const signIns = new Counter({
    name: 'rollcall_sign_ins_total',
    help: 'Sign-ins to the page by what became of them: signedIn, declined, refused, invalid, failed, throttled.',
    labelNames: ['outcome'],
    registers: [register],
  });
  replicaMetrics(store, register, observed);
  const own = Object.entries(gauges).map(([name, [help, of]]) => ({
    gauge: new Gauge({ name, help, registers: [register] }),
    of,
  }));
  let freshUntilMs = -Infinity;
  return {
    observe: (path, status, seconds) => requests.observe({ route: routeOf(path), status }, seconds),
    countSignIn: (outcome) => signIns.inc({ outcome }),
    contentType: register.contentType,
    observed: () => observed.getMetricsAsJSON(),
    async text() {
      const nowMs = clock.now().getTime();
      if (nowMs >= freshUntilMs) {
        const totals = await totalsOf(store, clock);
        for (const { gauge, of } of own) {
          const value = of(totals);
          if (value === undefined) gauge.remove();
          else gauge.set(value);
        }
        freshUntilMs = nowMs + freshMs;
      }
      const all = [await observed.getMetricsAsJSON(), ...(await others())];
      const summed = all.length === 1 ? observed : AggregatorRegistry.aggregate(all.map((one) => [...one]));
      return `${await summed.metrics()}\n${await register.metrics()}`;
    },
  };
}

async function totalsOf(store: CallRecordStore, clock: Clock): Promise<Totals> {
  const { evidence, upstream } = store;
  const totals = { calls: 0, versions: 0, editions: 0, participants: 0, incomplete: 0 };
  let [missingParticipants, gaps, gapsForGood, wanted, corrupt] = [0, 0, 0, 0, 0];
  let lagSeconds: number | undefined;
  for (const tenantId of await knownTenants(store)) {
    const report = await completenessOf(store, tenantId, clock);
    const { editions } = await evidence.tally(tenantId);
    totals.calls += report.records;
    totals.versions += report.versions;
    totals.editions += editions;
    totals.participants += report.participants;
    totals.incomplete += report.incomplete;
    missingParticipants += report.missingParticipants;
    gaps += report.gaps.length;
    gapsForGood += report.gaps.filter(({ healable }) => !healable).length;
    wanted += (await upstream.counts(tenantId)).wanted;
    const last = await evidence.lastVerification(tenantId);
    corrupt += last === undefined ? 0 : (JSON.parse(last.report) as { corrupt: number }).corrupt; // as it was written
    const end = (await upstream.listed(tenantId, 'calls')).at(-1)?.before;
    if (end !== undefined)
      lagSeconds = Math.max(lagSeconds ?? 0, clock.now().getTime() / 1000 - Number(end / 10_000_000n));
  }
  const outbox = await store.subscriptions.outboxSize();
  return { ...totals, outbox, missingParticipants, gaps, gapsForGood, wanted, corrupt, lagSeconds };
}
