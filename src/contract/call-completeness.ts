/** Types of a call's completeness, shared by the API and the page. */
import type { Oddity } from './oddities.ts';
import type { Standing } from './completeness-state.ts';

/** A part that an edition may lack. */
export type MissingPart =
  /** The callRecord itself: only pages of its lists were received. */
  | 'record'
  /** Pages after the last received one. */
  | 'participantPages'
  | 'sessionPages'
  | 'listMissing'
  /** The whole list of sessions, which an earlier version has. */
  | 'sessions';

export interface ListEvidence {
  readonly count: number;
  readonly complete: boolean;
  /** Pages that were followed; null where that is unknown, as for an imported file. */
  readonly pages: number | null;
}

export interface CallCompleteness extends Standing {
  readonly complete: boolean;
  readonly lacking: readonly MissingPart[];
  /** Null when none were received. */
  readonly participants: ListEvidence | null;
  readonly sessions: ListEvidence | null;
  /**
   * Number of inferred participants: those whom the sessions name and the list lacks, or all known people where no list
   * was received.
   */
  readonly foundParticipants: number;
  readonly odd: number;
  readonly oddities: readonly Oddity[];
  /** The pieces of the call that could not be stored in their place: `rollcall quarantine show ID` prints the text. */
  readonly quarantined: readonly { readonly id: string; readonly unit: string; readonly reason: string }[];
  readonly receivedDateTime: string | null;
}
