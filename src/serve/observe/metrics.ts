/** Defines the Prometheus metrics of the server and its store. They identify no person, call or tenant. */
import { AggregatorRegistry, Counter, Histogram, Registry } from 'prom-client';
import type { Clock } from '../../base/clock.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { Readiness } from './readiness.ts';
import { commonMetrics, readCounter } from './common-metrics.ts';
import { type CredentialFile, expiryMetrics } from './expiry-metrics.ts';
import type { MetricsText } from '../internal/metrics-route.ts';
import { type MetricJson, processMetrics, type ProcessRole } from './process-metrics.ts';
import { storeServerMetrics } from './store-server-metrics.ts';
import type { SignInOutcome } from '../sign-in/failure.ts';
import { storeMetrics } from './store-metrics.ts';

export interface Metrics extends MetricsText {
  /** Observes a response. @param route The template of the request's path. */
  readonly observe: (route: string, status: number, seconds: number) => void;
  readonly countSignIn: (outcome: SignInOutcome) => void;
  readonly countForwarded: (reason: ForwardReason) => void;
  /** Returns the metrics of this process, to be added to those of others. */
  readonly observed: () => Promise<ObservedRequests>;
}

/** Why a worker forwards a request: it is a change, a batch with a change, or for the supervisor only. */
export type ForwardReason = 'change' | 'batch' | 'supervisor';

/** The metrics of a process, as prom-client writes them in JSON. */
export type ObservedRequests = readonly MetricJson[];

/** Adds the counters of a process that has ended. Its gauges, such as memory, are dropped. */
export function addDeparted(sum: ObservedRequests, departed: ObservedRequests): Promise<ObservedRequests> {
  return aggregated([sum, departed.filter(({ type }) => String(type) !== 'gauge')]).getMetricsAsJSON();
}

/** Sums the metrics of several processes. */
function aggregated(all: readonly ObservedRequests[]): Registry {
  return AggregatorRegistry.aggregate(all.map((one) => [...one]));
}

/** From a cached page to a log of ninety days. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

interface MetricsOptions {
  readonly store: CallRecordStore;
  readonly clock: Clock;
  readonly role: ProcessRole;
  /** Returns deliveries by outcome since the start of this process. */
  readonly notifications: () => Readonly<Record<string, number>>;
  /** Returns the number of this process's failed requests to the authorities. */
  readonly failedFetches: () => number;
  /** Returns the metrics of the other processes of this server. */
  readonly others: () => Promise<readonly ObservedRequests[]>;
  readonly readiness: () => Promise<Readiness>;
  readonly credentials: () => readonly CredentialFile[];
}

export function createMetrics(options: MetricsOptions): Metrics {
  const { store, clock, role, notifications, failedFetches, others } = options;
  const register = new Registry();
  const observed = new Registry();
  const requests = new Histogram({
    name: 'rollcall_http_request_duration_seconds',
    help: 'Time to answer, by route and status.',
    labelNames: ['route', 'status'],
    buckets,
    registers: [observed],
  });
  readCounter(register, {
    name: 'rollcall_notifications_total',
    help: 'Notifications by outcome: delivered, failed, retried, dropped.',
    labelNames: ['outcome'],
    values: () => Object.entries(notifications()).map(([outcome, count]) => [{ outcome }, count]),
  });
  readCounter(observed, {
    name: 'rollcall_authority_failures_total',
    help: 'Failed requests to the authorities for their metadata and keys: tokens signed by new keys cannot be verified.',
    values: () => [[{}, failedFetches()]],
  });
  const signIns = new Counter({
    name: 'rollcall_sign_ins_total',
    help: 'Sign-ins to the page by what became of them: signedIn, declined, refused, invalid, failed, throttled.',
    labelNames: ['outcome'],
    registers: [register],
  });
  const forwarded = new Counter({
    name: 'rollcall_http_requests_forwarded_total',
    help: 'Requests that workers forwarded to the supervisor, by reason: change, batch, supervisor.',
    labelNames: ['reason'],
    registers: [observed],
  });
  storeServerMetrics(store, register, observed);
  commonMetrics(register, options.readiness);
  expiryMetrics(register, options.credentials);
  const refresh = storeMetrics(store, clock, register);
  const ownObserved = async () => [...(await observed.getMetricsAsJSON()), ...(await processMetrics(role))];
  return {
    observe: (route, status, seconds) => requests.observe({ route, status }, seconds),
    countSignIn: (outcome) => signIns.inc({ outcome }),
    countForwarded: (reason) => forwarded.inc({ reason }),
    contentType: register.contentType,
    observed: ownObserved,
    async text() {
      await refresh();
      const summed = aggregated([await ownObserved(), ...(await others())]);
      return `${await summed.metrics()}\n${await register.metrics()}`;
    },
  };
}
