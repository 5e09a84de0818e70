/** Exports what the store contains and lacks as gauges: equal in every process that has it open. */
import { setTimeout } from 'node:timers/promises';
import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../base/clock.ts';
import type { CompletenessState } from '../../contract/completeness-state.ts';
import { listingLagMs } from '../../store/recency.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { StoreError } from '../../store/store-errors.ts';
import { lastReport } from '../../maintain/verify/last-report.ts';
import { completenessOf } from '../../maintain/verify/report.ts';
import { knownTenants } from '../../maintain/verify/tenants.ts';

/** The minimum interval between two counts of missing data, whose cost grows with the amount. */
const freshMs = 15_000;
/** The longest wait of a scrape; after it the previous values are returned. */
const longestWaitMs = 5000;
/** The maximum age of values; older ones are omitted. */
const oldestMs = 300_000;

type VerificationResult = 'whole' | 'incomplete' | 'damaged' | 'never';

type Totals = Awaited<ReturnType<typeof totalsOf>>;

const gauges: Readonly<Record<string, readonly [help: string, of: (totals: Totals) => number | undefined]>> =
  {
    rollcall_calls: ['Calls in the store.', ({ calls }) => calls],
    rollcall_call_versions: ['Versions of calls in the store.', ({ versions }) => versions],
    rollcall_call_editions: ['Editions of calls in the store.', ({ editions }) => editions],
    rollcall_participants: ['Participants in newest editions.', ({ participants }) => participants],
    rollcall_incomplete_calls: ['Calls that lack something.', ({ incomplete }) => incomplete],
    rollcall_missing_participants: [
      'Participants that are inferred: no list that was received has them.',
      ({ missingParticipants }) => missingParticipants,
    ],
    rollcall_gaps: ['Gaps known.', ({ gaps }) => gaps],
    rollcall_gaps_unhealable: ['Gaps that upstream can no longer fill.', ({ gapsForGood }) => gapsForGood],
    rollcall_wanted_calls: ['Calls that upstream has and the store is to fetch.', ({ wanted }) => wanted],
    rollcall_corrupt_parts: ['Parts that the last verification found damaged.', ({ corrupt }) => corrupt],
    rollcall_odd_calls: ['Calls with marks of odd entries.', ({ odd }) => odd],
    rollcall_quarantined_pieces: [
      'Pieces of received data in quarantine: they could not be stored in their place.',
      ({ quarantined }) => quarantined,
    ],
    rollcall_tenants_verified: [
      'Tenants of which everything is verified: what is stored, and the hours.',
      ({ states }) => states.verified,
    ],
    rollcall_tenants_unverified: [
      'Tenants with unverified data and no known missing data.',
      ({ states }) => states.unverified,
    ],
    rollcall_tenants_missing: [
      'Tenants of which something is missing or damaged.',
      ({ states }) => states.missing,
    ],
    rollcall_last_verification_timestamp_seconds: [
      'When the last verification ended, of the tenant verified longest ago; absent while a tenant was never verified.',
      ({ verifiedMs }) => (verifiedMs === undefined ? undefined : verifiedMs / 1000),
    ],
    rollcall_tenants_verification_damaged: [
      'Tenants of which the last verification found damaged parts.',
      ({ verifications }) => verifications.damaged,
    ],
    rollcall_tenants_verification_incomplete: [
      'Tenants of which the last verification found that something is missing.',
      ({ verifications }) => verifications.incomplete,
    ],
    rollcall_tenants_verification_none: [
      'Tenants that were never verified.',
      ({ verifications }) => verifications.never,
    ],
    rollcall_outbox_notifications: ['Notifications still to be delivered.', ({ outbox }) => outbox],
    rollcall_sync_lag_seconds: [
      'Time since the end of what was listed, of the tenant farthest behind.',
      ({ lagSeconds }) => lagSeconds,
    ],
  };

