/**
 * The calls of a span of time, listed to its end.
 *
 * No document says in which order upstream lists, so a span counts as listed only when a question about it has been
 * answered to its last page. A span with more calls than a page goes on by next link, or is asked for anew in smaller
 * spans: upstream counts first and later pages apart, and whichever may be asked sooner is. How wide a span to ask for
 * is told by how many calls the last one had.
 */
import type { Clock } from '../clock.ts';
import { readListedCalls } from '../ingest/listed-calls.ts';
import type { Sighting } from '../store/upstream.ts';
import type { Span } from './listing-plan.ts';
import { requestRetry, withRetry } from './retry.ts';
import { understand } from './understand.ts';
import type { UpstreamClient } from './upstream-client.ts';

interface ListCalls {
  readonly client: UpstreamClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told of each page, and of what part of the span is listed to its end with it. */
  readonly onPage: (sightings: readonly Sighting[], listed: Span | undefined) => Promise<void>;
}

const path = 'v1.0/communications/callRecords';

/** Calls to ask for at once: some fewer than a page has (reference "List callRecords"), since they come unevenly. */
const wantedPerPage = 50n;
/** From one question to the next a span grows so many times at most. */
const growth = 4n;

/** @throws UpstreamFailure; what was told of until then holds */
export async function listCalls(span: Span, list: ListCalls): Promise<void> {
  let { from } = span;
  let width = span.before - from;
  while (from < span.before) {
    const before = from + width < span.before ? from + width : span.before;
    const { calls, narrower } = await listSpan({ from, before }, list);
    if (narrower !== undefined) width = narrower - from;
    else {
      const asked = before - from;
      const wide = calls === 0n ? asked * growth : (asked * wantedPerPage) / calls;
      width = wide < 1n ? 1n : wide > asked * growth ? asked * growth : wide;
      from = before;
    }
  }
}

/** What the pages of a span had up to here. */
interface Listed {
  count: bigint;
  /** Start of the last call. */
  last: bigint | undefined;
  isInOrder: boolean;
}

/** @returns How many calls there are, or where a span should end that is better asked for. */
async function listSpan(
  span: Span,
  { client, clock, signal, onPage }: ListCalls,
): Promise<{ readonly calls: bigint; readonly narrower: bigint | undefined }> {
  const question = `${path}?$filter=startDateTime ge ${formatTicks(span.from)} and startDateTime lt ${formatTicks(span.before)}`;
  const listed: Listed = { count: 0n, last: undefined, isInOrder: true };
  for (let link: string | undefined; ;) {
    const at = link;
    const ask = async () => {
      const body =
        at === undefined
          ? await client.get(encodeURI(question), { of: 'list', page: 'first' }, signal)
          : await client.follow(at, { of: 'list', page: 'later' }, signal);
      return understand(() => readListedCalls(body));
    };
    const { calls, nextLink } = await withRetry(ask, { clock, signal, ...requestRetry });
    for (const { startTicks } of calls) {
      listed.isInOrder &&= listed.last === undefined || startTicks >= listed.last;
      listed.last = startTicks;
      listed.count++;
    }
    await onPage(calls, nextLink === undefined ? span : undefined);
    if (nextLink === undefined) return { calls: listed.count, narrower: undefined };
    const narrower = narrowed(span, listed);
    if (narrower !== undefined && !isWorthFollowing(span, listed, client))
      return { calls: listed.count, narrower };
    link = nextLink;
  }
}

/** A span with fewer calls, of one tick at least; `undefined` when there is none. */
function narrowed({ from, before }: Span, { last, isInOrder }: Listed): bigint | undefined {
  if (before - from <= 1n) return undefined;
  // In the order of starts, all calls before the last are there, and asked for again they fit into a page.
  if (last !== undefined && isInOrder) {
    if (last <= from) return from + 1n;
    if (last < before) return last;
  }
  return from + ((before - from) / 4n || 1n);
}

/** True when a later page may be had no later than a first one, and the end is near as far as can be told. */
function isWorthFollowing(
  { from, before }: Span,
  { last = from, isInOrder }: Listed,
  { budget }: UpstreamClient,
): boolean {
  const isSooner =
    budget.waitMs({ of: 'list', page: 'later' }) <= budget.waitMs({ of: 'list', page: 'first' });
  return isSooner && (!isInOrder || (last - from) * 4n >= before - from);
}

/** An `Edm.DateTimeOffset` to the tick. */
export function formatTicks(ticks: bigint): string {
  const ms = ticks / 10_000n;
  const rest = ticks % 10_000n;
  const text = new Date(Number(ms)).toISOString();
  return rest === 0n ? text : `${text.slice(0, -1)}${String(rest).padStart(4, '0')}Z`;
}
