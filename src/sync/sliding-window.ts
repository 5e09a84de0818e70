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
  readonly #own: Answers = { ms: [], first: 0 };
  /** What other processes sent that counts for the same limit, as last heard. */
  #othersUnderWay = 0;
  #others: Answers = { ms: [], first: 0 };

  constructor(limit: number, spanMs: number) {
    this.#limit = limit;
    this.#spanMs = spanMs;
  }

  /** How long until one more may be sent; infinite while only an answer can tell. */
  waitMs(nowMs: number): number {
    if (this.room(nowMs) > 0) return 0;
    const [own, others] = [this.#own, this.#others].map(({ ms, first }) => ms[first] ?? Infinity);
    const nextMs = Math.min(own!, others!);
    // A millisecond more than the span: both ends of a span count, and clocks are read in whole milliseconds.
    return nextMs + this.#spanMs + 1 - nowMs;
  }

  /** How many more may be sent; below 0 when others were heard of that sent meanwhile. */
  room(nowMs: number): number {
    this.#forget(nowMs);
    const own = this.#underWay + countOf(this.#own);
    return this.#limit - own - this.#othersUnderWay - countOf(this.#others);
  }

  /** True while what others have under way counts: when it ends only they can tell. */
  get waitsForOthers(): boolean {
    return this.#othersUnderWay > 0;
  }

  take(): void {
    this.#underWay++;
  }

  /** Takes back what was not sent after all. */
  untake(): void {
    this.#underWay--;
  }

  end(nowMs: number): void {
    this.#underWay--;
    this.#own.ms.push(nowMs);
  }

  /** Counts requests that may have been sent until now by another. */
  count(requests: number, nowMs: number): void {
    for (let i = 0; i < requests; i++) this.#own.ms.push(nowMs);
  }

  /** Own requests that count at present. */
  counted(nowMs: number): number {
    this.#forget(nowMs);
    return this.#underWay + countOf(this.#own);
  }

  isIdle(nowMs: number): boolean {
    return this.counted(nowMs) === 0;
  }

  /** What to remember across a restart and to tell others: requests under way, and those answered by time. */
  snapshot(nowMs: number): WindowSnapshot {
    this.#forget(nowMs);
    const step = Math.max(1, Math.ceil(this.#spanMs / 20));
    const counts = new Map<number, number>();
    for (let i = this.#own.first; i < this.#own.ms.length; i++) {
      // Rounded up: a request is rather remembered too long.
      const ms = Math.ceil(this.#own.ms[i]! / step) * step;
      counts.set(ms, (counts.get(ms) ?? 0) + 1);
    }
    return { underWay: this.#underWay, answered: [...counts] };
  }

  /** Counts requests of a process before this one: those under way then may have come in until now. */
  restore(snapshot: WindowSnapshot, nowMs: number): void {
    const { answered } = ended(snapshot, this.#limit, nowMs);
    Object.assign(this.#own, answersOf(answered, nowMs));
    this.#forget(nowMs);
  }

  /** Counts what other processes sent, in place of what was heard of them before. */
  hear({ underWay, answered }: WindowSnapshot, nowMs: number): void {
    this.#othersUnderWay = underWay;
    this.#others = answersOf(answered, nowMs);
    this.#forget(nowMs);
  }

  #forget(nowMs: number): void {
    for (const answers of [this.#own, this.#others]) {
      const { ms } = answers;
      while (answers.first < ms.length && ms[answers.first]! < nowMs - this.#spanMs) answers.first++;
      if (answers.first > 1024 && answers.first * 2 > ms.length) {
        answers.ms = ms.slice(answers.first);
        answers.first = 0;
      }
    }
  }
}

/** When requests were answered, oldest first; those before `first` count no more. */
interface Answers {
  ms: number[];
  first: number;
}

function countOf({ ms, first }: Answers): number {
  return ms.length - first;
}

/** None is later than now: a clock that was ahead would be believed for longer than a span. */
function answersOf(answered: WindowSnapshot['answered'], nowMs: number): Answers {
  const ms = answered.flatMap(([at, count]) => Array<number>(count).fill(Math.min(at, nowMs)));
  return { ms: ms.sort((a, b) => a - b), first: 0 };
}

export interface WindowSnapshot {
  readonly underWay: number;
  /** Pairs of a time and how many were answered then. */
  readonly answered: readonly (readonly [ms: number, count: number])[];
}

export const emptySnapshot: WindowSnapshot = { underWay: 0, answered: [] };

/** What one process left that is gone: those under way then may have come in until now. */
export function ended({ underWay, answered }: WindowSnapshot, limit: number, nowMs: number): WindowSnapshot {
  const count = Math.min(underWay, limit);
  return { underWay: 0, answered: count === 0 ? answered : [...answered, [nowMs, count]] };
}

/** What several processes sent. */
export function joined(snapshots: readonly WindowSnapshot[]): WindowSnapshot {
  return {
    underWay: snapshots.reduce((sum, { underWay }) => sum + underWay, 0),
    answered: snapshots.flatMap(({ answered }) => answered),
  };
}

/** Without what counts no more. */
export function recent({ underWay, answered }: WindowSnapshot, sinceMs: number): WindowSnapshot {
  return { underWay, answered: answered.filter(([ms]) => ms >= sinceMs) };
}

export function isEmpty({ underWay, answered }: WindowSnapshot): boolean {
  return underWay === 0 && answered.length === 0;
}
