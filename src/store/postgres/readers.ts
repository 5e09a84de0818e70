/**
 * Reads of the API go to replicas, and never see less than the primary would show: before each, the primary is asked where
 * it stands, and a replica is read from only when it has replayed as much. Whatever a replica cannot answer, the primary
 * does (docs/decisions/0017-replicas.md).
 */
import type { Row } from '../rows.ts';
import { type ReplicaState, StoreError } from '../store.ts';
import type { Connection, Session, Value } from './connection.ts';
import type { PrimaryState, PrimaryWatch } from './primary-state.ts';
import { type Milestone, reasonOf, Replica } from './replica.ts';
import { StatementError } from './server.ts';
import type { StatementName } from './statements.ts';

export interface ReadFrom {
  readonly urls: readonly string[];
  /** A replica that is farther behind is left out; 30 when absent. */
  readonly longestLagSeconds?: number;
  /** Told when one is left out, and why, and when it is used again. */
  readonly onChange: (state: ReplicaState) => void;
}

/** How often the replicas are looked at. Real time: servers do not go by a clock that is moved. */
const lookMs = 1000;
/** Milestones of the primary that are kept: what is farther behind is too far in any case. */
const milestonesKept = 600;

export class Readers implements Session {
  readonly replicas: readonly Replica[];
  readonly #primary: Connection;
  readonly #watch: PrimaryWatch;
  readonly #longestLagSeconds: number;
  readonly #timer: NodeJS.Timeout | undefined;
  #milestones: Milestone[] = [];
  #looking: Promise<void> | undefined;
  #turn = 0;

  constructor(primary: Connection, watch: PrimaryWatch, from: ReadFrom | undefined) {
    this.#primary = primary;
    this.#watch = watch;
    this.replicas = (from?.urls ?? []).map((url) => new Replica(url, (state) => from?.onChange(state)));
    this.#longestLagSeconds = from?.longestLagSeconds ?? 30;
    if (this.replicas.length === 0) return;
    this.look();
    this.#timer = setInterval(() => this.look(), lookMs).unref();
  }

  async get(name: StatementName, ...values: Value[]): Promise<Row | undefined> {
    return (await this.all(name, ...values))[0];
  }

  async run(name: StatementName, ...values: Value[]): Promise<void> {
    await this.#primary.run(name, ...values);
  }

  async all(name: StatementName, ...values: Value[]): Promise<readonly Row[]> {
    const used = this.replicas.filter(({ isUsed }) => isUsed);
    const replica = used[this.#turn++ % used.length];
    if (replica === undefined) return this.#primary.all(name, ...values);
    const primary = await this.#primaryState();
    if (primary === undefined || primary.isCluster) return this.#primary.all(name, ...values);
    try {
      const rows = await replica.readAt(primary, name, values);
      if (rows !== undefined) return rows;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      // The next probe finds out whether it answers, and its role.
      replica.fail(reasonOf(error));
    }
    return this.#primary.all(name, ...values);
  }

  /** @returns `undefined` when the primary lives and gives no connection to ask by. */
  async #primaryState(): Promise<PrimaryState | undefined> {
    try {
      return await this.#watch.state();
    } catch (error) {
      if (error instanceof StatementError) return undefined;
      throw error;
    }
  }

  /** Looks at every replica, unless that is under way. */
  look(): void {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
    await Promise.all(this.replicas.map((replica) => replica.close()));
  }

  async #look(): Promise<void> {
    let primary: PrimaryState;
    try {
      primary = await this.#watch.state();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return; // Without the primary nobody knows how far a replica is.
    }
    if (primary.isCluster) {
      for (const replica of this.replicas)
        replica.fail('the store is a Citus cluster, and Rollcall cannot compare a replica with its nodes');
      return;
    }
    const { position } = primary;
    this.#milestones = [...this.#milestones.slice(-milestonesKept), { ms: performance.now(), position }];
    await Promise.all(
      this.replicas.map((replica) =>
        replica.look(primary, this.#milestones, performance.now(), this.#longestLagSeconds),
      ),
    );
  }
}
