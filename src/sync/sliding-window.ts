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
    this.#forget(nowMs);
    if (this.#underWay + this.#answered < this.#limit) return 0;
    const nextMs = this.#answeredMs[this.#first];
    // A millisecond more than the span: both ends of a span count, and clocks are read in whole milliseconds.
    return nextMs === undefined ? Number.POSITIVE_INFINITY : nextMs + this.#spanMs + 1 - nowMs;
  }

  take(): void {
    this.#underWay++;
  }

  end(nowMs: number): void {
    this.#underWay--;
    this.#answeredMs.push(nowMs);
  }

  isIdle(nowMs: number): boolean {
    this.#forget(nowMs);
    return this.#underWay === 0 && this.#answered === 0;
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

  /** Counts requests of a process before this one: those under way then may have come in until now. */
  restore({ underWay, answered }: WindowSnapshot, nowMs: number): void {
    const restored = answered.flatMap(([ms, count]) => Array<number>(count).fill(Math.min(ms, nowMs)));
    this.#answeredMs = [...restored, ...Array<number>(Math.min(underWay, this.#limit)).fill(nowMs)];
    this.#first = 0;
    this.#forget(nowMs);
  }

  get #answered(): number {
    return this.#answeredMs.length - this.#first;
  }

  #forget(nowMs: number): void {
    const oldestMs = nowMs - this.#spanMs;
    while (this.#first < this.#answeredMs.length && this.#answeredMs[this.#first]! < oldestMs) this.#first++;
    if (this.#first > 1024 && this.#first * 2 > this.#answeredMs.length) {
      this.#answeredMs = this.#answeredMs.slice(this.#first);
      this.#first = 0;
    }
  }
}

export interface WindowSnapshot {
  readonly underWay: number;
  /** Pairs of a time and how many were answered then. */
  readonly answered: readonly (readonly [ms: number, count: number])[];
}
