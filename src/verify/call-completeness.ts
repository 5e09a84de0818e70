/** What is known of how complete a call is, in its newest edition. */
import type { Edition, Lack, StoredList } from '../store/store.ts';
import { formatTicks } from '../text/ticks.ts';

export interface ListEvidence {
  readonly count: number;
  readonly complete: boolean;
  /** Pages followed; null where that is not known, as of an imported file. */
  readonly pages: number | null;
}

export interface CallCompleteness {
  /** True when nothing is known to be missing. */
  readonly complete: boolean;
  readonly lacking: readonly Lack[];
  /** Null when none were received. */
  readonly participants: ListEvidence | null;
  readonly sessions: ListEvidence | null;
  /** Participants whom the sessions show and the list lacks. */
  readonly foundParticipants: number;
  readonly receivedDateTime: string | null;
}

export function callCompleteness({
  lacking,
  participants,
  sessions,
  found,
  receivedMs,
}: Edition): CallCompleteness {
  return {
    complete: lacking.length === 0,
    lacking,
    participants: evidenceOf(participants),
    sessions: evidenceOf(sessions),
    foundParticipants: found?.count ?? 0,
    receivedDateTime: receivedMs === undefined ? null : formatTicks(BigInt(receivedMs) * 10_000n),
  };
}

function evidenceOf(list: StoredList | undefined): ListEvidence | null {
  return list === undefined
    ? null
    : { count: list.count, complete: list.complete, pages: list.pages ?? null };
}
