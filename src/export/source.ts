/** What is exported, page by page, each with the place to go on from after it. */

export interface ExportPage<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins: text that `pages` takes. */
  readonly after: string;
}

export interface ExportSource<Item> {
  pages(after: string | undefined): AsyncIterable<ExportPage<Item>>;
}
