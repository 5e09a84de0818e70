/** Answers `GET /rollcall/statistics`: counts calls by day, by reason and by number of participants. */
import { type Outcome, outcomes } from '../../../contract/call-outcome.ts';
import { reasonKinds, reasonWords, unansweredKinds } from '../../../contract/failure.ts';
import { dayOf, sizeBuckets } from '../../../store/search.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import { parseSpan } from './parameters.ts';

const countedOutcomes: readonly Outcome[] = ['failed', ...unansweredKinds];

/** Beyond all days, before and after 1970. */
const everyDay = 2 ** 31;

/** Returns counts for each whole UTC day that the range touches, as JSON. */
export async function statisticsText(
  store: CallRecordStore,
  tenantId: string,
  query: string,
): Promise<string> {
  const { from, before } = parseSpan(query);
  const days = await store.search.days(
    tenantId,
    from === undefined ? -everyDay : dayOf(from),
    before === undefined ? everyDay : dayOf(before - 1n) + 1,
  );
  return JSON.stringify({
    days: days.map(({ day, calls, participants, outcomes: ended, poor }) => ({
      date: dateOf(day),
      ...{ calls, participants },
      ...Object.fromEntries(countedOutcomes.map((outcome) => [outcome, ended[outcomes.indexOf(outcome)]])),
      poor,
    })),
    reasons: reasonKinds.map((kind, i) => ({
      ...{ kind, words: reasonWords[kind] },
      calls: days.reduce((sum, { reasons }) => sum + reasons[i]!, 0),
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
