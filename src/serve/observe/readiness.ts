/** Checks whether a process is ready for requests: its store responds, and `sync` keeps it as recent as expected. */
import type { Clock } from '../../base/clock.ts';
import { type Finding, well, wrong } from '../../maintain/doctor/finding.ts';
import { listingLagMs, subscriptionEndMs } from '../../store/recency.ts';
import type { CallRecordStore, StoreServer } from '../../store/store.ts';
import { StoreError } from '../../store/store-errors.ts';
import type { UpstreamStore } from '../../store/upstream.ts';

export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly Finding[];
}

interface KnownAuthority {
  /** True once the keys have been fetched. */
  readonly hasKeys: boolean;
}

interface ReadinessOptions {
  readonly store: CallRecordStore;
  readonly clock: Clock;
  /** The maximum age of the newest listing's end; `undefined` disables the check. */
  readonly longestLagMs: number | undefined;
  /** The authorities whose tokens are accepted; absent when the process issues tokens itself or accepts none. */
  readonly authorities?: readonly KnownAuthority[] | undefined;
  /** Called with the reason when the store does not respond. */
  readonly onError: (error: unknown) => void;
}

/** Limits the wait of a check: probes rarely wait much longer. */
const longestWaitMs = 2000;

/** Creates the checks. Concurrent callers share one result. */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  let looking: Promise<Readiness> | undefined;
  return () => (looking ??= look(options).finally(() => (looking = undefined)));
}

async function look(options: ReadinessOptions): Promise<Readiness> {
  const checks = await withinLimit(options.clock, () => findings(options)).catch((error: unknown) => {
    options.onError(error);
    return [storeFails];
  });
  checks.push(...authorityFindings(options.authorities ?? []));
  return { ready: checks.every(({ state }) => state === 'well'), checks };
}

function authorityFindings(authorities: readonly KnownAuthority[]): readonly Finding[] {
  if (authorities.length === 0) return [];
  const unknown = authorities.filter(({ hasKeys }) => !hasKeys).length;
  if (unknown === 0) return [well('authority', 'The keys for verifying tokens are loaded.')];
  return [
    wrong(
      'authority',
      `The keys of ${unknown} of ${authorities.length} authorities could not be fetched: their tokens cannot be verified.`,
      'The log of this process names the URL and the cause; the server retries. Run rollcall doctor for details.',
    ),
  ];
}

const storeFails = wrong(
  'store',
  'The store does not answer.',
  'See the log of this process for the cause, and run rollcall doctor for details.',
);

function nodesFail(lost: readonly StoreServer[]): Finding {
  const names = lost.map(({ server }) => server).join(', ');
  return wrong(
    'store',
    `A part of the store does not answer: ${names}. Its data cannot be read, and no data can be added.`,
    'Start the node, or promote its standby and set it with citus_update_node.',
  );
}

async function withinLimit<T>(clock: Clock, work: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  const tired = clock.sleep(longestWaitMs, done.signal).then(() => {
    throw new StoreError('The store did not answer in time.');
  });
  tired.catch(() => undefined); // when the work was done first
  try {
    return await Promise.race([work(), tired]);
  } finally {
    done.abort();
  }
}

async function findings({ store, clock, longestLagMs }: ReadinessOptions): Promise<Finding[]> {
  await store.edition('readyz', 'readyz');
  const lost = store.servers().filter(({ role, isUsed }) => role === 'node' && !isUsed);
  const answers = lost.length === 0 ? well('store', 'The store answers.') : nodesFail(lost);
  if (longestLagMs === undefined) return [answers];
  const { upstream } = store;
  const tenants = await upstream.tenants();
  const nowMs = clock.now().getTime();
  return [
    answers,
    ...(await subscriptions(upstream, tenants, nowMs)),
    ...(await recency(upstream, tenants, nowMs, longestLagMs)),
  ];
}

/** Checks the subscriptions; returns no finding when no sync listens for notifications. */
async function subscriptions(
  upstream: UpstreamStore,
  tenants: readonly string[],
  nowMs: number,
): Promise<Finding[]> {
  const all = await Promise.all(tenants.map((tenant) => subscriptionEndMs(upstream, tenant)));
  const ends = all.filter((end) => end !== undefined);
  if (ends.length === 0) return [];
  const ended = ends.filter((end) => end <= nowMs).length;
  if (ended === 0) return [well('subscription', 'Upstream sends notifications for every tenant.')];
  return [
    wrong(
      'subscription',
      `The subscription at upstream does not exist or has expired for ${ended} of ${ends.length} tenants.`,
      'Check that rollcall sync runs and that upstream reaches its --notification-url. Its log has the errors of upstream.',
    ),
  ];
}

/** Checks the lag; returns no finding when upstream was never listed, as with imported or generated calls. */
async function recency(
  upstream: UpstreamStore,
  tenants: readonly string[],
  nowMs: number,
  longestLagMs: number,
): Promise<Finding[]> {
  const all = await Promise.all(tenants.map((tenant) => listingLagMs(upstream, tenant, nowMs)));
  const lags = all.filter((lag) => lag !== undefined);
  if (lags.length === 0) return [];
  const late = lags.filter((lag) => lag > longestLagMs).length;
  const longest = `${minutes(Math.max(...lags))} minutes ago`;
  if (late === 0) return [well('sync', `Sync last listed the calls of upstream up to ${longest}.`)];
  return [
    wrong(
      'sync',
      `Sync last listed the calls of upstream ${longest}, ${minutes(longestLagMs)} are expected: ${late} of ${lags.length} tenants are behind.`,
      'Check that rollcall sync runs, and its log. rollcall doctor names the tenants; --expected-lag-minutes sets the limit.',
    ),
  ];
}

function minutes(ms: number): number {
  return Math.max(0, Math.round(ms / 60_000));
}
