/** What is exported, page by page, each with the place to go on from after it. */

export interface ExportPage<Item> {
  readonly items: readonly Item[];
  /** What is damaged and therefore not among the items: calls by their ids, rows of a log by nothing. */
  readonly damaged?: readonly (string | undefined)[];
  /** Where the next page begins: text that `pages` takes. */
  readonly after: string;
}

export interface ExportSource<Item> {
  pages(after: string | undefined): AsyncIterable<ExportPage<Item>>;
}
