/** What is proved of a tenant, and what is known to be missing. */
import type { Clock } from '../clock.ts';
import { inOrder } from '../in-order.ts';
import { newestOf } from '../store/edition-places.ts';
import type { Tally } from '../store/evidence.ts';
import type { CallRecordStore, Edition } from '../store/store.ts';
import { ticksOf } from '../text/ticks.ts';
import { callIds, CallsAtOnce } from '../store/calls-at-once.ts';
import { type Gap, gapsOf } from './gaps.ts';
import { lookAt } from './look.ts';

interface Report {
  /** Calls. */
  readonly records: number;
  readonly versions: number;
  /** Received, in the newest edition of each call. */
  readonly participants: number;
  /** Calls that lack something, or of which upstream has a version that was not fetched. */
  readonly incomplete: number;
  /** Participants whom the sessions of a call show and its list lacks. */
  readonly missingParticipants: number;
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
  /** False when calls were added, dropped or unreadable during the run, so that the stored counts could not be compared. */
  readonly countsCompared: boolean;
}

/**
 * What the store tells without reading what it keeps: costs what is missing, not what is there.
 *
 * @param tally Of the tenant, where it was read already.
 * @param most Gaps that are named.
 */
export async function completenessOf(
  store: CallRecordStore,
  tenantId: string,
  clock: Clock,
  { tally, most = mostGaps }: { readonly tally?: Tally; readonly most?: number } = {},
): Promise<Report> {
  const { calls, versions, participants, found } = tally ?? (await store.evidence.tally(tenantId));
  const { calls: incomplete, ...gaps } = await gapsOf(store, tenantId, ticksOf(clock.now()), most);
  return {
    records: calls,
    versions,
    participants,
    incomplete,
    missingParticipants: found,
    ...gaps,
    gapsCut: gaps.gapCount > gaps.gaps.length,
  };
}

/** @returns `undefined` where no verification is kept, or what is kept is damaged: the next one is kept in its place. */
export async function lastReport(
  { evidence }: Pick<CallRecordStore, 'evidence'>,
  tenantId: string,
): Promise<{ readonly endedMs: number; readonly report: VerifiedReport } | undefined> {
  const last = await evidence.lastVerification(tenantId);
  if (last === undefined) return undefined;
  try {
    return { endedMs: last.endedMs, report: JSON.parse(last.report) as VerifiedReport }; // as the verification wrote it
  } catch {
    return undefined;
  }
}

/** With as many gaps as are kept. */
export function withFewGaps(report: VerifiedReport): VerifiedReport {
  const gaps = report.gaps.slice(0, mostGaps);
  return { ...report, gaps, gapsCut: report.gapCount > gaps.length };
}

/** Calls that are read while those before them are checked. */
const ahead = { width: 2 };

/**
 * Reads everything of a tenant, some calls at a time, and recomputes what was written of it.
 *
 * @param onRead Called with how many calls more were read.
 * @throws StoreError What the store does not answer is no damage: the verification ends without a verdict.
 */
export async function verifyTenant(
  store: CallRecordStore,
  tenantId: string,
  { clock, onRead }: { readonly clock: Clock; readonly onRead: (calls: number) => void },
): Promise<VerifiedReport> {
  const before = await store.evidence.tally(tenantId);
  const counted = { calls: 0, editions: 0, versions: 0, participants: 0, incomplete: 0, found: 0, odd: 0 };
  let corrupt = 0;
  let isAllRead = true;
  const atOnce = new CallsAtOnce();
  const look = (ids: readonly string[]) => lookAt(store, tenantId, ids);
  for await (const looked of inOrder(callIds(store, tenantId, atOnce), ahead, look)) {
    for (const { editions, damaged, isRead } of looked) {
      corrupt += damaged;
      isAllRead &&= isRead;
      count(counted, editions);
    }
    atOnce.had(
      looked.length,
      looked.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    onRead(looked.length);
  }
  // Calls that come or go while others are read are in one of the counts only.
  corrupt += await store.evidence.damagedLogRows(tenantId);
  const after = await store.evidence.tally(tenantId);
  const countsCompared = isAllRead && isSame(before, after);
  if (countsCompared && !isSame(after, counted)) corrupt++;
  const report = await completenessOf(store, tenantId, clock, { most: mostVerifiedGaps });
  return { ...report, corrupt, countsCompared };
}

/** @param editions Of one call; none of one that was dropped meanwhile. */
function count(counted: Writable<Tally>, editions: readonly Edition[]): void {
  const newest = newestOf(editions);
  if (newest === undefined) return;
  counted.calls++;
  counted.editions += editions.length;
  counted.versions += new Set(editions.map(({ version }) => version)).size;
  counted.participants += newest.participants?.count ?? 0;
  counted.incomplete += Number(newest.lacking.length > 0);
  counted.found += newest.found?.count ?? 0;
  counted.odd += Number(newest.odd.length > 0);
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function isSame(a: Tally, b: Tally): boolean {
  return Object.keys(a).every((key) => a[key as keyof Tally] === b[key as keyof Tally]); // its own keys
}

export function sumOf(reports: readonly VerifiedReport[], engineFaults: number): VerifiedReport {
  const sum = (of: (report: VerifiedReport) => number) => reports.reduce((all, one) => all + of(one), 0);
  const gaps = reports.flatMap((report) => report.gaps).slice(0, mostVerifiedGaps);
  const gapCount = sum((report) => report.gapCount);
  return {
    records: sum(({ records }) => records),
    versions: sum(({ versions }) => versions),
    participants: sum(({ participants }) => participants),
    incomplete: sum(({ incomplete }) => incomplete),
    missingParticipants: sum(({ missingParticipants }) => missingParticipants),
    gaps,
    gapCount,
    unhealableGapCount: sum(({ unhealableGapCount }) => unhealableGapCount),
    gapsCut: gapCount > gaps.length,
    corrupt: sum(({ corrupt }) => corrupt) + engineFaults,
    countsCompared: reports.every(({ countsCompared }) => countsCompared),
  };
}
