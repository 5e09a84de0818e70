/** What is known of how complete a call is: as the API says it, and the page shows it. */
import type { Oddity } from './oddities.ts';
import type { Standing } from './completeness-state.ts';

/** What an edition may lack. */
export type MissingPart =
  /** The callRecord itself: only pages of it were received. */
  | 'record'
  /** Pages after the last one received. */
  | 'participantPages'
  | 'sessionPages'
  /** The whole list of participants. */
  | 'listMissing'
  /** The whole list of sessions, although an earlier version shows that there is one. */
  | 'sessions';

export interface ListEvidence {
  readonly count: number;
  readonly complete: boolean;
  /** Pages followed; null where that is not known, as of an imported file. */
  readonly pages: number | null;
}

export interface CallCompleteness extends Standing {
  /** True when nothing is known to be missing. */
  readonly complete: boolean;
  readonly lacking: readonly MissingPart[];
  /** Null when none were received. */
  readonly participants: ListEvidence | null;
  readonly sessions: ListEvidence | null;
  /** Participants whom the sessions show and the list lacks; everybody who is known, where no list was received. */
  readonly foundParticipants: number;
  /** How much is odd: the sum of the counts of the oddities. */
  readonly odd: number;
  readonly oddities: readonly Oddity[];
  /** What of it could not be stored where it stood: `rollcall quarantine show ID` prints the text. */
  readonly quarantined: readonly { readonly id: string; readonly unit: string; readonly reason: string }[];
  readonly receivedDateTime: string | null;
}
