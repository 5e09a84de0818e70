/** What a value holds that people have. */
import type { CallWithCounts, ListName } from './read-call.ts';
import type { ReadLogRow } from './read-log-row.ts';
import type { Refused } from './refused.ts';

/** A page of one call's list; its entries are read when all pages of the call are together. */
export interface ListPage {
  readonly kind: ListName;
  readonly callId: string;
  /** Text of each entry. */
  readonly entries: readonly Buffer[];
  /** False when the page had a next link, or is one entry alone. */
  readonly last: boolean;
  /** Where the list goes on. */
  readonly nextLink: string | undefined;
  /** True of an entry that was read by its key: it says nothing of the list but that it is in it. */
  readonly isEntry: boolean;
}

export type Received =
  | { readonly record: CallWithCounts }
  | { readonly page: ListPage }
  | { readonly logRow: ReadLogRow }
  | { readonly rejected: Refused };
