/** Reports what a verification proved about a tenant, and what is known to be missing. */
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

/** The state of a tenant, with the counts that determine it. */
interface Report extends TenantStanding {
  /** Calls. */
  readonly records: number;
  readonly versions: number;
  /** Received participants in the newest edition of each call. */
  readonly participants: number;
  /** Calls that are incomplete, or have a version at upstream that was not fetched. */
  readonly incomplete: number;
  /** Participants in the sessions of a call that its list lacks. */
  readonly missingParticipants: number;
  /** Calls with marks of odd entries. */
  readonly oddCalls: number;
  /** Pieces that could not be stored in place. */
  readonly quarantined: number;
  /** The first gaps: at most `mostGaps` per tenant, unless more are requested. */
  readonly gaps: readonly Gap[];
  readonly gapCount: number;
  /** The number of gaps that upstream can no longer fill. */
  readonly unhealableGapCount: number;
  /** True when `gaps` does not contain all gaps. */
  readonly gapsCut: boolean;
}

/** Maximum gaps listed over HTTP and stored with a verification. */
export const mostGaps = 1000;
/** Maximum gaps that `rollcall verify --json` lists. */
const mostVerifiedGaps = 100_000;

export interface VerifiedReport extends Report {
  /** Parts with damaged bytes, order or checksums. */
  readonly corrupt: number;
  /** Log rows read. */
  readonly logRows: number;
  /** The sum of the marks of all calls. */
  readonly odd: number;
  /** Calls by their state when they were read. */
  readonly callStates: Readonly<Record<CompletenessState, number>>;
  /** The data that later states are derived from. */
  readonly basis: Basis;
  /** Items listed besides the gaps: the first of each kind. */
  readonly named: {
    readonly oddCalls: readonly OddCall[];
    readonly pieces: readonly QuarantinedPiece[];
    /** Pieces larger than an entry of a call. */
    readonly larger: number;
  };
  /**
   * False when calls were added, deleted or unreadable during the run, so that the stored counts could not be compared.
   */
  readonly countsCompared: boolean;
}

interface CompletenessOptions {
  /** The counts of the tenant, if already read. */
  readonly tally?: Tally;
  /** The maximum number of gaps to list. */
  readonly most?: number;
  /** The last verification; without it, nothing is verified. */
  readonly checked?: Checked | undefined;
}

/**
 * Returns the completeness without reading call contents: the cost depends on what is missing, not on what is stored.
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

/** Calls that are read while the previous ones are checked. */
const ahead = { width: 2 };
/** Maximum damaged calls stored by id. */
const mostDamagedCalls = 1000;

interface VerifyOptions {
  readonly clock: Clock;
  /** Called with the number of further calls read. */
  readonly onRead: (calls: number) => void;
  /** Faults of the storage engine, which may affect any call. */
  readonly engineFaults?: number;
}

/**
 * Reads all data of a tenant in batches, and recomputes all checksums.
 *
 * @throws StoreError A store that does not respond is not damage: the verification ends without a result.
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
  // Calls that are added or deleted meanwhile are in only one of the counts.
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

/** The total of all verified tenants. */
export type TotalReport = Omit<VerifiedReport, 'basis'>;

/** Sums up several tenants; the state is that of the worst one. */
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
