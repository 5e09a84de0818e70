/** Lists the known missing data of a tenant by time, and whether upstream may still have it. */
import type { IncompleteCall } from '../../store/evidence.ts';
import { retentionWatermark } from '../../store/retention-watermark.ts';
import { gaps as uncovered } from '../../store/spans.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { PendingCall, FetchFailureReason } from '../../store/upstream.ts';
import { formatTicks } from '../../base/ticks.ts';
import { type Healing, isSynced, lost, Upstream } from './healing.ts';
import { type Listing, type Listings, listingsOf } from './listings.ts';
import { missingReason } from './standing.ts';

type GapKind =
  /** A time span of calls or of a log that no listing covers. */
  | 'hoursNotListed'
  /** A call, or a version of it, that upstream listed and that could not be fetched. */
  | 'recordNotFetched'
  /** A call without its record, a list, or pages of a list. */
  | 'recordMissing'
  | 'listMissing'
  | 'pagesMissing'
  /** An incomplete call whose stored data is damaged, so that the missing part is unknown. */
  | 'recordDamaged';

export interface Gap extends Healing {
  /** Null when the time is unknown: only the id of a call was seen. */
  readonly from: string | null;
  readonly to: string | null;
  readonly kind: GapKind;
  /** Set for a gap in one call. */
  readonly callId?: string;
  /** The known reason why it was not fetched or listed. */
  readonly reason?: FetchFailureReason | undefined;
  /** For a span of a log: the function that returns it. */
  readonly log?: string;
}

interface Gaps {
  readonly gaps: readonly Gap[];
  readonly gapCount: number;
  /** The number of gaps that upstream can no longer fill. */
  readonly unhealableGapCount: number;
  /** When the first span starts that is not listed. */
  readonly hoursMissingFrom: string | undefined;
  readonly listings: Listings;
  /** Gaps in calls: a call that is incomplete and has a version that was not fetched counts twice. */
  readonly calls: number;
}

const chunk = 500;

/** A tenant, with the time from which its calls count. */
interface Question {
  readonly store: CallRecordStore;
  readonly tenantId: string;
  /** The retention limit: earlier calls were deleted. */
  readonly kept: bigint;
  readonly upstream: Upstream;
}

/** Returns the gaps. @param nowTicks The present. @param most Maximum gaps to list; the others are counted. */
export async function gapsOf(
  store: CallRecordStore,
  tenantId: string,
  nowTicks: bigint,
  most: number,
): Promise<Gaps> {
  const kept = await retentionWatermark(store, tenantId);
  const listings = await listingsOf(store, tenantId, kept);
  const upstream = new Upstream(nowTicks, await isSynced(store, tenantId, listings));
  const question = { store, tenantId, kept, upstream };
  const spans = spansNotListed(listings, upstream);
  const hours = { hoursMissingFrom: spans[0]?.from ?? undefined, listings };
  const gaps: Gap[] = [];
  for await (const gap of named(question, spans)) {
    if (gaps.length === most) return { gaps, ...(await counted(question, spans)), ...hours };
    gaps.push(gap);
  }
  const calls = new Set(gaps.flatMap(({ callId }) => callId ?? [])).size;
  return { gaps, gapCount: gaps.length, unhealableGapCount: unhealable(gaps), calls, ...hours };
}

function spansNotListed({ calls, logs }: Listings, upstream: Upstream): readonly Gap[] {
  return [
    ...spanGaps(calls, upstream.callsSince, (end) => upstream.ofHours(end)),
    ...logs.flatMap(({ name, ...listing }) =>
      spanGaps(listing, upstream.logsSince, (end) => upstream.ofLogHours(end)).map((gap) => ({
        ...gap,
        log: name,
      })),
    ),
  ];
}

async function* named(question: Question, spans: readonly Gap[]): AsyncGenerator<Gap> {
  yield* spans;
  for await (const wanted of missingCalls(question)) yield notFetched(wanted, question.upstream);
  for await (const calls of incompleteCalls(question))
    for (const call of calls) yield gapOf(call, question.upstream);
}

/**
 * Counts without reading the queued calls: a partly stored call is a separate gap, so queued calls that are also partly
 * stored are subtracted.
 */
async function counted(
  question: Question,
  spans: readonly Gap[],
): Promise<Pick<Gaps, 'gapCount' | 'unhealableGapCount' | 'calls'>> {
  const { store, tenantId, kept, upstream } = question;
  const missing = { ...(await store.upstream.missingCounts(tenantId, kept, upstream.callsSince)) };
  const lacking = { calls: 0, lost: 0 };
  let both = 0;
  for await (const calls of incompleteCalls(question)) {
    lacking.calls += calls.length;
    lacking.lost += calls.filter((call) => isLost(gapOf(call, upstream))).length;
    const versions = new Map(calls.map(({ callId, edition }) => [callId, edition?.version ?? -1n]));
    for (const wanted of await store.upstream.pendingOf(tenantId, [...versions.keys()])) {
      if (wanted.startTicks !== undefined && wanted.startTicks < kept) continue;
      if ((versions.get(wanted.callId) ?? -1n) < (wanted.version ?? 0n)) both++;
      else {
        missing.calls--;
        missing.lost -= Number(isLost(notFetched(wanted, upstream)));
      }
    }
  }
  return {
    gapCount: spans.length + missing.calls + lacking.calls,
    unhealableGapCount: unhealable(spans) + missing.lost + lacking.lost,
    calls: missing.calls + lacking.calls - both,
  };
}

