/** A fixed abort reason: creating the default one takes longer than a request's bookkeeping. */
const ended = 'ended';

/** Wakes waiting tasks. A task that takes the signal before it checks its condition cannot miss an event in between. */
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

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
