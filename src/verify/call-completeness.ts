/** What is known of how complete a call is, in its newest edition. */
import type { CallCompleteness, ListEvidence } from '../model/call-completeness.ts';
import { oddCount } from '../model/oddities.ts';
import type { Edition, StoredList } from '../store/store.ts';
import { formatTicks } from '../text/ticks.ts';

export function callCompleteness({
  lacking,
  participants,
  sessions,
  found,
  receivedMs,
  odd,
}: Edition): CallCompleteness {
  return {
    complete: lacking.length === 0,
    lacking,
    participants: evidenceOf(participants),
    sessions: evidenceOf(sessions),
    foundParticipants: found?.count ?? 0,
    odd: oddCount(odd),
    oddities: odd,
    receivedDateTime: receivedMs === undefined ? null : formatTicks(BigInt(receivedMs) * 10_000n),
  };
}

function evidenceOf(list: StoredList | undefined): ListEvidence | null {
  return list === undefined
    ? null
    : { count: list.count, complete: list.complete, pages: list.pages ?? null };
}
