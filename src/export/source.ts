/** Defines the pages of an export, each with the position to resume from after it. */

export interface ExportPage<Item> {
  readonly items: readonly Item[];
  /** Damaged items that the page omits: calls by id, log rows as `undefined`. */
  readonly damaged?: readonly (string | undefined)[];
  /** The position of the next page: text that `pages` accepts. */
  readonly after: string;
}

/** Reads the pages after a position; all when absent. */
export type ExportPages<Item> = (after: string | undefined) => AsyncIterable<ExportPage<Item>>;
