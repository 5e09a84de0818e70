/**
 * The calls of a span of time, listed to its end.
 *
 * No document says in which order upstream lists, so a span counts as listed only when a question about it has been
 * answered to its last page. A span with more calls than a page goes on by next link, or is asked for anew in smaller
 * spans: upstream counts first and later pages apart, and whichever may be asked sooner is. How wide a span to ask for
 * follows from how many calls the last one had.
 *
 * A question whose answer cannot be used is asked again for smaller spans, so that the calls around the odd one are
 * listed; the smallest span that still fails is lost, and the list goes on after it.
 */
import { type ListedPage, readListedCalls } from '../ingest/listed-calls.ts';
import { askPage, type PageSource } from './ask-page.ts';
import { UpstreamFailure } from './failure.ts';
import type { Span } from '../store/spans.ts';
import type { WantReason } from '../store/upstream.ts';
import { mostPagesOfQuestion, PageWalk } from './page-walk.ts';
import type { UpstreamClient } from './upstream-client.ts';

interface ListCalls extends PageSource {
  /** Called with each page, and with the part of the span that is listed to its end with it. */
  readonly onPage: (page: ListedPage, listed: Span | undefined) => Promise<void>;
  /** Called with each part of the span that was not listed to its end, and why. */
  readonly onLost: (span: Span, failure: UpstreamFailure) => Promise<void>;
}

const path = 'v1.0/communications/callRecords';

/** Calls to ask for at once: some fewer than a page has (reference "List callRecords"), since they come unevenly. */
const wantedPerPage = 50n;
/** From one question to the next a span grows so many times at most. */
const growth = 4n;
/** A page with fewer calls is not full: a smaller span would not have fewer of them on its first page. */
const fullPage = 30;
/** A span that fails is not asked for in smaller ones than this: one minute. */
const smallestSpan = 600_000_000n;
/** So many questions may fail in a row: 30 days are halved 16 times until a minute is left. */
const failuresInARow = 24;
/** A walk that does not end seldom ends in a smaller span: one is asked for in a half, and in a quarter when links go in a circle. */
const partsOfWalk = new Map<WantReason, bigint>([
  ['linkRepeated', 4n],
  ['pagesUnending', 2n],
]);
/** Graph allows 55 later pages of the list in 5 minutes: the walks of a span and of its halves end within that. */
const emptyPagesOfPart = 10;

/** @throws UpstreamFailure when upstream does not answer; what was reported until then holds */
export async function listCalls(span: Span, list: ListCalls): Promise<void> {
  let { from } = span;
  let width = span.before - from;
  let failures = 0;
  /** No span is asked for in parts that is not wider. */
  let smallest = smallestSpan;
  let isPart = false;
  while (from < span.before) {
    const before = from + width < span.before ? from + width : span.before;
    const asked = before - from;
    try {
      const { calls, narrower } = await listSpan({ from, before }, list, {
        isRepeated: failures === 0,
        isPart,
      });
      failures = 0;
      if (narrower !== undefined) {
        width = narrower - from;
        continue;
      }
      const wide = calls === 0n ? asked * growth : (asked * wantedPerPage) / calls;
      width = wide < 1n ? 1n : wide > asked * growth ? asked * growth : wide;
      from = before;
    } catch (error) {
      if (!(error instanceof UpstreamFailure) || !error.isOfContent) throw error;
      failures++;
      if (failures > failuresInARow) {
        await list.onLost({ from, before: span.before }, error);
        return;
      }
      const parts = partsOfWalk.get(error.reason);
      if (parts !== undefined && !isPart) {
        isPart = true;
        if (asked / parts > smallestSpan) smallest = asked / parts;
      }
      if (asked > smallest) width = asked / 2n;
      else {
        await list.onLost({ from, before }, error);
        from = before;
      }
    }
  }
}

/** What the pages of a span had up to here. */
interface Listed {
  /** Calls that are known to have begun in the span: how wide to ask follows from those alone. */
  count: bigint;
  /** Start of the last call that says it. */
  last: bigint | undefined;
  isInOrder: boolean;
  /** Ids met on any page. */
  readonly ids: Set<string>;
}

interface SpanQuestion {
  /** Whether a response that is not JSON is asked for again at once. */
  readonly isRepeated: boolean;
  /** Whether the walk of a larger span did not end. */
  readonly isPart: boolean;
}

/**
 * @returns How many calls there are, or where a span should end that is better asked for. */
async function listSpan(
  span: Span,
  list: ListCalls,
  { isRepeated, isPart }: SpanQuestion,
): Promise<{ readonly calls: bigint; readonly narrower: bigint | undefined }> {
  const filter = `startDateTime ge ${formatTicks(span.from)} and startDateTime lt ${formatTicks(span.before)}`;
  const first = encodeURI(`${path}?$filter=${filter}`);
  const listed: Listed = { count: 0n, last: undefined, isInOrder: true, ids: new Set() };
  const walk = new PageWalk(mostPagesOfQuestion, isPart ? emptyPagesOfPart : undefined);
  /** A page without a list: what it was to hold is missing. */
  let unlisted: UpstreamFailure | undefined;
  for (let link: string | undefined; ;) {
    const request = (page: 'first' | 'later') => ({ of: 'list', page }) as const;
    const { body, page } = await askPage(list, { first, link, request, read: readListedCalls, isRepeated });
    const { nextLink } = page;
    if (!page.isList)
      unlisted ??= new UpstreamFailure('notUnderstood', { detail: 'a page without a list of values', body });
    // It says that there is more, and not where.
    if (page.isOdd)
      unlisted ??= new UpstreamFailure('notUnderstood', { detail: 'a next link that is no text', body });
    const before = listed.ids.size;
    const inSpan = add(page, span, listed);
    walk.received(body, listed.ids.size > before);
    await list.onPage(page, nextLink === undefined && unlisted === undefined ? span : undefined);
    if (nextLink === undefined) {
      if (unlisted !== undefined) throw unlisted;
      return { calls: listed.count, narrower: undefined };
    }
    const narrower = inSpan < fullPage ? undefined : narrowed(span, listed);
    if (narrower !== undefined && !isWorthFollowing(span, listed, list.client))
      return { calls: listed.count, narrower };
    walk.follow(nextLink);
    link = nextLink;
  }
}

/** @returns How many calls of the page are known to have begun in the span. */
function add({ calls }: ListedPage, { from, before }: Span, listed: Listed): number {
  let inSpan = 0;
  for (const { callId, startTicks } of calls) {
    listed.ids.add(callId);
    if (startTicks === undefined) continue;
    listed.isInOrder &&= listed.last === undefined || startTicks >= listed.last;
    listed.last = startTicks;
    if (startTicks >= from && startTicks < before) inSpan++;
  }
  listed.count += BigInt(inSpan);
  return inSpan;
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
