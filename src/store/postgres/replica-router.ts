/**
 * Routes reads of the API to replicas that have replayed everything up to the primary's current position, which is
 * queried before each read. The primary answers when no replica can (docs/decisions/0017-replicas.md).
 */
import type { Row } from '../rows.ts';
import type { ReplicaState } from '../store.ts';
import { StoreError } from '../store-errors.ts';
import type { Connection, StatementRunner } from './connection.ts';
import type { Value } from './dialect.ts';
import type { PrimaryState } from './host-state.ts';
import type { PrimaryStateReader } from './primary-state.ts';
import { type Milestone, replicaReason, Replica } from './replica.ts';
import { StatementError } from './server.ts';
import type { StatementName } from './statements.ts';

export interface ReadFrom {
  readonly urls: readonly string[];
  /** Replicas with a longer lag are not used; the default is 30. */
  readonly longestLagSeconds?: number;
  /** Called when a replica is no longer used, with the reason, and when it is used again. */
  readonly onChange: (state: ReplicaState) => void;
}

/** The interval of the probes. Real time: servers do not follow the clock of `dev`. */
const probeMs = 1000;
/** Positions of the primary that are remembered: a replica behind the oldest is too far behind. */
const milestonesKept = 600;

export class ReplicaRouter implements StatementRunner {
  readonly replicas: readonly Replica[];
  readonly #primary: Connection;
  readonly #watch: PrimaryStateReader;
  readonly #longestLagSeconds: number;
  readonly #timer: NodeJS.Timeout | undefined;
  #milestones: Milestone[] = [];
  #probing: Promise<void> | undefined;
  #turn = 0;

  constructor(primary: Connection, watch: PrimaryStateReader, from: ReadFrom | undefined) {
    this.#primary = primary;
    this.#watch = watch;
    this.replicas = (from?.urls ?? []).map((url) => new Replica(url, (state) => from?.onChange(state)));
    this.#longestLagSeconds = from?.longestLagSeconds ?? 30;
    if (this.replicas.length === 0) return;
    this.#begin();
    this.#timer = setInterval(() => this.#begin(), probeMs).unref();
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
      // The next probe decides whether the replica is used again.
      replica.fail(replicaReason(error));
    }
    return this.#primary.all(name, ...values);
  }

  /**
   * Returns the state of the primary.
   *
   * @returns `undefined` when the primary answers and has no free connection.
   */
  async #primaryState(): Promise<PrimaryState | undefined> {
    try {
      return await this.#watch.state();
    } catch (error) {
      if (error instanceof StatementError) return undefined;
      throw error;
    }
  }

  #begin(): void {
    this.#probing ??= this.#probe().finally(() => (this.#probing = undefined));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#probing;
    await Promise.all(this.replicas.map((replica) => replica.close()));
  }

  async #probe(): Promise<void> {
    let primary: PrimaryState;
    try {
      primary = await this.#watch.state();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return; // Without the primary's position, the lag of a replica is unknown.
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
        replica.probe(primary, this.#milestones, performance.now(), this.#longestLagSeconds),
      ),
    );
  }
}
