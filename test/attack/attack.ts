/** Defines an attack: many hostile inputs of one kind against a real server or store, counted, with every fault reported. */

export interface AttackOptions {
  /** Every random choice follows from it. */
  readonly seed: number;
  /** Inputs to try; fewer when the time is over first. */
  readonly count: number;
  /** Aborted when the time of this attack is over. */
  readonly signal: AbortSignal;
}

export interface Attack {
  readonly name: string;
  /** What must hold, in one sentence. */
  readonly promise: string;
  /** Inputs that a whole run tries. */
  readonly count: number;
  /** Minutes that a whole run may take; all attacks together stay below twenty. */
  readonly minutes: number;
  readonly run: (options: AttackOptions) => Promise<Findings>;
}

/** At most so many faults are kept with their text; all are counted. */
const keptFaults = 20;

/** Counts what happened and keeps the first faults. */
export class Findings {
  readonly counts: Record<string, number> = {};
  readonly faults: string[] = [];
  faultCount = 0;

  add(name: string, by = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + by;
  }

  /** @param text Names the input, so that one can try it alone; never a person's data: the records are made up. */
  fault(text: string): void {
    this.faultCount++;
    if (this.faults.length < keptFaults) this.faults.push(text);
  }

  get attempts(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }
}
