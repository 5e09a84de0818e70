/** What the store holds and lacks, as gauges: the same from every process that has it open. */
import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import { listingLagMs } from '../store/recency.ts';
import type { CallRecordStore } from '../store/store.ts';
import { completenessOf } from '../verify/report.ts';
import { knownTenants } from '../verify/tenants.ts';

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

/** @returns Reads the store anew, unless it did so just now. */
export function storeMetrics(store: CallRecordStore, clock: Clock, register: Registry): () => Promise<void> {
  const own = Object.entries(gauges).map(([name, [help, of]]) => ({
    gauge: new Gauge({ name, help, registers: [register] }),
    of,
  }));
  let freshUntilMs = -Infinity;
  return async () => {
    const nowMs = clock.now().getTime();
    if (nowMs < freshUntilMs) return;
    const totals = await totalsOf(store, clock);
    for (const { gauge, of } of own) {
      const value = of(totals);
      if (value === undefined) gauge.remove();
      else gauge.set(value);
    }
    freshUntilMs = nowMs + freshMs;
  };
}

async function totalsOf(store: CallRecordStore, clock: Clock): Promise<Totals> {
  const { evidence, upstream } = store;
  const totals = { calls: 0, versions: 0, editions: 0, participants: 0, incomplete: 0 };
  let [missingParticipants, gaps, gapsForGood, wanted, corrupt] = [0, 0, 0, 0, 0];
  let lagSeconds: number | undefined;
  for (const tenantId of await knownTenants(store)) {
    const tally = await evidence.tally(tenantId);
    const report = await completenessOf(store, tenantId, clock, tally);
    totals.calls += report.records;
    totals.versions += report.versions;
    totals.editions += tally.editions;
    totals.participants += report.participants;
    totals.incomplete += report.incomplete;
    missingParticipants += report.missingParticipants;
    gaps += report.gaps.length;
    gapsForGood += report.gaps.filter(({ healable }) => !healable).length;
    wanted += (await upstream.counts(tenantId)).wanted;
    const last = await evidence.lastVerification(tenantId);
    corrupt += last === undefined ? 0 : (JSON.parse(last.report) as { corrupt: number }).corrupt; // as it was written
    const lagMs = await listingLagMs(upstream, tenantId, clock.now().getTime());
    if (lagMs !== undefined) lagSeconds = Math.max(lagSeconds ?? 0, lagMs / 1000);
  }
  const outbox = await store.subscriptions.outboxSize();
  return { ...totals, outbox, missingParticipants, gaps, gapsForGood, wanted, corrupt, lagSeconds };
}
