/** What is proved of a tenant, and what is known to be missing. */
import type { Clock } from '../../base/clock.ts';
import { mapOrdered } from '../../base/map-ordered.ts';
import type { CompletenessState, TenantStanding } from '../../contract/completeness-state.ts';
import type { Tally } from '../../store/evidence.ts';
import { isLarger, largerTotal, type QuarantinedPiece, quarantineTotal } from '../../store/quarantine.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { ticksOf } from '../../base/ticks.ts';
import { callIds, CallsAtOnce } from '../../store/calls-at-once.ts';
import { type Gap, gapsOf } from './gaps.ts';
import { lookAt } from './look.ts';
import { mostNamed, type OddCall, SeenCalls } from './seen-calls.ts';
import { type Basis, type Checked, checkedOf, tenantStanding, worst } from './standing.ts';
import { standingOf } from './tenant-standing.ts';

/** The state of a tenant, and the counts that it rests on. */
interface Report extends TenantStanding {
  /** Calls. */
  readonly records: number;
  readonly versions: number;
  /** Received, in the newest edition of each call. */
  readonly participants: number;
  /** Calls that lack something, or of which upstream has a version that was not fetched. */
  readonly incomplete: number;
  /** Participants whom the sessions of a call show and its list lacks. */
  readonly missingParticipants: number;
  /** Calls with marks of odd entries. */
  readonly oddCalls: number;
  /** Pieces that could not be stored where they stood. */
  readonly quarantined: number;
  /** The first of them: at most `mostGaps` of a tenant, unless more are asked for. */
  readonly gaps: readonly Gap[];
  /** All of them. */
  readonly gapCount: number;
  /** Those of them that upstream cannot heal any more. */
  readonly unhealableGapCount: number;
  /** True when not all of them are in `gaps`. */
  readonly gapsCut: boolean;
}

/** Gaps that are named over HTTP and kept with a verification. */
export const mostGaps = 1000;
/** Gaps that `rollcall verify --json` names. */
const mostVerifiedGaps = 100_000;

export interface VerifiedReport extends Report {
  /** Parts whose bytes, order or checksums are not what was stored. */
  readonly corrupt: number;
  /** Rows of logs that were read. */
  readonly logRows: number;
  /** The sum of the marks of all calls. */
  readonly odd: number;
  /** Calls by their state when they were read. */
  readonly callStates: Readonly<Record<CompletenessState, number>>;
  /** What states rest on later. */
  readonly basis: Basis;
  /** What is listed by name besides the gaps: the first of each. */
  readonly named: {
    readonly oddCalls: readonly OddCall[];
    readonly pieces: readonly QuarantinedPiece[];
    /** Pieces that are more than an entry of a call. */
    readonly larger: number;
  };
  /** False when calls were added, dropped or unreadable during the run, so that the stored counts could not be compared. */
  readonly countsCompared: boolean;
}

interface CompletenessOptions {
  /** Of the tenant, where it was read already. */
  readonly tally?: Tally;
  /** Gaps that are named. */
  readonly most?: number;
  /** The last verification; without it, nothing is verified. */
  readonly checked?: Checked | undefined;
}

/**
 * What the store tells without reading what it keeps: costs what is missing, not what is there.
 */
export async function completenessOf(
  store: CallRecordStore,
  tenantId: string,
  clock: Clock,
  { tally, most = mostGaps, checked }: CompletenessOptions = {},
): Promise<Report> {
  const {
    calls,
    versions,
    participants,
    found,
    odd: oddCalls,
  } = tally ?? (await store.evidence.tally(tenantId));
  const {
    calls: incomplete,
    hoursMissingFrom,
    listings,
    ...gaps
  } = await gapsOf(store, tenantId, ticksOf(clock.now()), most);
  const pieces = await store.quarantine.count(tenantId);
  const setAside = largerTotal(pieces);
  const evidence = { calls, incomplete, setAside, hoursMissingFrom, listings, checked };
  return {
    ...(await standingOf(store, tenantId, clock, evidence)),
    records: calls,
    versions,
    participants,
    incomplete,
    missingParticipants: found,
    ...{ oddCalls, quarantined: quarantineTotal(pieces) },
    ...gaps,
    gapsCut: gaps.gapCount > gaps.gaps.length,
  };
}

/** Calls that are read while those before them are checked. */
const ahead = { width: 2 };
/** Damaged calls that are kept by name. */
const mostDamagedCalls = 1000;

interface VerifyOptions {
  readonly clock: Clock;
  /** Called with how many calls more were read. */
  readonly onRead: (calls: number) => void;
  /** Faults of the storage engine, which may be in any call. */
  readonly engineFaults?: number;
}

/**
 * Reads everything of a tenant, some calls at a time, and recomputes what was written of it.
 *
 * @throws StoreError What the store does not answer is no damage: the verification ends without a verdict.
 */
