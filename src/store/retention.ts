/** Drops data that is older than its retention, a few calls at a time, while others read and write. */
import type { Awaitable } from '../base/awaitable.ts';

export interface RetentionWatermark {
  /** Calls that started before the time. */
  readonly calls: number;
  /** Log rows with a time before it. */
  readonly logRows: number;
}

export interface DroppedCalls {
  readonly calls: number;
  /**
   * Ids of calls that stay: an edition of theirs is damaged or missing, so the rows that belong to them are unknown.
   */
  readonly damaged: readonly string[];
}

export interface RetentionStore {
  /** Counts the data from before a time. */
  countBefore(tenantId: string, before: bigint): Awaitable<RetentionWatermark>;
  /**
   * Drops the oldest calls that started before a time by their newest edition: all editions, lists and index entries.
   * All of it happens in one transaction. A call of which only pages were received is as old as they are.
   *
   * @param except Calls to skip: those that were found damaged.
   * @returns No calls and no damaged ones when none are left.
   */
  dropCalls(
    tenantId: string,
    before: bigint,
    limit: number,
    except?: ReadonlySet<string>,
  ): Awaitable<DroppedCalls>;
  /** Drops log rows in the same way; rows of a report, which have no time, stay. */
  dropLogRows(tenantId: string, before: bigint, limit: number): Awaitable<number>;
  /**
   * Removes dropped data from the files, except for traces, in steps of a few milliseconds.
   *
   * @returns False when nothing is left to do, or when the engine does it by itself.
   */
  erase(): Awaitable<boolean>;
  /**
   * Rewrites the files without dropped data; other writers wait. Absent where the engine reclaims space by itself.
   *
   * @throws StoreError
   */
  vacuum?(): Awaitable<void>;
  /**
   * Deletes quarantined text from before a time that belongs to no stored call; text of a stored call is dropped with
   * the call.
   */
  dropQuarantined(tenantId: string, before: bigint): Awaitable<number>;
  /** Deletes the fetch queue's entries and listed spans from before a time. */
  forgetUpstream(tenantId: string, before: bigint): Awaitable<void>;
}
