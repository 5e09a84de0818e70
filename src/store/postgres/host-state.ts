/** Queries the state of a host, on a separate connection or on an existing one. */
import type { ClientBase } from 'pg';
import { afterRunning, HostClient } from './host-client.ts';
import { codeOf, OtherHistory, SilentHost } from './host-errors.ts';
import { probeConnectionOf } from './server.ts';

/** Identifies the data of a server: two with the same identity have the same data, one perhaps with a delay. */
export interface ServerIdentity {
  /** Identifies the database cluster; assigned when it was created. */
  readonly system: string;
  /** Numbers the branch of its history: each promotion starts another. */
  readonly timeline: number;
  /**
   * False for a standby's timeline that may be as old as its last checkpoint, because the user may not read what it
   * receives.
   */
  readonly isCurrent: boolean;
}

export interface HostState {
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
  /** A standby's position in the primary's log; absent for any other server. */
  readonly replayed: bigint | undefined;
  /** Absent where the server does not report it. */
  readonly identity: ServerIdentity | undefined;
}

const state = `SELECT pg_is_in_recovery(), current_setting('transaction_read_only')::boolean,
  CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::bigint END`;
/**
 * A primary's timeline is in the name of its current log file: its control file has the old one until the checkpoint
 * after a promotion. A standby's timeline is the one it receives, which a user without pg_read_all_stats cannot read;
 * its control file may be as old as its last checkpoint.
 */
const identity = `SELECT (SELECT system_identifier::text FROM pg_control_system()),
  NOT pg_is_in_recovery() OR pg_has_role('pg_read_all_stats', 'USAGE'),
  CASE WHEN pg_is_in_recovery() THEN greatest(
    (SELECT received_tli FROM pg_stat_wal_receiver),
    (SELECT timeline_id FROM pg_control_checkpoint()),
    (SELECT min_recovery_end_timeline FROM pg_control_recovery()))
  ELSE ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::integer END`;
/**
 * SQLSTATEs of a server that does not report its identity, such as a managed one: no permission, or no such function.
 */
const unavailableCodes = new Set(['42501', '42883', '42P01', '42703', '0A000']);

export async function hostStateOf(client: ClientBase): Promise<HostState> {
  const { rows } = await client.query<[boolean, boolean, bigint | null]>({ text: state, rowMode: 'array' });
  const [isStandby, isReadOnly, replayed] = rows[0]!; // the query always returns a row
  return {
    isStandby,
    isReadOnly,
    replayed: replayed ?? undefined,
    identity: await identityOf(client),
  };
}

export async function identityOf(client: ClientBase): Promise<ServerIdentity | undefined> {
  try {
    const { rows } = await client.query<[string | null, boolean, number | null]>({
      text: identity,
      rowMode: 'array',
    });
    const [system, isCurrent, timeline] = rows[0]!; // the query always returns a row
    return system === null || timeline === null ? undefined : { system, timeline, isCurrent };
  } catch (error) {
    if (unavailableCodes.has(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

/**
 * Throws when a server has other data than expected; a server that does not report its identity passes.
 *
 * @throws OtherHistory
 */
export function refuseOtherHistory(
  own: ServerIdentity | undefined,
  expected: ServerIdentity | undefined,
): void {
  if (own === undefined || expected === undefined) return;
  if (own.system !== expected.system || own.timeline !== expected.timeline)
    throw new OtherHistory(own, expected);
}

/**
 * Probes a host outside its pool, which may be full.
 *
 * @throws SilentHost when it has not answered in time, or what the driver throws.
 */
export async function probeHost(url: string, limitMs: number): Promise<HostState> {
  const probe = new HostProbe();
  try {
    return await probe.state(url, limitMs);
  } finally {
    probe.close();
  }
}

/** Queries a host repeatedly on a separate connection, which is reused while it works. */
export class HostProbe {
  #client: HostClient | undefined;
  #url: string | undefined;

  state(url: string, limitMs: number): Promise<HostState> {
    return this.ask(url, limitMs, hostStateOf);
  }

  /**
   * Runs a query.
   *
   * @throws SilentHost when the host has not answered in time, or what the driver throws.
   */
  async ask<T>(url: string, limitMs: number, question: (client: ClientBase) => Promise<T>): Promise<T> {
    if (url !== this.#url) this.close();
    const client = this.#client ?? new HostClient(probeConnectionOf(url));
    const stop = afterRunning(limitMs, () => client.abandon(new SilentHost()));
    try {
      if (client !== this.#client) {
        this.#client = client;
        this.#url = url;
        client.once('end', () => this.#forget(client));
        await client.connect();
      }
      return await question(client);
    } catch (error) {
      this.close();
      throw error;
    } finally {
      stop();
    }
  }

  close(): void {
    void this.#client?.end();
    this.#client = undefined;
  }

  #forget(client: HostClient): void {
    if (this.#client === client) this.#client = undefined;
  }
}

export interface PrimaryState {
  /**
   * Equal numbers mean that nothing was written in between. `undefined` on a cluster, because its other servers write
   * too.
   */
  readonly revision: number | undefined;
  /** True when other servers hold rows too. */
  readonly isCluster: boolean;
  /** Identity of its data; the same object for one connection. Absent where the server does not report it. */
  readonly identity: ServerIdentity | undefined;
  /** End of the log that holds everything that is visible, in bytes. */
  readonly position: bigint;
}
