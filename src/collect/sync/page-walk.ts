/**
 * Limits a walk along next links: each link is followed once, and the walk ends after a number of pages without a new
 * entry or a maximum number of pages. Upstream then cannot keep a sync busy forever.
 */
import { hash } from 'node:crypto';
import { maxEntries } from '../ingest/limits.ts';
import { UpstreamFailure } from './failure.ts';

/**
 * Consecutive pages without a new entry, empty or repeated. Graph allows 40 pages of a call in 20 seconds, so a walk
 * that ends this way has not waited for a limit.
 */
const emptyPagesInARow = 25;

/** Maximum pages for one call: enough for its entries at 20 per page. */
export const mostPagesOfCall = maxEntries / 20;

/** Maximum pages for one query of a list or log: about a million rows. */
export const mostPagesOfQuestion = 20_000;

export class PageWalk {
  readonly #mostPages: number;
  readonly #mostWithoutNew: number;
  /** Digests of the followed links, which may have any length. */
  readonly #followed = new Set<string>();
  /** Digests of the received lists. */
  readonly #received = new Set<string>();
  #withoutNew = 0;

  /** Starts a walk. @param mostWithoutNew Consecutive pages without a new entry after which it ends. */
  constructor(mostPages: number, mostWithoutNew = emptyPagesInARow) {
    this.#mostPages = mostPages;
    this.#mostWithoutNew = mostWithoutNew;
  }

  /**
   * Called with each page.
   *
   * @param list The text of its entries: a page whose text repeats an earlier one has no new entry.
   * @param hasNew True when it is known to have an entry that no earlier page had.
   */
  received(list: Buffer | undefined, hasNew: boolean): void {
    const digest = list && hash('sha256', list, 'base64url');
    const isNew = hasNew && digest !== undefined && !this.#received.has(digest);
    if (digest !== undefined) this.#received.add(digest);
    this.#withoutNew = isNew ? 0 : this.#withoutNew + 1;
  }

  /** Called before a link is followed. @throws UpstreamFailure `linkRepeated` or `pagesUnending` */
  follow(link: string): void {
    const key = hash('sha256', link, 'base64url');
    if (this.#followed.has(key)) throw new UpstreamFailure('linkRepeated');
    if (this.#withoutNew >= this.#mostWithoutNew)
      throw new UpstreamFailure('pagesUnending', {
        detail: `${this.#withoutNew} pages in a row without a new entry`,
      });
    if (this.#followed.size >= this.#mostPages)
      throw new UpstreamFailure('pagesUnending', { detail: `more than ${this.#mostPages} pages` });
    this.#followed.add(key);
  }
}