export async function verifyTenant(
  store: CallRecordStore,
  tenantId: string,
  { clock, onRead, engineFaults = 0 }: VerifyOptions,
): Promise<VerifiedReport> {
  const { logChanges } = await store.evidence.changes(tenantId);
  const throughEdition = await store.newestEdition(tenantId);
  const before = await store.evidence.tally(tenantId);
  const seen = new SeenCalls(throughEdition, clock.now().getTime());
  const atOnce = new CallsAtOnce();
  const look = async (ids: readonly string[]) => ({
    looked: await lookAt(store, tenantId, ids),
    wanted: await store.upstream.pendingOf(tenantId, ids),
    pieces: await store.quarantine.ofCalls(tenantId, ids),
  });
  for await (const { looked, wanted, pieces } of mapOrdered(callIds(store, tenantId, atOnce), ahead, look)) {
    const queuedMs = new Map(wanted.map((one) => [one.callId, one.queuedMs]));
    const setAside = new Set(pieces.filter(isLarger).map(({ callId }) => callId));
    for (const call of looked) {
      const { callId } = call;
      seen.add(call, { queuedMs: queuedMs.get(callId), isSetAside: setAside.has(callId) });
    }
    atOnce.had(
      looked.length,
      looked.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    onRead(looked.length);
  }
  const logRows = await store.evidence.checkLogRows(tenantId);
  let corrupt = seen.damaged + logRows.damaged + (await store.quarantine.damaged(tenantId));
  const after = await store.evidence.tally(tenantId);
  // Calls that come or go while others are read are in one of the counts only.
  const countsCompared = seen.isAllRead && isSame(before, after);
  if (countsCompared && !isSame(after, seen.counted)) corrupt++;
  const endedMs = clock.now().getTime();
  const damagedCalls = seen.damagedCalls.slice(0, mostDamagedCalls);
  const basis = {
    ...{ endedMs, throughEdition, logChanges, damaged: corrupt + engineFaults, damagedCalls },
    isLocated: engineFaults === 0 && seen.damagedCalls.length === damagedCalls.length,
    withoutList: seen.withoutList,
  };
  const checked = checkedOf(basis);
  const report = await completenessOf(store, tenantId, clock, { most: mostVerifiedGaps, checked });
  const { callStates, odd, oddCalls } = seen;
  const pieces = await store.quarantine.list(tenantId, undefined, mostNamed);
  const larger = largerTotal(await store.quarantine.count(tenantId));
  const counts = { corrupt, logRows: logRows.rows, odd, callStates, countsCompared };
  return { ...report, ...counts, basis, named: { oddCalls, pieces, larger } };
}

function isSame(a: Tally, b: Tally): boolean {
  return Object.keys(a).every((key) => a[key as keyof Tally] === b[key as keyof Tally]); // its own keys
}

/** Of all tenants that were verified. */
export type TotalReport = Omit<VerifiedReport, 'basis'>;

/** Of several tenants, in the state of the worst of them. */
export function sumOf(reports: readonly VerifiedReport[], engineFaults: number): TotalReport {
  const sum = (of: (report: VerifiedReport) => number) => reports.reduce((all, one) => all + of(one), 0);
  const gaps = reports.flatMap((report) => report.gaps).slice(0, mostVerifiedGaps);
  const gapCount = sum((report) => report.gapCount);
  return {
    ...standingOfAll(reports, engineFaults > 0),
    records: sum(({ records }) => records),
    versions: sum(({ versions }) => versions),
    participants: sum(({ participants }) => participants),
    logRows: sum(({ logRows }) => logRows),
    callStates: {
      verified: sum(({ callStates }) => callStates.verified),
      unverified: sum(({ callStates }) => callStates.unverified),
      missing: sum(({ callStates }) => callStates.missing),
    },
    incomplete: sum(({ incomplete }) => incomplete),
    missingParticipants: sum(({ missingParticipants }) => missingParticipants),
    odd: sum(({ odd }) => odd),
    oddCalls: sum(({ oddCalls }) => oddCalls),
    quarantined: sum(({ quarantined }) => quarantined),
    named: {
      oddCalls: reports.flatMap(({ named }) => named.oddCalls).slice(0, mostNamed),
      pieces: reports.flatMap(({ named }) => named.pieces).slice(0, mostNamed),
      larger: sum(({ named }) => named.larger),
    },
    gaps,
    gapCount,
    unhealableGapCount: sum(({ unhealableGapCount }) => unhealableGapCount),
    gapsCut: gapCount > gaps.length,
    corrupt: sum(({ corrupt }) => corrupt) + engineFaults,
    countsCompared: reports.every(({ countsCompared }) => countsCompared),
  };
}

function standingOfAll(reports: readonly VerifiedReport[], isDamaged: boolean): TenantStanding {
  const nothing = { state: 'unverified', sinceDateTime: null } as const;
  const damaged = { state: 'missing', reason: 'damaged', sinceDateTime: null } as const;
  const calls = [
    ...(isDamaged ? [damaged] : []),
    ...reports.map((report) => report.calls),
    ...(reports.length === 0 ? [{ ...nothing, reason: 'nothingStored' } as const] : []),
  ];
  const hours = reports.map((report) => report.hours);
  return tenantStanding(
    worst(calls),
    worst([...hours, ...(hours.length === 0 ? [{ ...nothing, reason: 'neverListed' } as const] : [])]),
  );
}
