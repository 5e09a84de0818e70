/** What is known to be missing of a tenant, by time, and whether upstream may still give it. */
import { edms } from '../model/edm.ts';
import type { CallRecordStore, Edition } from '../store/store.ts';
import type { ListedSpan, WantedCall } from '../store/upstream.ts';
import { keptSince } from '../store/kept-since.ts';
import { formatTicks } from '../text/ticks.ts';

export type GapKind =
  /** A span between listings, of calls or of a log, that none of them covers. */
  | 'hoursNotListed'
  /** A call, or a version of it, that upstream showed and that could not be fetched. */
  | 'recordNotFetched'
  /** A call of which the record itself, a list, or pages of a list were not received. */
  | 'recordMissing'
  | 'listMissing'
  | 'pagesMissing';

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

const ticksPerDay = 864_000_000_000n;
/** How long upstream has what it had: calls for 30 days (reference "Get callRecord"), logs for 90 at a time. */
const callDays = 30n;
const logDays = 90n;

/** Calls asked for at once. */
const chunk = 500;

/** @param nowTicks The present. */
export async function* gapsOf(
  store: CallRecordStore,
  tenantId: string,
  nowTicks: bigint,
): AsyncGenerator<Gap> {
  const { upstream, evidence } = store;
  const kept = await keptSince(store, tenantId);
  const listed = async (what: string) => keptSpans(await upstream.listed(tenantId, what), kept);
  yield* spanGaps(await listed('calls'), nowTicks - callDays * ticksPerDay);
  for (const { name } of edms.beta.functions) {
    for (const gap of spanGaps(await listed(name), nowTicks - logDays * ticksPerDay))
      yield { ...gap, log: name };
  }
  const remembered = nowTicks - callDays * ticksPerDay;
  for await (const wanted of missingCalls(store, tenantId, kept)) yield notFetched(wanted, remembered);
  for (let after: string | undefined; ;) {
    const ids = await evidence.wanting(tenantId, after, chunk);
    for (const id of ids) {
      const edition = await store.edition(tenantId, id);
      if (edition !== undefined && edition.lacking.length > 0) yield lackingGap(edition, remembered);
    }
    if (ids.length < chunk) return;
    after = ids.at(-1);
  }
}

/** Calls to fetch of which the store has not got that version, whole or in part: what it has in part is a gap by itself. */
async function* missingCalls(
  store: CallRecordStore,
  tenantId: string,
  kept: bigint,
): AsyncGenerator<WantedCall> {
  for await (const wanted of wantedCalls(store, tenantId)) {
    if (wanted.startTicks !== undefined && wanted.startTicks < kept) continue;
    const edition = await store.edition(tenantId, wanted.callId);
    const isHere = edition !== undefined && edition.version >= (wanted.version ?? 0n);
    if (!isHere || edition.lacking.length === 0) yield wanted;
  }
}

function keptSpans(spans: readonly ListedSpan[], kept: bigint): readonly ListedSpan[] {
  return spans
    .filter(({ before }) => before > kept)
    .map((span) => ({ ...span, from: span.from < kept ? kept : span.from }));
}

async function* wantedCalls(store: CallRecordStore, tenantId: string): AsyncGenerator<WantedCall> {
  for (let after: string | undefined; ;) {
    const wanted = await store.upstream.wanted(tenantId, after, chunk);
    yield* wanted;
    if (wanted.length < chunk) return;
    after = wanted.at(-1)?.callId;
  }
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

function lackingGap({ callId, startTicks, endTicks, lacking }: Edition, remembered: bigint): Gap {
  const from = startTicks === undefined ? null : formatTicks(startTicks);
  const to = endTicks === undefined ? from : formatTicks(endTicks);
  const kind = lacking.includes('record')
    ? 'recordMissing'
    : lacking.includes('participantPages') || lacking.includes('sessionPages')
      ? 'pagesMissing'
      : 'listMissing';
  return { from, to, kind, healable: startTicks === undefined || startTicks >= remembered, callId };
}
