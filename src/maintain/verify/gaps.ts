/** What is known to be missing of a tenant, by time, and whether upstream may still give it. */
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
  /** A span between listings, of calls or of a log, that none of them covers. */
  | 'hoursNotListed'
  /** A call, or a version of it, that upstream showed and that could not be fetched. */
  | 'recordNotFetched'
  /** A call of which the record itself, a list, or pages of a list were not received. */
  | 'recordMissing'
  | 'listMissing'
  | 'pagesMissing'
  /** A call that lacks something, and what is stored of it is damaged besides: what it lacks is not known. */
  | 'recordDamaged';

export interface Gap extends Healing {
  /** Null where the time is not known: nothing but the id of a call was seen. */
  readonly from: string | null;
  readonly to: string | null;
  readonly kind: GapKind;
  /** Of a gap in one call. */
  readonly callId?: string;
  /** Why it was not fetched, or not listed, where that is known. */
  readonly reason?: FetchFailureReason;
  /** Of a span of a log: the function that returns it. */
  readonly log?: string;
}

interface Gaps {
  /** The first of them. */
  readonly gaps: readonly Gap[];
  readonly gapCount: number;
  /** Those of them that upstream cannot heal any more. */
  readonly unhealableGapCount: number;
  /** When the first span begins that is not listed. */
  readonly hoursMissingFrom: string | undefined;
  readonly listings: Listings;
  /** Calls with a gap: of a call that lacks something, and of a version of it that was not fetched besides, there are two. */
  readonly calls: number;
}

/** Calls asked for at once. */
const chunk = 500;

/** A tenant, and from when on its calls count. */
interface Question {
  readonly store: CallRecordStore;
  readonly tenantId: string;
  /** What began before was dropped. */
  readonly kept: bigint;
  readonly upstream: Upstream;
}

/** @param nowTicks The present. @param most Gaps that are named; the others are counted. */
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
 * Counts without reading what is only to be fetched: a call that the store has in part is a separate gap, so calls to fetch
 * that are also stored in part are subtracted.
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

/** Calls whose newest edition lacks something, some at a time. */
async function* incompleteCalls({ store, tenantId }: Question): AsyncGenerator<readonly IncompleteCall[]> {
  for (let after: string | undefined; ;) {
    const calls = await store.evidence.lacking(tenantId, after, chunk);
    yield calls;
    if (calls.length < chunk) return;
    after = calls.at(-1)?.callId;
  }
}

/** Calls to fetch of which the store has not got that version, whole or in part: what it has in part is a gap by itself. */
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

/** Spans that are not listed: one that upstream partly remembers is two. */
function spanGaps(
  listing: Listing,
  remembered: bigint,
  healing: (endTicks: bigint) => Healing,
): readonly Gap[] {
  return unlistedOf(listing, remembered).flatMap(({ from, before, reason }) => {
    const cut = from < remembered && remembered < before ? [from, remembered, before] : [from, before];
    const why = reason === undefined ? {} : { reason };
    return cut.slice(1).map((end, i): Gap => ({
      ...{ from: formatTicks(cut[i]!), to: formatTicks(end), kind: 'hoursNotListed' }, // one more than ends
      ...healing(end),
      ...why,
    }));
  });
}

/**
 * The holes between the first and the last time that was listed, and what a sync asked for without success besides, in
 * order. Before
 * the first time nothing is claimed: what upstream forgot there while a sync asked for it is no hole.
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
    // Hours that an earlier listing showed are listed, whatever became of the next.
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
  const why = reason === undefined ? {} : { reason };
  return { from: at, to: at, kind: 'recordNotFetched', ...healing, callId, ...why };
}

function gapOf({ callId, edition }: IncompleteCall, upstream: Upstream): Gap {
  if (edition === undefined) return { from: null, to: null, kind: 'recordDamaged', ...lost, callId };
  const { startTicks, endTicks, receivedMs, lacking } = edition;
  const from = startTicks === undefined ? null : formatTicks(startTicks);
  const to = endTicks === undefined ? from : formatTicks(endTicks);
  return { from, to, kind: missingReason(lacking), ...upstream.ofCall(startTicks, receivedMs), callId };
}
