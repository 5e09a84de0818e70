/** Computes the delay before a dead worker is replaced: none, unless several die shortly after their start. */

/** The age from which a worker's death does not count as a failed start. */
const oldMs = 10_000;
const firstMs = 100;
const longestMs = 10_000;
/** How many workers may die in a row before they are ready; after that the pool gives up. */
const mostFailed = 5;

export class ReplacementBackOff {
  #young = 0;
  #failed = 0;

  /** Called when a worker becomes ready. */
  started(): void {
    this.#failed = 0;
  }

  /** Called when a worker dies. @returns Milliseconds to wait; `undefined` when no worker can start. */
  died(livedMs: number, wasReady: boolean): number | undefined {
    if (!wasReady && ++this.#failed >= mostFailed) return undefined;
    this.#young = livedMs >= oldMs ? 0 : this.#young + 1;
    // The first is replaced at once, whatever its age.
    return this.#young <= 1 ? 0 : Math.min(firstMs * 2 ** (this.#young - 2), longestMs);
  }
}
