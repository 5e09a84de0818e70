/**
 * Records the spans of time that a sync requested and could not read completely, with the reason: in the list of calls
 * (`calls`), or in a log (`getPstnCalls`). A span is kept until it is listed, so that `verify` can say why an hour is
 * missing.
 */
import { gaps, joinNeighbours, type Span } from './spans.ts';
import type { CallRecordStore } from './store.ts';
import type { ListedSpan, FetchFailureReason } from './upstream.ts';

interface UnlistedSpan extends Span {
  readonly reason: FetchFailureReason;
  /** When it was requested. */
  readonly atMs: number;
  /** Digests of the pages that were set aside because of it. */
  readonly pieces: readonly string[];
}

/**
 * The newest spans are kept. Without the older ones a gap between listings is still reported, but without its reason.
 */
const mostSpans = 200;

type Upstream = Pick<CallRecordStore, 'upstream'>;

/**
 * Returns the recorded spans.
 *
 * @param what `calls`, or the name of a log.
 * @returns Spans in the order in which they were recorded.
 */
export async function unlistedSpans(
  { upstream }: Upstream,
  tenantId: string,
  what: string,
): Promise<readonly UnlistedSpan[]> {
  const text = await upstream.state(tenantId, `unlisted:${what}`);
  return text === undefined ? [] : parsed(text);
}

/**
 * Records what a listing could not read, and deletes what has been listed since.
 *
 * @returns Digests of the set-aside pages whose spans were read meanwhile.
 */
export async function noteUnlisted(
  store: Upstream,
  tenantId: string,
  what: string,
  unlisted: readonly UnlistedSpan[],
): Promise<readonly string[]> {
  const known = await unlistedSpans(store, tenantId, what);
  if (known.length === 0 && unlisted.length === 0) return [];
  const listed = await store.upstream.listed(tenantId, what);
  const remaining = known.flatMap((span) => stillUnlisted(span, listed, unlisted));
  const fresh = unlisted.flatMap((span) => stillUnlisted(span, listed, []));
  const kept = [...remaining, ...joined(fresh)].slice(-mostSpans);
  await store.upstream.setState(tenantId, `unlisted:${what}`, formatUnlisted(kept));
  const held = new Set(kept.flatMap(({ pieces }) => pieces));
  return known.flatMap(({ pieces }) => pieces).filter((piece) => !held.has(piece));
}

/** Returns the rest of a span after a later listing, and after a later record of the same time. */
function stillUnlisted(
  span: UnlistedSpan,
  listed: readonly ListedSpan[],
  noted: readonly UnlistedSpan[],
): readonly UnlistedSpan[] {
  const newer = listed.filter(({ listedMs }) => listedMs >= span.atMs);
  return gaps(span, [...newer, ...noted]).map((left) => ({ ...span, ...left }));
}

/** Joins neighbors that have the same reason. */
function joined(spans: readonly UnlistedSpan[]): UnlistedSpan[] {
  return joinNeighbours(
    spans,
    (earlier, later) => earlier.reason === later.reason,
    (earlier, later) => ({ ...earlier, pieces: [...new Set([...earlier.pieces, ...later.pieces])] }),
  );
}

function formatUnlisted(spans: readonly UnlistedSpan[]): string | undefined {
  if (spans.length === 0) return undefined;
  return JSON.stringify(spans, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

function parsed(text: string): UnlistedSpan[] {
  const spans = JSON.parse(text) as (Omit<UnlistedSpan, 'from' | 'before'> & {
    from: string;
    before: string;
  })[];
  return spans.map((span) => ({ ...span, from: BigInt(span.from), before: BigInt(span.before) })); // as `formatUnlisted` wrote it
}
