/** `GET /rollcall/statistics`: calls by day, and by how many took part. */
import { ownParameters } from '../../../query/odata/query-options.ts';
import { dayOf, sizeBuckets } from '../../../store/search.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import { timeOf } from './parameters.ts';

/** More days than there are on either side of 1970. */
const everyDay = 2 ** 31;

/** Days of UTC that the span touches, whole. */
export async function statisticsText(
  store: CallRecordStore,
  tenantId: string,
  query: string,
): Promise<string> {
  const parameters = ownParameters(query, ['from', 'to']);
  const from = timeOf('from', parameters.from);
  const to = timeOf('to', parameters.to);
  const days = await store.search.days(
    tenantId,
    from === undefined ? -everyDay : dayOf(from),
    to === undefined ? everyDay : dayOf(to - 1n) + 1,
  );
  return JSON.stringify({
    days: days.map(({ day, calls, participants, failed, poor }) => ({
      date: dateOf(day),
      calls,
      participants,
      failed,
      poor,
    })),
    participantsPerCall: sizeBuckets.map(([first, last], i) => ({
      from: first,
      to: last === Infinity ? null : last,
      calls: days.reduce((sum, { sizes }) => sum + sizes[i]!, 0),
    })),
  });
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, -14);
}
