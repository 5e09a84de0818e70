/**
 * Bounds a walk along next links: a link is followed once, a run of pages without a new entry ends, and so does a walk
 * with more pages than anything has. What upstream sends then cannot keep a sync busy for ever.
 */
import { hash } from 'node:crypto';
import { maxEntries } from '../ingest/limits.ts';
import { UpstreamFailure } from './failure.ts';

/**
 * Pages in a row without a new entry: empty ones, and ones whose entries were all received before. Graph allows 40 pages
 * of a call in 20 seconds, so a walk that ends this way has waited for no limit.
 */
const emptyPagesInARow = 25;

/** Pages of everything that belongs to one call: as many as its entries fill when a page holds but 20. */
export const mostPagesOfCall = maxEntries / 20;

/** Pages of one question to a list or to a log: about a million rows. */
export const mostPagesOfQuestion = 20_000;

export class PageWalk {
  readonly #mostPages: number;
  readonly #mostWithoutNew: number;
  /** Digests of the links that were followed: a link may be of any length. */
  readonly #followed = new Set<string>();
  /** Digests of the lists of the pages. */
  readonly #received = new Set<string>();
  #withoutNew = 0;

  /** @param mostWithoutNew Pages in a row without a new entry after which it ends. */
  constructor(mostPages: number, mostWithoutNew = emptyPagesInARow) {
    this.#mostPages = mostPages;
    this.#mostWithoutNew = mostWithoutNew;
  }

  /**
   * Called with each page.
   *
   * @param list The text of its entries: a page that repeats one before it to the letter holds nothing new.
   * @param hasNew Whether it is known to hold an entry that no page before it held.
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