function unhealable(gaps: readonly Gap[]): number {
  return gaps.filter(isLost).length;
}

function isLost({ healable, known }: Healing): boolean {
  return !healable && known !== false;
}

/** Yields calls whose newest edition is incomplete, several at a time. */
async function* incompleteCalls({ store, tenantId }: Question): AsyncGenerator<readonly IncompleteCall[]> {
  for (let after: string | undefined; ;) {
    const calls = await store.evidence.lacking(tenantId, after, chunk);
    yield calls;
    if (calls.length < chunk) return;
    after = calls.at(-1)?.callId;
  }
}

/** Yields queued calls of which the store lacks that version completely: a partly stored one is a separate gap. */
async function* missingCalls({ store, tenantId, kept }: Question): AsyncGenerator<PendingCall> {
  for (let after: string | undefined; ;) {
    const page = await store.upstream.pending(tenantId, after, chunk);
    const counting = page.filter(({ startTicks }) => startTicks === undefined || startTicks >= kept);
    const ids = counting.map(({ callId }) => callId);
    const newest = new Map((await store.evidence.newest(tenantId, ids)).map((one) => [one.callId, one]));
    for (const wanted of counting) {
      const edition = newest.get(wanted.callId);
      const isHere = edition !== undefined && edition.version >= (wanted.version ?? 0n);
      if (!isHere || edition.lacking.length === 0) yield wanted;
    }
    if (page.length < chunk) return;
    after = page.at(-1)?.callId;
  }
}

/** Returns the spans that are not listed: a span that upstream partly retains is divided in two. */
function spanGaps(
  listing: Listing,
  remembered: bigint,
  healing: (endTicks: bigint) => Healing,
): readonly Gap[] {
  return unlistedOf(listing, remembered).flatMap(({ from, before, reason }) => {
    const cut = from < remembered && remembered < before ? [from, remembered, before] : [from, before];
    return cut.slice(1).map((end, i): Gap => ({
      ...{ from: formatTicks(cut[i]!), to: formatTicks(end), kind: 'hoursNotListed' }, // one per end, plus one
      ...healing(end),
      reason,
    }));
  });
}

/**
 * Returns the spans between the first and the last listed time that were not listed, and those that a sync requested
 * without success, in order. Nothing is claimed about earlier times: what upstream deleted there is not a gap.
 */
function unlistedOf({ spans, unlisted }: Listing, remembered: bigint) {
  const holes: { from: bigint; before: bigint; reason?: FetchFailureReason }[] = [];
  let covered: bigint | undefined;
  for (const { from, before } of spans) {
    if (covered !== undefined && from > covered) holes.push({ from: covered, before: from });
    if (covered === undefined || before > covered) covered = before;
  }
  const first = spans[0]?.from;
  for (const { reason, ...asked } of unlisted) {
    // Hours of a successful earlier listing count as listed, even if a later one failed.
    for (const { from: begins, before } of uncovered(asked, spans)) {
      const isBeforeAll = first === undefined || before <= first;
      const from = isBeforeAll && begins < remembered ? remembered : begins;
      if (from >= before) continue;
      const hole = holes.find((one) => one.from < before && from < one.before);
      if (hole === undefined) holes.push({ from, before, reason });
      else hole.reason ??= reason;
    }
  }
  return holes.sort((a, b) => (a.from < b.from ? -1 : 1));
}

function notFetched(
  { callId, startTicks, queuedMs, expiredUpstream, reason }: PendingCall,
  upstream: Upstream,
): Gap {
  const at = startTicks === undefined ? null : formatTicks(startTicks);
  const healing = expiredUpstream ? lost : upstream.ofCall(startTicks, queuedMs);
  return { from: at, to: at, kind: 'recordNotFetched', ...healing, callId, reason };
}

function gapOf({ callId, edition }: IncompleteCall, upstream: Upstream): Gap {
  if (edition === undefined) return { from: null, to: null, kind: 'recordDamaged', ...lost, callId };
  const { startTicks, endTicks, receivedMs, lacking } = edition;
  const from = startTicks === undefined ? null : formatTicks(startTicks);
  const to = endTicks === undefined ? from : formatTicks(endTicks);
  return { from, to, kind: missingReason(lacking), ...upstream.ofCall(startTicks, receivedMs), callId };
}
