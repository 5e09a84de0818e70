/** Probes one replica: whether reads may use it, and how far it lags behind. */
import type { ReplicaState } from '../store.ts';
import { Connection } from './connection.ts';
import type { Value } from './dialect.ts';
import { HostChoice } from './host-choice.ts';
import { type PrimaryState, HostProbe, type HostState, refuseOtherHistory } from './host-state.ts';
import type { Row } from '../rows.ts';
import type { StoreError } from '../store-errors.ts';
import { replicaConnectMs, replicaLimits, StatementError, storeErrorOf } from './server.ts';
import { serverName } from './store-url.ts';
import type { StatementName } from './statements.ts';

/** A position in the primary's log, and when the primary reached it. */
export interface Milestone {
  readonly ms: number;
  readonly position: bigint;
}

const notStandby = 'it is not a standby';
const unchecked =
  'Rollcall cannot check that it is a replica of the store: the servers do not report their identity (pg_control_system).';
const checkedLate =
  'Its timeline is known as of its last checkpoint only. GRANT pg_read_all_stats to the user, so that Rollcall can read the current one.';
/** Time limit of a probe. */
const probeLimitMs = 1000;

export class Replica {
  readonly server: string;
  readonly #connection: Connection;
  readonly #onChange: (state: ReplicaState) => void;
  #problem: string | undefined = 'it was not checked yet';
  #unchecked: string | undefined;
  #lagSeconds: number | undefined;
  #reads = 0;
  readonly #probe = new HostProbe();

  constructor(url: string, onChange: (state: ReplicaState) => void) {
    this.server = serverName(url);
    const hosts = new HostChoice(url, replicaLimits);
    this.#connection = new Connection(url, { hosts, waitMs: replicaConnectMs });
    this.#onChange = onChange;
  }

  get state(): ReplicaState {
    return {
      server: this.server,
      problem: this.#problem,
      unchecked: this.#unchecked,
      lagSeconds: this.#lagSeconds,
      reads: this.#reads,
    };
  }

  get isUsed(): boolean {
    return this.#problem === undefined;
  }

  /**
   * Reads from the replica.
   *
   * @returns `undefined` when it has not replayed the primary's log as far, or cannot answer now.
   * @throws StoreError
   */
  async readAt(
    primary: PrimaryState,
    name: StatementName,
    values: readonly Value[],
  ): Promise<readonly Row[] | undefined> {
    try {
      const rows = await this.#connection.readAt(primary, name, values);
      if (rows !== undefined) this.#reads++;
      return rows;
    } catch (error) {
      // A conflict with replay, or a moment without a free connection, is temporary.
      if (error instanceof StatementError) return undefined;
      throw error;
    }
  }

  /**
   * Decides on a separate connection whether the replica is used.
   *
   * @param milestones Positions of the primary, oldest first.
   */
  async probe(
    primary: PrimaryState,
    milestones: readonly Milestone[],
    nowMs: number,
    longestLagSeconds: number,
  ): Promise<void> {
    let state: HostState;
    try {
      const { url } = await this.#connection.hosts.current();
      state = await this.#probe.state(url, probeLimitMs);
      if (state.isStandby) refuseOtherHistory(state.identity, primary.identity);
    } catch (error) {
      this.fail(replicaReason(storeErrorOf(error, this.server)));
      return;
    }
    const { replayed, identity } = state;
    if (replayed === undefined) {
      this.fail(notStandby);
      return;
    }
    const isKnown = identity !== undefined && primary.identity !== undefined;
    this.#unchecked = isKnown ? (identity.isCurrent ? undefined : checkedLate) : unchecked;
    const passed = milestones.findLast(({ position }) => position <= replayed);
    const first = milestones[0];
    const sinceMs = passed === milestones.at(-1) ? nowMs : (passed ?? first)?.ms;
    this.#lagSeconds = sinceMs === undefined ? 0 : Math.max(nowMs - sinceMs, 0) / 1000;
    if (this.#lagSeconds <= longestLagSeconds) this.#change(undefined);
    else this.#change(`it is more than ${longestLagSeconds} s behind`);
  }

  /** Stops using the replica until a probe succeeds. */
  fail(problem: string): void {
    this.#lagSeconds = undefined;
    this.#change(problem);
  }

  close(): Promise<void> {
    this.#probe.close();
    return this.#connection.close();
  }

  #change(problem: string | undefined): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#onChange(this.state);
  }
}

/** Returns why a replica is not used, to be shown inside a sentence. */
export function replicaReason({ reason }: StoreError): string {
  return reason?.replace(/\.$/, '') ?? 'an unexpected error';
}
