/** A call as the store receives it: parsed, checked and laid out in blocks. */
import type { Oddity } from '../contract/oddities.ts';
import type { Block } from '../wire/text/block.ts';
import type { Health } from '../wire/text/session-health.ts';
import type { SessionParty } from '../wire/text/session-parties.ts';
import type { SetAsidePiece } from './set-aside.ts';

/** Entities in a block of participants: the largest page of participants_v2. */
export const participantsPerBlock = 130;
/** Entities in a block of sessions: the largest page of sessions. */
export const sessionsPerBlock = 60;

/** One received call in stored form; parts that were not received are absent. */
export interface ReceivedCall {
  readonly callId: string;
  /** Absent where the received text has no version, as in a saved page. */
  readonly version: bigint | undefined;
  /** True of lists alone, without the call's own members: the head has only the id. */
  readonly isFragment?: boolean;
  /** `startDateTime` in 100-nanosecond ticks since 1970. */
  readonly startTicks: bigint | undefined;
  /** `endDateTime`, likewise. */
  readonly endTicks: bigint | undefined;
  /** `lastModifiedDateTime`, likewise. */
  readonly modifiedTicks: bigint | undefined;
  /** The callRecord's own members and organizer_v2, as a block of one. */
  readonly head: Part<Block>;
  readonly participants: Part<ParticipantList> | undefined;
  readonly sessions: Part<SessionList> | undefined;
  /** Where it differs from the model, of the record and of each list. */
  readonly odd: readonly Oddity[];
  /** Text that could not be stored in its place: kept in the quarantine, in the transaction of the call. */
  readonly setAside: readonly SetAsidePiece[];
  /** The source of text that is set aside: `sync`, or `import FILE:LINE`. */
  readonly origin: string;
}

/** A part of a call and the digest of everything in it, by which an equal part is recognized. */
export interface Part<T> {
  readonly digest: string;
  readonly value: T;
}

/** Facts of a received list that are no part of its digest. */
interface ListMarks {
  /** Where its entries differ from the model; the call has it too. */
  readonly odd: readonly Oddity[];
  readonly setAside: readonly SetAsidePiece[];
}

export interface ParticipantList extends ListMarks {
  /** Blocks of `participantsPerBlock`, the last may be shorter. */
  readonly blocks: readonly Block[];
  /** The id of each participant, in order; `undefined` of one without an id. */
  readonly ids: readonly (string | undefined)[];
  /** CRC-32 of the text of each; computed from the blocks when absent. */
  readonly checks: readonly number[] | undefined;
  readonly complete: boolean;
  /** Pages followed, where known: evidence beside the list, and no part of its digest. */
  readonly pages: number | undefined;
}

export interface SessionList extends ListMarks {
  /** Blocks of `sessionsPerBlock` sessions without their segments. */
  readonly blocks: readonly Block[];
  /** Beside each block of sessions, the segments of each: an entity there is a JSON array. */
  readonly segments: readonly Block[];
  /** The id of each session, likewise. */
  readonly ids: readonly (string | undefined)[];
  readonly complete: boolean;
  /** As of participants. */
  readonly pages: number | undefined;
  /** The people that the sessions name, each once. */
  readonly parties: readonly SessionParty[];
  /** Whether they failed or had poor quality; computed from the blocks when absent. */
  readonly health: Health | undefined;
}

/** The outcome of one received call. */
export type Added = 'added' | 'unchanged';
