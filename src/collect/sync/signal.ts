/** A reason of our own: the one that is made when none is given takes longer than a request's bookkeeping. */
const ended = 'ended';

/** Something happened: whoever waits for it looks again. Taken before looking, it cannot be missed in between. */
export class Signal {
  #next = new AbortController();

  get signal(): AbortSignal {
    return this.#next.signal;
  }

  notify(): void {
    const { signal } = this.#next;
    if (signal.aborted) return;
    const current = this.#next;
    this.#next = new AbortController();
    current.abort(ended);
  }
}

/** Resolves when the signal has come. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
