/**
 * Limits the requests in any time span of a given length.
 *
 * Upstream counts a request when it arrives, between its sending and its response. A request is therefore counted from
 * its sending until one span after its response: then no span of upstream's exceeds the limit, however long requests
 * are in transit.
 */
export class SlidingWindow {
  readonly #limit: number;
  readonly #spanMs: number;
  #underWay = 0;
  /** Times of responses, oldest first; those before `#first` no longer count. */
  #answeredMs: number[] = [];
  #first = 0;

  constructor(limit: number, spanMs: number) {
    this.#limit = limit;
    this.#spanMs = spanMs;
  }

  /** Returns how long until another request may be sent; infinite while it depends on a response. */
  waitMs(nowMs: number): number {
    if (this.room(nowMs) > 0) return 0;
    const nextMs = this.#answeredMs[this.#first] ?? Infinity;
    // A millisecond longer than the span, because both ends count and clocks are read in whole milliseconds.
    return nextMs + this.#spanMs + 1 - nowMs;
  }

  /** Returns how many more requests may be sent. */
  room(nowMs: number): number {
    return this.#limit - this.counted(nowMs);
  }

  take(): void {
    this.#underWay++;
  }

  end(nowMs: number): void {
    this.#underWay--;
    this.#answeredMs.push(nowMs);
  }

  /** Counts requests that another process may have sent until now. */
  count(requests: number, nowMs: number): void {
    for (let i = 0; i < requests; i++) this.#answeredMs.push(nowMs);
  }

  /** Returns the requests that count at present. */
  counted(nowMs: number): number {
    this.#forget(nowMs);
    return this.#underWay + this.#answeredMs.length - this.#first;
  }

  /** Returns what to save for a restart: requests in flight, and responses by time. */
  snapshot(nowMs: number): WindowSnapshot {
    this.#forget(nowMs);
    const step = Math.max(1, Math.ceil(this.#spanMs / 20));
    const counts = new Map<number, number>();
    for (let i = this.#first; i < this.#answeredMs.length; i++) {
      // Rounded up, so that a request counts too long rather than too short.
      const ms = Math.ceil(this.#answeredMs[i]! / step) * step;
      counts.set(ms, (counts.get(ms) ?? 0) + 1);
    }
    return { underWay: this.#underWay, answered: [...counts] };
  }

  /** Adds the requests of an earlier process: those in flight may have arrived until now. */
  restore({ underWay, answered }: WindowSnapshot, nowMs: number): void {
    // Times are at most now: a clock that ran ahead would otherwise block requests for longer than a span.
    for (const [ms, count] of answered) this.count(count, Math.min(ms, nowMs));
    this.count(Math.min(underWay, this.#limit), nowMs);
    this.#answeredMs = this.#answeredMs.slice(this.#first).sort((a, b) => a - b);
    this.#first = 0;
  }

  #forget(nowMs: number): void {
    const answered = this.#answeredMs;
    while (this.#first < answered.length && answered[this.#first]! < nowMs - this.#spanMs) this.#first++;
    if (this.#first > 1024 && this.#first * 2 > answered.length) {
      this.#answeredMs = answered.slice(this.#first);
      this.#first = 0;
    }
  }
}

export interface WindowSnapshot {
  readonly underWay: number;
  /** Pairs of a time and the number of responses at that time. */
  readonly answered: readonly (readonly [ms: number, count: number])[];
}
