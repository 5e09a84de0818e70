/**
 * A limit on requests in any span of time of a given length.
 *
 * Upstream counts a request when it comes in, some time between its being sent and its being answered. A request is
 * therefore counted from its sending until a span after its answer: then no span of upstream's holds more than allowed,
 * however long requests take on their way.
 */
export class SlidingWindow {
  readonly #limit: number;
  readonly #spanMs: number;
  #underWay = 0;
  /** When requests were answered, oldest first; those before `#first` count no more. */
  #answeredMs: number[] = [];
  #first = 0;

  constructor(limit: number, spanMs: number) {
    this.#limit = limit;
    this.#spanMs = spanMs;
  }

  /** How long until one more may be sent; infinite while only an answer can tell. */
  waitMs(nowMs: number): number {
    if (this.room(nowMs) > 0) return 0;
    const nextMs = this.#answeredMs[this.#first] ?? Infinity;
    // A millisecond more than the span: both ends of a span count, and clocks are read in whole milliseconds.
    return nextMs + this.#spanMs + 1 - nowMs;
  }

  /** How many more may be sent. */
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

  /** Counts requests that may have been sent until now by another. */
  count(requests: number, nowMs: number): void {
    for (let i = 0; i < requests; i++) this.#answeredMs.push(nowMs);
  }

  /** Requests that count at present. */
  counted(nowMs: number): number {
    this.#forget(nowMs);
    return this.#underWay + this.#answeredMs.length - this.#first;
  }

  /** What to remember across a restart: requests under way, and those answered by time. */
  snapshot(nowMs: number): WindowSnapshot {
    this.#forget(nowMs);
    const step = Math.max(1, Math.ceil(this.#spanMs / 20));
    const counts = new Map<number, number>();
    for (let i = this.#first; i < this.#answeredMs.length; i++) {
      // Rounded up: a request is rather remembered too long.
      const ms = Math.ceil(this.#answeredMs[i]! / step) * step;
      counts.set(ms, (counts.get(ms) ?? 0) + 1);
    }
    return { underWay: this.#underWay, answered: [...counts] };
  }

  /** Counts besides the requests of a process before this one: those under way then may have come in until now. */
  restore({ underWay, answered }: WindowSnapshot, nowMs: number): void {
    // None is later than now: a clock that was ahead would be believed for longer than a span.
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
  /** Pairs of a time and how many were answered then. */
  readonly answered: readonly (readonly [ms: number, count: number])[];
}
