/** How long to wait before a worker that died is replaced: not at all, unless they die young one after another. */

/** One that lived so long did not die of its start. */
const oldMs = 10_000;
const firstMs = 100;
const longestMs = 10_000;
/** Workers that ended before they were ready, one after another, after which there is no use in another. */
const mostFailed = 5;

export class ReplacementBackOff {
  #young = 0;
  #failed = 0;

  /** A worker has become ready. */
  started(): void {
    this.#failed = 0;
  }

  /**
   * A worker died.
   *
   * @param wasReady Whether it ever was.
   * @returns Milliseconds to wait; `undefined` when no worker can start.
   */
  died(livedMs: number, wasReady: boolean): number | undefined {
    if (!wasReady && ++this.#failed >= mostFailed) return undefined;
    this.#young = livedMs >= oldMs ? 0 : this.#young + 1;
    // The first is replaced at once, whenever it died.
    return this.#young <= 1 ? 0 : Math.min(firstMs * 2 ** (this.#young - 2), longestMs);
  }
}
