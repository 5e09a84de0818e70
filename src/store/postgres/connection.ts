/** A pool of connections with prepared statements; its errors are messages for the operator. */
import pg from 'pg';
import type { Client, ClientBase, Pool, PoolClient } from 'pg';
import type { Row } from '../rows.ts';
import { isKeys, type Steps, type StepValue, type TaskStep } from '../steps.ts';
import { statementsOf } from '../table-sql.ts';
import type { RowWrite } from '../writes.ts';
import { type AddedRow, type AddedTable, insertionsOf } from './added-rows.ts';
import { ConnectionLimiter } from './connection-limiter.ts';
import { postgresDialect, type Value } from './dialect.ts';
import { type Host, HostChoice } from './host-choice.ts';
import { HostClient } from './host-client.ts';
import {
  type PrimaryState,
  type ServerIdentity,
  identityOf,
  refuseOtherHistory,
  hostStateOf,
} from './host-state.ts';
import { codeOf } from './host-errors.ts';
import {
  connectionOf,
  connectTimeoutMs,
  hostLimits,
  isRefusal,
  patientConnectionOf,
  poolSize,
  storeErrorOf,
  tooMany,
} from './server.ts';
import { keyOf } from './keys.ts';
import { shared, type StatementName, statements } from './statements.ts';
import { serverName } from './store-url.ts';
import { refuseWrongTls } from './tls-options.ts';

/** Runs statements: on the pool, or on the one connection of a transaction. */
export interface StatementRunner {
  get(name: StatementName, ...values: Value[]): Promise<Row | undefined>;
  all(name: StatementName, ...values: Value[]): Promise<readonly Row[]>;
  run(name: StatementName, ...values: Value[]): Promise<void>;
}

export interface Transaction extends StatementRunner {
  /** Applies the writes of a decision, in order, and returns how many rows changed. */
  write(writes: readonly RowWrite[]): Promise<number>;
  /** Inserts rows, with values in the order of the table's columns in `addedColumns` (added-rows.ts). */
  add(table: AddedTable, rows: readonly AddedRow[]): Promise<void>;
  /** Runs the steps of a task. */
  runSteps<T>(steps: Steps<T>): Promise<T>;
}

/**
 * SQLSTATEs after which the same transaction may succeed: a serialization failure, a deadlock, or a reference to a row
 * that was deleted.
 */
const retried = new Set(['40001', '40P01', '23503']);
const tries = 4;

/** SQLSTATE of a write to a read-only server: it became a standby, and another host is the primary. */
const readOnly = '25006';

/**
 * A commit that waits for a synchronous standby would end as a success at the server's time limit, without the data on
 * the standby. So the server's limit is off, and the client's limit ends the wait with an error: a write that may be
 * lost is not acknowledged.
 */
const commit = 'SET LOCAL statement_timeout = 0; COMMIT';

interface ConnectionOptions {
  /** Connections of the pool; the default limit when absent. */
  readonly size?: number;
  /** How long to wait for a free connection, or for one to open. */
  readonly waitMs?: number;
  /** The choice of hosts, shared with other pools to the same store. */
  readonly hosts?: HostChoice;
  /** Called when a connection is made. */
  readonly onConnect?: () => void;
  /**
   * Called with true when the server allows fewer connections than the pool's size, and with false when it allows all.
   */
  readonly onPoolExhausted?: ((isExhausted: boolean) => void) | undefined;
}

export class Connection implements StatementRunner {
  readonly hosts: HostChoice;
  readonly #size: number;
  readonly #waitMs: number;
  readonly #onConnect: () => void;
  readonly #limiter: ConnectionLimiter;
  readonly #pools = new Map<Host, Pool>();
  readonly #server: string;
  /** The log position that the standby of a connection has replayed at least. */
  readonly #replayed = new WeakMap<PoolClient, bigint>();
  /** The identity of a connection's server. */
  readonly #identified = new WeakMap<PoolClient, ServerIdentity>();
  #isClosed = false;

