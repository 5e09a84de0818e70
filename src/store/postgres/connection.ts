/** A pool of connections with their prepared statements, whose failures are sentences. */
import pg from 'pg';
import type { Client, ClientBase, Pool, PoolClient } from 'pg';
import type { Row } from '../rows.ts';
import { statementOf } from '../table-sql.ts';
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
import { type StatementName, statements } from './statements.ts';
import { serverName } from './store-url.ts';
import { refuseWrongTls } from './tls-options.ts';

/** What statements are run on: the pool, or the one connection of a transaction. */
export interface StatementRunner {
  get(name: StatementName, ...values: Value[]): Promise<Row | undefined>;
  all(name: StatementName, ...values: Value[]): Promise<readonly Row[]>;
  run(name: StatementName, ...values: Value[]): Promise<void>;
}

export interface Transaction extends StatementRunner {
  /** Applies what a decision has written, in its order. */
  write(writes: readonly RowWrite[]): Promise<void>;
  /** Adds rows, their values in the order of the table's columns there (added-rows.ts). */
  add(table: AddedTable, rows: readonly AddedRow[]): Promise<void>;
}

/** Failures after which the same transaction may go well: transactions met, or one waits for a row that is gone. */
const retried = new Set(['40001', '40P01', '23503']);
const tries = 4;

/** SQLSTATE of a write where nothing may be written: the server became a standby, and another host is the primary. */
const readOnly = '25006';

/**
 * A commit that waits for a standby ends as if all were well when its time is over, and the standby has nothing. Without a
 * limit of the server's, the client's own ends the wait: what is not known to be safe is not acknowledged.
 */
const commit = 'SET LOCAL statement_timeout = 0; COMMIT';

interface ConnectionOptions {
  /** Connections of the pool; as many as there may be when absent. */
  readonly size?: number;
  /** How long to wait for one of them, when all are in use, and for one that is made. */
  readonly waitMs?: number;
  /** The hosts, where other connections go to the same. */
  readonly hosts?: HostChoice;
  /** Called when a connection is made. */
  readonly onConnect?: () => void;
  /** Called when the server gives fewer connections than those of the pool, and when it gives all. */
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
  /** How far the standby at the other end is at least. */
  readonly #replayed = new WeakMap<PoolClient, bigint>();
  /** What the server at the other end was found to be. */
  readonly #identified = new WeakMap<PoolClient, ServerIdentity>();
  #isClosed = false;

  /** @throws StoreError */
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

  /**
   * Reads from a standby, when it holds what the primary does and has replayed its log up to a position: asked on the very
   * connection, for others may lead elsewhere.
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

  /** Which data the server has. */
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

  /** Lends a connection; one that failed in any other way than by a refusal of the server is not used again. */
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

  /** Lends a connection apart from the pool's, for what takes as long as it takes: while its host lives. */
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

  /** Connects to the host that is used, else to another. */
  async #onHost<T>(connect: (host: Host) => Promise<T>): Promise<T> {
    const host = await this.hosts.current();
    try {
      return await connect(host);
    } catch (error) {
      // Of one that gives no more connections, those there are can be waited for.
      if (this.#isClosed || codeOf(error) === tooMany) throw error;
      return connect(await this.hosts.instead(host, error));
    }
  }

  #poolOf(host: Host): Pool {
    const known = this.#pools.get(host);
    if (known !== undefined) return known;
    class ClientOfHost extends HostClient {
      constructor() {
        super({ ...connectionOf(host.url), connectionTimeoutMillis: 0 }); // the pool has it
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
        // The pool awaits it, and gives up a connection of which it rejects.
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
    // A connection that breaks while nobody uses it leaves the pool by itself; the next request makes another.
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

/** What is the same each time stands in a prototype: the driver copies a query's own properties one by one. */
const known = new Map<StatementName, object>();
function prepared(name: StatementName): object {
  let config = known.get(name);
  if (config === undefined) {
    // The order of the columns is in sight in the statement.
    config = { name, text: statements[name], rowMode: 'array' };
    known.set(name, config);
  }
  return config;
}

/** Names that writes are prepared by. */
const writeNames = new Map<string, string>();
function writeName(text: string): string {
  let name = writeNames.get(text);
  if (name === undefined) writeNames.set(text, (name = `write_${writeNames.size}`));
  return name;
}

async function transact<T>(client: PoolClient, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const all = (name: StatementName, ...values: Value[]) => rowsOf(client, name, values);
  await client.query('BEGIN');
  try {
    const result = await work({
      all,
      get: async (name, ...values) => (await all(name, ...values))[0],
      run: async (name, ...values) => {
        await all(name, ...values);
      },
      async write(writes) {
        for (const write of writes) {
          const { text, values } = statementOf(postgresDialect, write);
          await client.query({ name: writeName(text), text, values: [...values] });
        }
      },
      async add(table, rows) {
        for (const insertion of insertionsOf(table, rows)) await client.query(insertion);
      },
    });
    await client.query(commit);
    return result;
  } catch (error) {
    // When the connection is gone, so is the transaction, and nothing would answer.
    if (isRefusal(error)) await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
