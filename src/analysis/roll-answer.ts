/** Declares the roll of a call as the server sends it and the page reads it. */
import type { CallCompleteness } from '../contract/call-completeness.ts';
import type { EndedSession, RollPerson } from './roll.ts';

/** A roll as `/rollcall/calls/{id}/roll` returns it. Null stands for what was not received. */
export interface RollAnswer {
  readonly callId: string;
  readonly version: number;
  readonly homeTenantId: string;
  /** What was received of this state of the call, and whether it was verified. */
  readonly completeness: RollCompleteness;
  /** Null when no list of participants was received and no one is inferred. */
  readonly people: readonly RollPerson[] | null;
  readonly sessionCount: number | null;
  readonly endedSessionCount: number | null;
  /** The first of these sessions, at most 200, in the order of the record. */
  readonly endedSessions: readonly EndedSession[] | null;
}

/** What a roll repeats of the completeness of its call. */
export const rollCompleteness = [
  ...(['state', 'reason', 'sinceDateTime', 'complete', 'lacking'] as const),
  ...(['participants', 'sessions', 'foundParticipants'] as const),
] as const;
type RollCompleteness = Pick<CallCompleteness, (typeof rollCompleteness)[number]>;
