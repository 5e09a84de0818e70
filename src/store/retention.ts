/** Dropping what is not to be kept any longer: by time, a few calls at a time, while others read and write. */
import type { Awaitable } from '../base/awaitable.ts';

export interface RetentionWatermark {
  /** Calls that began before. */
  readonly calls: number;
  /** Rows of logs that are of times before. */
  readonly logRows: number;
}

export interface DroppedCalls {
  readonly calls: number;
  /** Ids of calls that stay: an edition of theirs is damaged or gone, so what belongs to them is not known. */
  readonly damaged: readonly string[];
}

export interface RetentionStore {
  /** What there is from before a time. */
  countBefore(tenantId: string, before: bigint): Awaitable<RetentionWatermark>;
  /**
   * Drops calls that began before a time, as their newest edition has it, the oldest first: every edition, every list
   * and every index of them. A call of which only pages were received is as old as they are. All of it or none.
   *
   * @param except Calls to pass over: those that were found damaged.
   * @returns No calls and none damaged when there are none left.
   */
  dropCalls(
    tenantId: string,
    before: bigint,
    limit: number,
    except?: ReadonlySet<string>,
  ): Awaitable<DroppedCalls>;
  /** Likewise rows of logs; a report, whose rows have no time, stays. */
  dropLogRows(tenantId: string, before: bigint, limit: number): Awaitable<number>;
  /**
   * Takes what was dropped out of the files as well, but for traces, a step of some milliseconds at a time.
   *
   * @returns False when there is nothing left to do, or when the engine does it by itself.
   */
  erase(): Awaitable<boolean>;
  /**
   * Rewrites the files without dropped data; other writers wait. Absent where the engine reclaims space by itself.
   *
   * @throws StoreError
   */
  vacuum?(): Awaitable<void>;
  /** Drops what was set aside before a time and is of no call that is stored; what is of one is dropped with it. */
  dropQuarantined(tenantId: string, before: bigint): Awaitable<number>;
  /** Forgets what upstream was seen to have from before a time. */
  forgetUpstream(tenantId: string, before: bigint): Awaitable<void>;
}
