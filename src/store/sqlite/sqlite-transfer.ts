/** Everything in a SQLite store, to be carried to another, and back. */
import { closeSync, openSync } from 'node:fs';
import { backup, type DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { StoreError } from '../store.ts';
import {
  carried,
  type CarriedKind,
  type CarriedRow,
  type CarriedTable,
  type CarriedValue,
  ownSecrets,
  type ReadyCalls,
  type StoreDescription,
  type TakeRows,
  type TransferredCall,
  transferNote,
  type TransferStore,
  type Wanted,
} from '../transfer.ts';
import { isOfEarlierRelease } from '../transferred-call.ts';
import { putCall, readCalls } from './carried-calls.ts';
import type { Connection } from './connection.ts';
import { reasonOf } from './open.ts';
import type { SqliteSearch } from './sqlite-search.ts';
import type { Tenants } from './tenants.ts';

const rowsAtOnce = 1000;
const withoutOwn = `WHERE name NOT IN (${ownSecrets.map((name) => `'${name}'`).join(', ')})`;
/** Pages copied at once, between which others may write. */
const backupPages = 64;

/** Rows are written one by one, and told then. */
interface ReadyAsRead extends ReadyCalls {
  readonly calls: readonly TransferredCall[];
}

export class SqliteTransfer implements TransferStore<ReadyAsRead> {
  readonly numbersAre = 'of the store';
  readonly #database: DatabaseSync;
  readonly #connection: Connection;
  readonly #tenants: Tenants;
  readonly #search: SqliteSearch;

  constructor(database: DatabaseSync, connection: Connection, tenants: Tenants, search: SqliteSearch) {
    this.#database = database;
    this.#connection = connection;
    this.#tenants = tenants;
    this.#search = search;
  }

  numbersDiffer(): boolean {
    return true;
  }

  numbersOf(tenantId: string, callIds: readonly string[]): ReadonlySet<number> {
    const tenant = this.#tenants.numberOf(tenantId) ?? 0;
    const rows = callIds.flatMap((callId) => this.#connection.all('editionNumbers', tenant, callId));
    return new Set(rows.map(([number]) => Number(number)));
  }

  read(tenantId: string, callIds: readonly string[], wanted: Wanted): readonly TransferredCall[] {
    const tenant = this.#tenants.numberOf(tenantId) ?? 0;
    return readCalls(this.#connection, { tenantId, tenant }, callIds, wanted);
  }

  ready(_tenantId: string, calls: readonly TransferredCall[]): ReadyAsRead {
    return { movable: [], calls };
  }

  put(tenantId: string, ready: readonly ReadyAsRead[], note: string): void {
    const index = this.#connection.transaction(() => {
      const tenant = this.#tenants.add(tenantId);
      const search = this.#search.writer(tenant);
      const sums = [0, 0, 0, 0, 0, 0];
      for (const call of ready.flatMap(({ calls }) => calls)) {
        for (const [column, value] of putCall(this.#connection, tenant, call).entries())
          sums[column]! += value;
        this.#search.putCarried(search, tenant, call);
      }
      search.flush();
      this.#connection.run('addTally', tenant, ...sums);
      const calls = ready.flatMap((one) => one.calls);
      if (calls.some(isOfEarlierRelease)) this.#connection.run('beginRenewal', tenant);
      this.#connection.run('setSecret', transferNote, note);
      return search;
    });
    index.remember();
  }

  reserve(_tenantId: string, edition: number): void {
    this.#connection.transaction(() => {
      if (this.#connection.get('hasSequence') === undefined) this.#connection.run('addSequence');
      this.#connection.run('reserveEditions', edition);
    });
  }

  async eachRows(tables: readonly CarriedTable[], take: TakeRows): Promise<void> {
    this.#beginToRead();
    try {
      for (const table of tables) await this.#eachRows(table, take);
    } finally {
      this.#endToRead();
    }
  }

  clear(tables: readonly CarriedTable[]): void {
    this.#connection.transaction(() => {
      for (const table of [...tables].reverse())
        this.#database.exec(`DELETE FROM ${table} ${table === 'secret' ? withoutOwn : ''}`);
    });
  }

  insert(table: CarriedTable, rows: readonly CarriedRow[]): void {
    const columns = Object.entries<CarriedKind>(carried[table]);
    this.#connection.transaction(() => {
      const names = columns.map(([name]) => name).join(', ');
      const statement = this.#database.prepare(
        `INSERT INTO ${table} (${names}) VALUES (${columns.map(() => '?').join(', ')})`,
      );
      for (const row of rows)
        statement.run(...columns.map(([, kind], i) => this.#kept(kind, row[i] ?? null)));
    });
  }

  note(): string | undefined {
    return this.#connection.get('secret', transferNote)?.[0] as string | undefined;
  }

  setNote(text: string): void {
    this.#connection.transaction(() => this.#connection.run('setSecret', transferNote, text));
  }

  logRowCounts(): Readonly<Record<string, number>> {
    const rows = this.#all('SELECT kind, count(*) AS rows FROM log_row GROUP BY kind ORDER BY kind');
    return Object.fromEntries(rows.map(({ kind, rows: count }) => [String(kind), Number(count)]));
  }

  describe(): StoreDescription {
    // An index counts to its table.
    const tables = this.#all(`SELECT s.tbl_name AS name, sum(d.pgsize) AS bytes
      FROM dbstat d JOIN sqlite_schema s ON s.name = d.name GROUP BY s.tbl_name ORDER BY bytes DESC`);
    const [span] = this.#all(`SELECT min(oldest) AS oldest, max(newest) AS newest FROM (SELECT
      (SELECT min(start_ticks) FROM listing l WHERE l.tenant_no = t.tenant_no) AS oldest,
      (SELECT max(start_ticks) FROM listing l WHERE l.tenant_no = t.tenant_no) AS newest FROM tenant t)`);
    const number = (statement: string) => Number(Object.values(this.#all(statement)[0] ?? {})[0]);
    return {
      kind: 'sqlite',
      schema: number('PRAGMA user_version'),
      bytes: number('PRAGMA page_count') * number('PRAGMA page_size'),
      tables: tables.map(({ name, bytes }) => ({ name: String(name), bytes: Number(bytes) })),
      sessions: number(`SELECT coalesce(sum(e.sessions_count), 0) FROM edition e WHERE NOT EXISTS (
        SELECT 1 FROM edition l WHERE l.tenant_no = e.tenant_no AND l.call_id = e.call_id
          AND (l.version, l.edition_no) > (e.version, e.edition_no))`),
      oldestTicks: (span?.['oldest'] as bigint | null) ?? undefined,
      newestTicks: (span?.['newest'] as bigint | null) ?? undefined,
    };
  }

  async backup(path: string, onProgress: (done: number, total: number) => void): Promise<void> {
    // A backup begins anew when another process writes, and would never end beside one that goes on writing; while this
    // connection reads, it sees one moment.
    this.#beginToRead();
    try {
      // For this user alone: it holds the keys of the store.
      closeSync(openSync(path, 'a', 0o600));
      await backup(this.#database, path, {
        rate: backupPages,
        progress: ({ totalPages, remainingPages }) => onProgress(totalPages - remainingPages, totalPages),
      });
    } catch (error) {
      throw new StoreError(`The backup cannot be written to '${path}': ${reasonOf(error)}`, { cause: error });
    } finally {
      this.#endToRead();
    }
  }

  async #eachRows(table: CarriedTable, take: TakeRows): Promise<void> {
    const columns = Object.entries<CarriedKind>(carried[table]);
    const names = columns.map(([name, kind]) => (kind === 'tenant' ? 't.tenant_id' : `c.${name}`));
    const tenants = columns.some(([, kind]) => kind === 'tenant') ? 'JOIN tenant t USING (tenant_no)' : '';
    const rows = this.#connection.guarded(() => {
      const statement = this.#database.prepare(
        `SELECT ${names.join(', ')} FROM ${table} c ${tenants} ${table === 'secret' ? withoutOwn : ''}`,
      );
      statement.setReturnArrays(true);
      statement.setReadBigInts(true);
      // Rows come as arrays, whole numbers as bigints.
      return statement.iterate() as Iterator<unknown> as Iterator<CarriedRow>;
    });
    let batch: CarriedRow[] = [];
    // What fails in taking them is no failure of this store.
    for (;;) {
      const next = this.#connection.guarded(() => rows.next());
      if (next.done === true) break;
      batch.push(next.value);
      if (batch.length < rowsAtOnce) continue;
      await take(table, batch);
      batch = [];
    }
    if (batch.length > 0) await take(table, batch);
  }

  #endToRead(): void {
    this.#connection.guarded(() => {
      // Nothing was written in it.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    });
  }

  /** A transaction sees the moment of its first question. */
  #beginToRead(): void {
    try {
      this.#connection.guarded(() => {
        this.#database.exec('BEGIN');
        this.#database.prepare('SELECT count(*) FROM tenant').get();
      });
    } catch (error) {
      this.#endToRead();
      throw error;
    }
  }

  #kept(kind: CarriedKind, value: CarriedValue): SQLInputValue {
    return kind === 'tenant' ? this.#tenants.add(value as string) : value;
  }

  #all(statement: string): Record<string, unknown>[] {
    return this.#connection.guarded(() => {
      const prepared = this.#database.prepare(statement);
      prepared.setReadBigInts(true);
      return prepared.all();
    });
  }
}