  /**
   * Creates a pool.
   *
   * @throws StoreError
   */
  constructor(url: string, options: ConnectionOptions = {}) {
    const { size = poolSize, waitMs = connectTimeoutMs, onPoolExhausted = () => undefined } = options;
    this.hosts = options.hosts ?? new HostChoice(url, hostLimits);
    refuseWrongTls(url);
    this.#server = serverName(url);
    this.#size = size;
    this.#waitMs = waitMs;
    this.#onConnect = options.onConnect ?? (() => undefined);
    this.#limiter = new ConnectionLimiter({
      ...{ size, waitMs, onPoolExhausted },
      connect: () => this.#connect(),
      connections: () => (this.hosts.used && this.#pools.get(this.hosts.used)?.totalCount) ?? 0,
    });
    // An invalid URL is reported at once.
    for (const host of this.hosts.hosts) this.#poolOf(host);
  }

  get(name: StatementName, ...values: Value[]): Promise<Row | undefined> {
    return this.all(name, ...values).then((rows) => rows[0]);
  }

  async all(name: StatementName, ...values: Value[]): Promise<readonly Row[]> {
    return this.#using((client) => rowsOf(client, name, values));
  }

  async run(name: StatementName, ...values: Value[]): Promise<void> {
    await this.all(name, ...values);
  }

  runSteps<T>(steps: Steps<T>): Promise<T> {
    return runSteps(steps, this);
  }

  /** Applies the writes of a decision in a transaction of their own. */
  write(writes: readonly RowWrite[]): Promise<number> {
    return this.transaction((transaction) => transaction.write(writes));
  }

  /**
   * Reads from a standby if it has the data of the primary and has replayed its log up to a position. Both are checked
   * on the same connection, because another one may reach another server.
   *
   * @returns `undefined` when it has not, or is no standby.
   * @throws StoreError
   */
  readAt(
    { position, identity }: PrimaryState,
    name: StatementName,
    values: readonly Value[],
  ): Promise<readonly Row[] | undefined> {
    return this.#using(async (client) => {
      const isKnown = identity === undefined || this.#identified.get(client) === identity;
      if (!isKnown || (this.#replayed.get(client) ?? -1n) < position) {
        const [[replayed = null] = []] = await rowsOf(client, 'replicaState', []);
        if (replayed === null || (replayed as bigint) < position) return undefined;
        if (!isKnown) refuseOtherHistory(await identityOf(client), identity);
        if (!isKnown) this.#identified.set(client, identity);
        this.#replayed.set(client, replayed as bigint);
      }
      return rowsOf(client, name, values);
    });
  }

  /** Returns the identity of the server's data. */
  identity(): Promise<ServerIdentity | undefined> {
    return this.#using(identityOf);
  }

  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    for (let trial = 1; ; trial++) {
      try {
        return await this.#using((client) => transact(client, work), trial < tries);
      } catch (error) {
        if (!retried.has(codeOf(error) ?? '')) throw error;
      }
    }
  }

  /** Lends a connection; after any failure other than an error response of the server, the connection is closed. */
  async #using<T>(work: (client: PoolClient) => Promise<T>, mayRetry = false): Promise<T> {
    let client: PoolClient | undefined;
    let isBroken = false;
    try {
      client = await this.#limiter.lend();
      return await work(client);
    } catch (error) {
      const code = codeOf(error) ?? '';
      const isDemoted = code === readOnly && this.hosts.hosts.length > 1;
      isBroken = !isRefusal(error) || isDemoted;
      if (isDemoted && this.hosts.used !== undefined) this.hosts.leave(this.hosts.used, error);
      if (mayRetry && retried.has(code)) throw error;
      throw storeErrorOf(error, this.#server);
    } finally {
      if (client !== undefined) this.#limiter.giveBack(client, isBroken);
    }
  }

  /** Lends a connection outside the pool for work without a time limit; it ends when the host stops answering. */
  async withConflictRetry<T>(work: (client: Client) => Promise<T>): Promise<T> {
    try {
      const client = await this.#onHost((host) => this.#connectWithRetry(host));
      try {
        return await work(client);
      } finally {
        await client.end();
      }
    } catch (error) {
      throw storeErrorOf(error, this.#server);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()));
  }

  #connect(): Promise<PoolClient> {
    return this.#onHost((host) => this.#poolOf(host).connect());
  }

  /** Connects to the current host, or else to another. */
  async #onHost<T>(connect: (host: Host) => Promise<T>): Promise<T> {
    const host = await this.hosts.current();
    try {
      return await connect(host);
    } catch (error) {
      // A host that allows no more connections is not left: callers wait for its open ones.
      if (this.#isClosed || codeOf(error) === tooMany) throw error;
      return connect(await this.hosts.instead(host, error));
    }
  }

  #poolOf(host: Host): Pool {
    const known = this.#pools.get(host);
    if (known !== undefined) return known;
    class ClientOfHost extends HostClient {
      constructor() {
        super({ ...connectionOf(host.url), connectionTimeoutMillis: 0 }); // the pool set it
        host.watch.add(this);
      }
    }
    let pool: Pool;
    try {
      const options = {
        ...connectionOf(host.url),
        max: this.#size,
        connectionTimeoutMillis: this.#waitMs,
        Client: ClientOfHost,
        // The pool awaits it, and closes a connection for which it rejects.
        onConnect: async (client: ClientBase): Promise<void> => {
          if (this.hosts.checksConnections) this.hosts.refuseOther(await hostStateOf(client));
          this.#onConnect();
        },
      };
      pool = new pg.Pool(options);
    } catch (error) {
      throw storeErrorOf(error, this.#server);
    }
    pool.on('connect', () => this.#limiter.made(pool.totalCount));
    pool.on('acquire', (client) => host.watch.used(client));
    pool.on('release', (_, client) => host.watch.notUsed(client));
    // A broken idle connection leaves the pool by itself; the next request opens another.
    pool.on('error', () => undefined);
    this.#pools.set(host, pool);
    return pool;
  }

  async #connectWithRetry(host: Host): Promise<Client> {
    const client = new HostClient(patientConnectionOf(host.url));
    host.watch.add(client);
    try {
      await client.connect();
      if (this.hosts.checksConnections) this.hosts.refuseOther(await hostStateOf(client));
      return client;
    } catch (error) {
      await client.end();
      throw error;
    }
  }
}

