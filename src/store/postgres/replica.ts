/** One replica: whether it may be read from, and how far it is. */
import type { ReplicaState } from '../store.ts';
import { Connection, type Value } from './connection.ts';
import type { Row } from '../rows.ts';
import { serverName } from './store-url.ts';
import type { StatementName } from './statements.ts';

/** A position of the primary's log, and when it was there. */
export interface Milestone {
  readonly ms: number;
  readonly position: bigint;
}

const notStandby = 'it is not a standby';

export class Replica {
  readonly server: string;
  readonly #connection: Connection;
  readonly #onChange: (state: ReplicaState) => void;
  #problem: string | undefined = 'it was not asked yet';
  #lagSeconds: number | undefined;
  #reads = 0;

  constructor(url: string, onChange: (state: ReplicaState) => void) {
    this.server = serverName(url);
    this.#connection = new Connection(url);
    this.#onChange = onChange;
  }

  get state(): ReplicaState {
    const { server } = this;
    return { server, problem: this.#problem, lagSeconds: this.#lagSeconds, reads: this.#reads };
  }

  get isUsed(): boolean {
    return this.#problem === undefined;
  }

  /** @returns `undefined` when it has not replayed the primary's log up to the position. @throws StoreError */
  async readAt(
    position: bigint,
    name: StatementName,
    values: readonly Value[],
  ): Promise<readonly Row[] | undefined> {
    const rows = await this.#connection.readAt(position, name, values);
    if (rows !== undefined) this.#reads++;
    return rows;
  }

  /**
   * Looks whether it may be used.
   *
   * @param milestones Of the primary, oldest first.
   */
  async look(milestones: readonly Milestone[], nowMs: number, longestLagSeconds: number): Promise<void> {
    let replayed: bigint;
    try {
      const answer = (await this.#connection.get('replicaState'))?.[0] ?? null;
      if (answer === null) {
        this.fail(notStandby);
        return;
      }
      replayed = answer as bigint;
    } catch (error) {
      this.fail(reasonOf(error));
      return;
    }
    const passed = milestones.findLast(({ position }) => position <= replayed);
    const first = milestones[0];
    const sinceMs = passed === milestones.at(-1) ? nowMs : (passed ?? first)?.ms;
    this.#lagSeconds = sinceMs === undefined ? 0 : Math.max(nowMs - sinceMs, 0) / 1000;
    if (this.#lagSeconds <= longestLagSeconds) this.#change(undefined);
    else this.#change(`it is more than ${longestLagSeconds} s behind`);
  }

  /** Leaves it out until the next look. */
  fail(problem: string): void {
    this.#lagSeconds = undefined;
    this.#change(problem);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #change(problem: string | undefined): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#onChange(this.state);
  }
}

/** What is said after the name of the server, which stands before it. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  return /does not answer as it should: (.*?)\.?$/.exec(message)?.[1] ?? 'an unexpected failure';
}
