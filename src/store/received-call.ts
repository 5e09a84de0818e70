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
  /** True for a call of which only lists were received: its head has only the id. */
  readonly isFragment?: boolean;
  /** `startDateTime` in 100-nanosecond ticks since 1970. */
  readonly startTicks: bigint | undefined;
  /** `endDateTime` in the same unit. */
  readonly endTicks: bigint | undefined;
  /** `lastModifiedDateTime` in the same unit. */
  readonly modifiedTicks: bigint | undefined;
  /** The callRecord's own members and organizer_v2, as a block of one. */
  readonly head: Part<Block>;
  readonly participants: Part<ParticipantList> | undefined;
  readonly sessions: Part<SessionList> | undefined;
  /** The differences from the model, of the record and of each list. */
  readonly odd: readonly Oddity[];
  /** Text that could not be stored in its place; the call's transaction writes it to the quarantine. */
  readonly setAside: readonly SetAsidePiece[];
  /** The source of text that is set aside: `sync`, or `import FILE:LINE`. */
  readonly origin: string;
}

/** A part of a call, with the digest of its content, by which equal parts are recognized. */
export interface Part<T> {
  readonly digest: string;
  readonly value: T;
}

/** Facts of a received list that its digest does not cover. */
interface ListMarks {
  /** The differences from the model in its entries; also part of the call's `odd`. */
  readonly odd: readonly Oddity[];
  readonly setAside: readonly SetAsidePiece[];
}

export interface ParticipantList extends ListMarks {
  /** Blocks of `participantsPerBlock`; the last may be shorter. */
  readonly blocks: readonly Block[];
  /** The id of each participant, in order; `undefined` for one without an id. */
  readonly ids: readonly (string | undefined)[];
  /** CRC-32 of the text of each participant; computed from the blocks when absent. */
  readonly checks: readonly number[] | undefined;
  readonly complete: boolean;
  /** Pages that were followed, where known: kept as evidence, and not covered by the digest. */
  readonly pages: number | undefined;
}

export interface SessionList extends ListMarks {
  /** Blocks of `sessionsPerBlock` sessions without their segments. */
  readonly blocks: readonly Block[];
  /** For each block of sessions, their segments: an entity there is a JSON array. */
  readonly segments: readonly Block[];
  /** The id of each session, in order; `undefined` for one without an id. */
  readonly ids: readonly (string | undefined)[];
  readonly complete: boolean;
  /** Pages that were followed, as for participants. */
  readonly pages: number | undefined;
  /** The people whom the sessions name, each once. */
  readonly parties: readonly SessionParty[];
  /** Whether sessions failed or had poor quality; computed from the blocks when absent. */
  readonly health: Health | undefined;
}

/** The outcome of one received call. */
export type Added = 'added' | 'unchanged';
