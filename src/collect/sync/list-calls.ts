/**
 * Lists the calls of a time span, part by part.
 *
 * The order of upstream's list is not documented, so a part counts as listed only when all its pages were read. A
 * killed sync restarts its part, so a part is as wide as about twenty pages need, estimated from the previous part
 * (docs/decisions/0040-lists-by-next-links.md).
 *
 * A part with unusable pages is listed again in halves, so that all calls around the odd one are listed. The smallest
 * failing part is lost, and the list continues after it.
 */
import { type ListedPage, readListedCalls } from '../ingest/listed-calls.ts';
import type { Span } from '../../store/spans.ts';
import { formatTicks } from '../../base/ticks.ts';
import { UpstreamFailure } from './failure.ts';
import { type PageSource, readPages } from './read-pages.ts';

interface ListCalls extends PageSource {
  /** Called with each page, and with the part of the span that it completes. */
  readonly onPage: (page: ListedPage, listed: Span | undefined) => Promise<void>;
  /** Called with each part of the span that was not listed completely, and the reason. */
  readonly onLost: (span: Span, failure: UpstreamFailure) => Promise<void>;
}

const path = 'v1.0/communications/callRecords';

const minute = 600_000_000n;
const hour = 60n * minute;
const day = 24n * hour;

/** Twenty pages (reference "List callRecords": 60 per page), for which Graph's limit allows 10 seconds. */
const manyCalls = 1200;
/** Maximum consecutive failing parts: 30 days are halved 16 times down to a minute. */
const failuresInARow = 24;
/**
 * Pages without a new call after which a part fails: when one part before it failed, and when several did. A list with
 * no end in any part costs little more than the 40 requests of Graph's limit.
 */
const emptyPagesAfterFailures = [undefined, 4, 2] as const;

/**
 * Lists the calls. @throws UpstreamFailure when upstream does not respond; what was reported until then remains valid
 */
export async function listCalls(span: Span, list: ListCalls): Promise<void> {
  let width = span.before - span.from;
  let widest = width;
  let failures = 0;
  for (let { from } = span; from < span.before;) {
    const before = from + width < span.before ? from + width : span.before;
    try {
      const calls = await listPart({ from, before }, list, failures);
      failures = 0;
      if (calls === undefined) {
        // Thirty days continue in parts of about a day, which are read completely.
        widest = (before - from) / 32n;
        if (widest < day) widest = day;
        width = hour;
        continue;
      }
      from = before;
      if (calls > manyCalls) width /= 2n;
      if (calls < manyCalls / 4) width *= 2n;
      if (width > widest) width = widest;
    } catch (error) {
      if (!(error instanceof UpstreamFailure) || !error.isOfContent) throw error;
      failures++;
      if (failures > failuresInARow) {
        await list.onLost({ from, before: span.before }, error);
        return;
      }
      width = (before - from) / 2n;
      if (before - from <= minute) {
        await list.onLost({ from, before }, error);
        from = before;
      }
    }
    if (width < minute) width = minute;
  }
}

/**
 * Lists one part.
 *
 * @param failures Consecutive failures before this part: after one, a response that is not JSON is not requested again.
 * @returns The number of its calls that started in it; `undefined` when it is too wide to be read completely.
 */
async function listPart(span: Span, list: ListCalls, failures: number): Promise<number | undefined> {
  const filter = `startDateTime ge ${formatTicks(span.from)} and startDateTime lt ${formatTicks(span.before)}`;
  const ids = new Set<string>();
  let inSpan = 0;
  const isRead = await readPages(list, {
    first: encodeURI(`${path}?$filter=${filter}`),
    request: { of: 'list' },
    read: readListedCalls,
    isRepeated: failures === 0,
    mostWithoutNew: emptyPagesAfterFailures[Math.min(failures, 2)],
    async onPage(page, isEnd) {
      const known = ids.size;
      for (const { callId, startTicks } of page.calls) {
        if (startTicks !== undefined && startTicks >= span.from && startTicks < span.before) inSpan++;
        ids.add(callId);
      }
      await list.onPage(page, isEnd ? span : undefined);
      if (inSpan > manyCalls && span.before - span.from > day) return 'enough';
      return ids.size > known;
    },
  });
  return isRead ? inSpan : undefined;
}