async function rowsOf(client: PoolClient, name: StatementName, values: readonly Value[]): Promise<Row[]> {
  const config = Object.create(prepared(name)) as pg.QueryArrayConfig;
  config.values = [...values];
  const { rows } = await client.query<Row[number][]>(config);
  return rows;
}

/** The constant parts of a query are in a prototype, because the driver copies own properties one by one. */
const known = new Map<StatementName, object>();
function prepared(name: StatementName): object {
  let config = known.get(name);
  if (config === undefined) {
    // The statement names its columns in order.
    config = { name, text: statements[name], rowMode: 'array' };
    known.set(name, config);
  }
  return config;
}

/** Names under which writes are prepared. */
const writeNames = new Map<string, string>();
function writeName(text: string): string {
  let name = writeNames.get(text);
  if (name === undefined) writeNames.set(text, (name = `write_${writeNames.size}`));
  return name;
}

async function transact<T>(client: PoolClient, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const all = (name: StatementName, ...values: Value[]) => rowsOf(client, name, values);
  const transaction: Transaction = {
    all,
    get: async (name, ...values) => (await all(name, ...values))[0],
    run: async (name, ...values) => {
      await all(name, ...values);
    },
    runSteps: (steps) => runSteps(steps, transaction),
    async write(writes) {
      let changed = 0;
      for (const { text, values } of writes.flatMap((one) => statementsOf(postgresDialect, one))) {
        const { rowCount } = await client.query({ name: writeName(text), text, values: [...values] });
        changed += rowCount ?? 0;
      }
      return changed;
    },
    async add(table, rows) {
      for (const insertion of insertionsOf(table, rows)) await client.query(insertion);
    },
  };
  await client.query('BEGIN');
  try {
    const result = await work(transaction);
    await client.query(commit);
    return result;
  } catch (error) {
    // A lost connection ends its transaction, and would not answer.
    if (isRefusal(error)) await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function runSteps<T>(steps: Steps<T>, runner: Pick<Transaction, 'all' | 'write'>): Promise<T> {
  const answer = async (step: TaskStep): Promise<readonly unknown[]> => {
    if ('writes' in step) return [await runner.write(step.writes)];
    const rows = await runner.all(step.name, ...step.values.map(valueOf));
    return rows.map((row) => shared.read(step.name, row));
  };
  let next = steps.next([]);
  while (next.done !== true) next = steps.next(await answer(next.value));
  return next.value;
}

/** Precedes every key. */
const noKey = Buffer.alloc(0);

/** Returns a value as it is stored. */
function valueOf(value: StepValue): Value {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  if (isKeys(value)) return value.keys.map(keyOf);
  return value.key === undefined ? noKey : keyOf(value.key);
}