/** Creates the gauges. @returns Reads the store, unless it did so recently; unreadable values are absent. */
export function storeMetrics(store: CallRecordStore, clock: Clock, register: Registry): () => Promise<void> {
  const registers = [register];
  const own = Object.entries(gauges).map(([name, [help, of]]) => ({
    gauge: new Gauge({ name, help, registers }),
    of,
  }));
  const readAt = new Gauge({
    name: 'rollcall_store_read_timestamp_seconds',
    help: 'When the store figures were read. Absent while they cannot be read, as they are.',
    registers,
  });
  let readMs = -Infinity;
  let freshUntilMs = -Infinity;
  let reading: Promise<void> | undefined;
  const nowMs = () => clock.now().getTime();
  const forget = () => {
    for (const { gauge } of own) gauge.remove();
    readAt.remove();
  };
  const read = async () => {
    const beganMs = nowMs();
    try {
      const totals = await totalsOf(store, clock);
      for (const { gauge, of } of own) {
        const value = of(totals);
        if (value === undefined) gauge.remove();
        else gauge.set(value);
      }
      readMs = beganMs;
      readAt.set(beganMs / 1000);
      freshUntilMs = nowMs() + freshMs;
    } catch (error) {
      forget();
      // `/readyz` and the log report an outage; this process's counters are exported regardless.
      if (!(error instanceof StoreError)) throw error;
    }
  };
  forget(); // a gauge is 0 until it is set
  return async () => {
    if (nowMs() >= freshUntilMs) {
      reading ??= read().finally(() => (reading = undefined));
      await within(longestWaitMs, reading);
    }
    if (nowMs() - readMs > oldestMs) forget();
  };
}

/** Waits for work up to a limit; longer work continues in the background. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const waited = new AbortController();
  const { signal } = waited;
  try {
    // Real time: a scraper does not follow the clock of `dev`.
    await Promise.race([work, setTimeout(ms, undefined, { signal, ref: false })]);
  } finally {
    waited.abort();
    work.catch(() => undefined); // the next scrape that waits for it gets the error
  }
}

function resultOf(last: Awaited<ReturnType<typeof lastReport>>): VerificationResult {
  if (last === undefined) return 'never';
  if (last.report.corrupt > 0) return 'damaged';
  return last.report.state === 'missing' ? 'incomplete' : 'whole';
}

async function totalsOf(store: CallRecordStore, clock: Clock) {
  const { evidence, upstream } = store;
  const sums = {
    ...{ calls: 0, versions: 0, editions: 0, participants: 0, incomplete: 0, missingParticipants: 0 },
    ...{ gaps: 0, gapsForGood: 0, wanted: 0, corrupt: 0, odd: 0, quarantined: 0 },
  };
  const states: Record<CompletenessState, number> = { verified: 0, unverified: 0, missing: 0 };
  const verifications: Record<VerificationResult, number> = { whole: 0, incomplete: 0, damaged: 0, never: 0 };
  const verified: (number | undefined)[] = [];
  /** The largest lag of a tenant behind upstream; absent when upstream was never listed. */
  let lagSeconds: number | undefined;
  for (const tenantId of await knownTenants(store)) {
    const tally = await evidence.tally(tenantId);
    const last = await lastReport(store, tenantId);
    const report = await completenessOf(store, tenantId, clock, { tally, most: 0, checked: last?.checked });
    sums.calls += report.records;
    sums.versions += report.versions;
    sums.editions += tally.editions;
    sums.participants += report.participants;
    sums.incomplete += report.incomplete;
    sums.missingParticipants += report.missingParticipants;
    sums.gaps += report.gapCount;
    sums.gapsForGood += report.unhealableGapCount;
    sums.odd += report.oddCalls;
    sums.quarantined += report.quarantined;
    sums.wanted += (await upstream.counts(tenantId)).pending;
    sums.corrupt += last?.report.corrupt ?? 0;
    states[report.state]++;
    verifications[resultOf(last)]++;
    verified.push(last?.endedMs);
    const lagMs = await listingLagMs(upstream, tenantId, clock.now().getTime());
    if (lagMs !== undefined) lagSeconds = Math.max(lagSeconds ?? 0, lagMs / 1000);
  }
  const ended = verified.filter((endedMs) => endedMs !== undefined);
  // Absent when a tenant was never verified, or there are no tenants.
  const verifiedMs = ended.length === verified.length && ended.length > 0 ? Math.min(...ended) : undefined;
  const outbox = await store.subscriptions.outboxSize();
  const corrupt = ended.length === 0 ? undefined : sums.corrupt;
  return { ...sums, corrupt, states, verifications, verifiedMs, outbox, lagSeconds };
}
