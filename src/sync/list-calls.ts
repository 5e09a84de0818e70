/**
 * The calls of a span of time, listed to its end.
 *
 * Pages go on by next link, or by a new question that begins where the last page ended: upstream counts the two apart,
 * and whichever may be asked sooner is. A new question is asked only while the pages come in the order of starts; it
 * begins with the last start again, so that no call with the same start is passed over. What lies before it is noted as
 * listed at once. Where the pages come in another order, a span is listed only once its last page is there.
 */
import type { Clock } from '../clock.ts';
import { type ListedCallId, readListedCalls } from '../ingest/listed-calls.ts';
import type { Sighting } from '../store/upstream.ts';
import type { Span } from './listing-plan.ts';
import { patiently } from './patience.ts';
import { understand } from './understand.ts';
import type { UpstreamClient } from './upstream-client.ts';

export interface ListCalls {
  readonly client: UpstreamClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told of each page, and of what part of the span is listed to its end with it. */
  readonly onPage: (sightings: readonly Sighting[], listed: Span | undefined) => Promise<void>;
}

const path = 'v1.0/communications/callRecords';

/** @throws UpstreamFailure; what was told of until then holds */
export async function listCalls(span: Span, { client, clock, signal, onPage }: ListCalls): Promise<void> {
  let from = span.from;
  for (;;) {
    const question = `${path}?$filter=startDateTime ge ${formatTicks(from)} and startDateTime lt ${formatTicks(span.before)}`;
    let link: string | undefined;
    let isOrdered = true;
    let last = from;
    for (;;) {
      const at = link;
      const { calls, nextLink } = await patiently(clock, signal, async () => {
        const body =
          at === undefined
            ? await client.get(encodeURI(question), { of: 'list', page: 'first' }, signal)
            : await client.follow(at, { of: 'list', page: 'later' }, signal);
        return understand(() => readListedCalls(body));
      });
      isOrdered &&= isInOrder(last, calls);
      last = calls.at(-1)?.startTicks ?? last;
      if (nextLink === undefined) {
        await onPage(calls, { from, before: span.before });
        return;
      }
      await onPage(calls, isOrdered && last > from ? { from, before: last } : undefined);
      if (isOrdered && last > from && isSooner(client)) break;
      link = nextLink;
    }
    from = last;
  }
}

/** True when a new question may be asked before a next link may be followed. */
function isSooner({ budget }: UpstreamClient): boolean {
  return budget.waitMs({ of: 'list', page: 'first' }) <= budget.waitMs({ of: 'list', page: 'later' });
}

function isInOrder(last: bigint, calls: readonly ListedCallId[]): boolean {
  return calls.every(({ startTicks }, i) => startTicks >= (calls[i - 1]?.startTicks ?? last));
}

/** An `Edm.DateTimeOffset` to the tick. */
export function formatTicks(ticks: bigint): string {
  const ms = ticks / 10_000n;
  const rest = ticks % 10_000n;
  const text = new Date(Number(ms)).toISOString();
  return rest === 0n ? text : `${text.slice(0, -1)}${String(rest).padStart(4, '0')}Z`;
}
