/** Defines the contents of an imported value. */
import type { CallWithCounts, ListName } from './read-call.ts';
import type { ReadLogRow } from './read-log-row.ts';
import type { Refused } from './refused.ts';

/** A page of a call's list; its entries are read when all pages of the call have arrived. */
export interface ListPage {
  readonly kind: ListName;
  readonly callId: string;
  readonly entries: readonly Buffer[];
  /** False when the page had a next link, or is a single entry. */
  readonly last: boolean;
  readonly nextLink: string | undefined;
}

export type Received =
  | { readonly record: CallWithCounts }
  | { readonly page: ListPage }
  | { readonly logRow: ReadLogRow }
  | { readonly rejected: Refused };
