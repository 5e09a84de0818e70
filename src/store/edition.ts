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
  /** Version as Graph counts them; 0 when what was received does not say. */
  readonly version: bigint;
  /** Changes whenever anything served of the call may change; safe inside an ETag. */
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
   * Inferred participants (`inferred-participants.ts`): those whom the sessions show and the received list lacks, or the
   * whole roll where no list was received; absent when there are none. A block list like the received one, which it follows.
   */
  readonly found: StoredList | undefined;
  /** `lastModifiedDateTime` in ticks; absent when what was received does not say. */
  readonly modifiedTicks: bigint | undefined;
  /** When the edition came in, by the store's clock; absent in what was stored before that was noted. */
  readonly receivedMs: number | undefined;
  /** What is known to be missing of the version, in a fixed order. */
  readonly lacking: readonly MissingPart[];
  /** What of it is not what the model says. */
  readonly odd: readonly Oddity[];
}

export interface StoredList {
  /** The edition that brought the list: later editions of the call may share it. A found list has the number negated. */
  readonly list: number;
  readonly count: number;
  /** False when what was received ended with a next link. */
  readonly complete: boolean;
  /** Pages that were followed to receive it; `undefined` where that is not known, as of an imported file. */
  readonly pages: number | undefined;
}

/**
 * Digest of an edition from the digests of its parts.
 *
 * @param participants Of the list received, else of the roll that was inferred in its place.
 */
export function editionDigest(head: string, participants: string | null, sessions: string | null): string {
  return hash('sha256', `${head}.${participants ?? ''}.${sessions ?? ''}`, 'base64url').slice(0, 16);
}
