/** Formats how a person took part in a call as the list of calls shows it. */
import { failureWords } from '../contract/failure.ts';
import { formatMs, formatTicks } from '../base/ticks.ts';
import type { ActivityCall, CallAttendance } from './activity.ts';
import { lengthOfSpans, wholeSeconds } from './spans.ts';

const mostShown = 3;

export function shownAttendance(part: CallAttendance): ActivityCall {
  const { call, certainty, side, outcome, spans, failures, verdict, companions } = part;
  const [first, last] = [spans?.[0]?.[0], spans?.at(-1)?.[1]];
  const shown = companions?.slice(0, mostShown);
  return {
    id: call.callId,
    startDateTime: formatTicks(call.startTicks),
    endDateTime: call.endTicks === undefined ? null : formatTicks(call.endTicks),
    type: call.type,
    participants: call.participants,
    callOutcome: call.outcome,
    ...{ certainty, side, outcome },
    joinedDateTime: first === undefined ? null : formatMs(first),
    leftDateTime: last === undefined ? null : formatMs(last),
    seconds: spans === null ? null : wholeSeconds(lengthOfSpans(spans)),
    failures: failures.map((failure) => ({ kind: failure.kind, words: failureWords(failure) })),
    verdict,
    with:
      shown?.map(({ person: { id, name, kind, affiliation } }) => ({ id, name, kind, affiliation })) ?? null,
    otherPeople:
      companions === undefined ? Math.max(0, call.participants - 1) : companions.length - shown!.length,
  };
}
