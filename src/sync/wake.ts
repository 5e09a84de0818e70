/** Something happened: whoever waits for it looks again. Taken before looking, it cannot be missed in between. */
export class Wake {
  #next = new AbortController();

  get signal(): AbortSignal {
    return this.#next.signal;
  }

  fire(): void {
    const { signal } = this.#next;
    if (signal.aborted) return;
    const current = this.#next;
    this.#next = new AbortController();
    current.abort();
  }
}

/** Resolves when one of the signals has come. */
export function either(...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const any = AbortSignal.any([...signals]);
    if (any.aborted) resolve();
    else any.addEventListener('abort', () => resolve(), { once: true });
  });
}
