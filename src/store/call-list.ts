/** Types of a list of calls: the query, a position and a page. */
import type { Block } from '../wire/text/block.ts';

/** A position in the list of calls: the last call returned. */
export interface CallPosition {
  readonly startTicks: bigint;
  readonly call: number;
}

/** Selects the calls of a tenant that started in a span, in the order of their starts. */
export interface CallsQuery {
  /** First tick. */
  readonly from: bigint;
  /** First tick after the span. */
  readonly before: bigint;
  /** Returns only calls that list this participant. */
  readonly participantId: string | undefined;
  /** Also returns calls that have the participant among the inferred ones. */
  readonly withFound: boolean;
  /** Leaves out calls that ended after this tick. */
  readonly endedBy: bigint | undefined;
  /** Lists each call in the edition that `editionAsOf` returns for this tick; in its newest when absent. */
  readonly at: bigint | undefined;
}

/** A call in a list. */
export interface ListedCall extends CallPosition {
  readonly callId: string;
  readonly head: Block;
}

/** A page of the list of calls as text. */
export interface CallsText {
  readonly text: Uint8Array;
  /** The last call of the page, where more follow. */
  readonly last: CallPosition | undefined;
}
