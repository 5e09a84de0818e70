/**
 * An edition: one immutable state of a call, as the store numbers it. `store.ts` says when one is written.
 */
import { hash } from 'node:crypto';
import type { MissingPart } from '../contract/call-completeness.ts';
import type { Oddity } from '../contract/oddities.ts';

/** One immutable state of a call. */
export interface Edition {
  readonly tenantId: string;
  readonly callId: string;
  /** Number of the edition, unique within the tenant and growing. */
  readonly edition: number;
  /** Version as Graph counts them; 0 where the received text has none. */
  readonly version: bigint;
  /** Changes whenever any response about the call may change; safe inside an ETag. */
  readonly digest: string;
  /** Number of the call, unique within the tenant: that of its first edition. */
  readonly call: number;
  /** `startDateTime` in ticks; absent while the callRecord itself was not received. */
  readonly startTicks: bigint | undefined;
  /** `endDateTime` in ticks. */
  readonly endTicks: bigint | undefined;
  /** Absent when no participants were received. */
  readonly participants: StoredList | undefined;
  /** Absent when no sessions were received. */
  readonly sessions: StoredList | undefined;
  /**
   * Inferred participants (`inferred-participants.ts`): those that the sessions name and the received list lacks, or all
   * of them where no list was received; absent when there are none. A block list like the received one, which it follows.
   */
  readonly found: StoredList | undefined;
  /** `lastModifiedDateTime` in ticks; absent where the received text has none. */
  readonly modifiedTicks: bigint | undefined;
  /** When the edition was received, by the store's clock; absent in editions of releases that did not record it. */
  readonly receivedMs: number | undefined;
  /** The missing parts of the version, in a fixed order. */
  readonly lacking: readonly MissingPart[];
  /** The differences between the received call and the model. */
  readonly odd: readonly Oddity[];
}

export interface StoredList {
  /**
   * Number of the edition that brought the list; later editions of the call may share it. An inferred list has the
   * number negated.
   */
  readonly list: number;
  readonly count: number;
  /** False when the last received page ended with a next link. */
  readonly complete: boolean;
  /** Pages that were followed to receive it; `undefined` where that is unknown, as for an imported file. */
  readonly pages: number | undefined;
}

/**
 * Returns the digest of an edition, computed from the digests of its parts.
 *
 * @param participants Digest of the received list, or of the list that was inferred in its place.
 */
export function editionDigest(head: string, participants: string | null, sessions: string | null): string {
  return hash('sha256', `${head}.${participants ?? ''}.${sessions ?? ''}`, 'base64url').slice(0, 16);
}
