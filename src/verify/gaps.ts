/** What is known to be missing of a tenant, by time, and whether upstream may still give it. */
import { edms } from '../model/edm.ts';
import type { IncompleteCall } from '../store/evidence.ts';
import { keptSince } from '../store/kept-since.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { ListedSpan, WantedCall } from '../store/upstream.ts';
import { formatTicks } from '../text/ticks.ts';

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

export interface Gap {
  /** Null where the time is not known: nothing but the id of a call was seen. */
  readonly from: string | null;
  readonly to: string | null;
  readonly kind: GapKind;
  /** True while upstream still remembers. */
  readonly healable: boolean;
  /** Of a gap in one call. */
  readonly callId?: string;
  /** Of a span of a log: the function that returns it. */
  readonly log?: string;
}

interface Gaps {
  /** The first of them. */
  readonly gaps: readonly Gap[];
  readonly gapCount: number;
  readonly unhealableGapCount: number;
  /** Calls with a gap: of a call that lacks something, and of a version of it that was not fetched besides, there are two. */
  readonly calls: number;
}

const ticksPerDay = 864_000_000_000n;
/** How long upstream has what it had: calls for 30 days (reference "Get callRecord"), logs for 90 at a time. */
const callDays = 30n;
const logDays = 90n;

/** Calls asked for at once. */
const chunk = 500;

/** A tenant, and from when on its calls count. */
interface Question {
  readonly store: CallRecordStore;
  readonly tenantId: string;
  /** What began before was dropped. */
  readonly kept: bigint;
  /** What began before upstream has forgotten. */
  readonly remembered: bigint;
}

/** @param nowTicks The present. @param most Gaps that are named; the others are counted. */
export async function gapsOf(
  store: CallRecordStore,
  tenantId: string,
  nowTicks: bigint,
  most: number,
): Promise<Gaps> {
  const kept = await keptSince(store, tenantId);
  const question = { store, tenantId, kept, remembered: nowTicks - callDays * ticksPerDay };
  const spans = await spansNotListed(question, nowTicks);
  const gaps: Gap[] = [];
  for await (const gap of named(question, spans)) {
    if (gaps.length === most) return { gaps, ...(await counted(question, spans)) };
    gaps.push(gap);
  }
  const calls = new Set(gaps.flatMap(({ callId }) => callId ?? [])).size;
  return { gaps, gapCount: gaps.length, unhealableGapCount: unhealable(gaps), calls };
}

async function spansNotListed(
  { store: { upstream }, tenantId, kept, remembered }: Question,
  nowTicks: bigint,
): Promise<readonly Gap[]> {
  const listed = async (what: string) => keptSpans(await upstream.listed(tenantId, what), kept);
  const gaps = [...spanGaps(await listed('calls'), remembered)];
  for (const { name } of edms.beta.functions) {
    for (const gap of spanGaps(await listed(name), nowTicks - logDays * ticksPerDay))
      gaps.push({ ...gap, log: name });
  }
  return gaps;
}

async function* named(question: Question, spans: readonly Gap[]): AsyncGenerator<Gap> {
  yield* spans;
  for await (const wanted of missingCalls(question)) yield notFetched(wanted, question.remembered);
  for await (const calls of incompleteCalls(question))
    for (const call of calls) yield gapOf(call, question.remembered);
}

/**
 * Counts without reading what is only to be fetched: a call that the store has in part is a separate gap, so calls to fetch
 * that are also stored in part are subtracted.
 */
async function counted(question: Question, spans: readonly Gap[]): Promise<Omit<Gaps, 'gaps'>> {
  const { store, tenantId, kept, remembered } = question;
  const missing = { ...(await store.upstream.missingCounts(tenantId, kept, remembered)) };
  const lacking = { calls: 0, lost: 0 };
  let both = 0;
  for await (const calls of incompleteCalls(question)) {
    lacking.calls += calls.length;
    lacking.lost += calls.filter((call) => !gapOf(call, remembered).healable).length;
    const versions = new Map(calls.map(({ callId, edition }) => [callId, edition?.version ?? -1n]));
    for (const wanted of await store.upstream.wantedOf(tenantId, [...versions.keys()])) {
      if (wanted.startTicks !== undefined && wanted.startTicks < kept) continue;
      if ((versions.get(wanted.callId) ?? -1n) < (wanted.version ?? 0n)) both++;
      else {
        missing.calls--;
        missing.lost -= Number(!notFetched(wanted, remembered).healable);
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
  return gaps.filter(({ healable }) => !healable).length;
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
async function* missingCalls({ store, tenantId, kept }: Question): AsyncGenerator<WantedCall> {
  for (let after: string | undefined; ;) {
    const page = await store.upstream.wanted(tenantId, after, chunk);
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

function keptSpans(spans: readonly ListedSpan[], kept: bigint): readonly ListedSpan[] {
  return spans
    .filter(({ before }) => before > kept)
    .map((span) => ({ ...span, from: span.from < kept ? kept : span.from }));
}
/** The holes between the first and the last time that was listed; one that upstream partly remembers is two. */
function* spanGaps(spans: readonly ListedSpan[], remembered: bigint): Generator<Gap> {
  let covered: bigint | undefined;
  for (const { from, before } of spans) {
    if (covered !== undefined && from > covered) {
      const cut = covered < remembered && remembered < from ? [covered, remembered, from] : [covered, from];
      for (const [i, end] of cut.slice(1).entries()) {
        yield {
          from: formatTicks(cut[i]!),
          to: formatTicks(end),
          kind: 'hoursNotListed',
          healable: end > remembered,
        };
      }
    }
    if (covered === undefined || before > covered) covered = before;
  }
}

function notFetched({ callId, startTicks, gone }: WantedCall, remembered: bigint): Gap {
  const at = startTicks === undefined ? null : formatTicks(startTicks);
  const isRemembered = startTicks === undefined || startTicks >= remembered;
  return { from: at, to: at, kind: 'recordNotFetched', healable: !gone && isRemembered, callId };
}

function gapOf({ callId, edition }: IncompleteCall, remembered: bigint): Gap {
  if (edition === undefined) return { from: null, to: null, kind: 'recordDamaged', healable: false, callId };
  const { startTicks, endTicks, lacking } = edition;
  const from = startTicks === undefined ? null : formatTicks(startTicks);
  const to = endTicks === undefined ? from : formatTicks(endTicks);
  const kind = lacking.includes('record')
    ? 'recordMissing'
    : lacking.includes('participantPages') || lacking.includes('sessionPages')
      ? 'pagesMissing'
      : 'listMissing';
  return { from, to, kind, healable: startTicks === undefined || startTicks >= remembered, callId };
}
