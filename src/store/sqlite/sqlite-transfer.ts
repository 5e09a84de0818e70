/** Reads and writes all data of a SQLite store, to copy it to another store. */
import { closeSync, openSync } from 'node:fs';
import { backup, type DatabaseSync } from 'node:sqlite';
import { noTally } from '../tally.ts';
import { StoreError } from '../store-errors.ts';
import { type TransferredRow, transferredTable } from '../transferred-rows.ts';
import type { Row } from '../rows.ts';
import type { CopiedTable } from '../tables.ts';
import {
  ownSecrets,
  type StoreDescription,
  type TakeRows,
  type TransferredCall,
  transferNote,
  type TransferStore,
} from '../transfer.ts';
import { isLeftToInfer, isOfEarlierRelease } from '../transferred-call.ts';
import { indexAndCount, transferredCallRows } from '../edition-decisions.ts';
import { addEdition } from './add-edition.ts';
import type { Connection } from './connection.ts';
import { sqliteDialect } from './dialect.ts';
import { sqliteFailureReason } from './open.ts';
import type { SqliteSearch } from './sqlite-search.ts';
import type { Tenants } from './tenants.ts';

const rowsAtOnce = 1000;
const withoutOwn = `WHERE name NOT IN (${ownSecrets.map((name) => `'${name}'`).join(', ')})`;
/** Pages copied at a time; others may write in between. */
const backupPages = 64;

export class SqliteTransfer implements TransferStore {
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

  put(tenantId: string, calls: readonly TransferredCall[], note: string): number {
    const { count, search } = this.#connection.transaction(() => {
      const tenant = this.#tenants.add(tenantId);
      const search = this.#search.writer(tenant);
      const tally = noTally();
      let last = 0;
      for (const call of calls) {
        const rows = this.#connection.all('editionNumbers', tenant, call.callId);
        const there = new Set(rows.map(([number]) => Number(number)));
        const { editions, indexed } = transferredCallRows(call, there);
        for (const written of editions) {
          addEdition(this.#connection, tenant, written);
          indexAndCount({ written, indexed: undefined }, search, tally);
          last = Math.max(last, written.edition.edition);
        }
        if (indexed !== undefined) search.put(indexed);
      }
      search.flush();
      this.#connection.run('addTally', tenant, ...tally);
      // The copied rows have the numbers of the source, so an older verification of this store would seem to cover
      // them.
      this.#connection.run('noteEdition', last, tenant);
      if (tally[1] !== 0) this.#connection.run('dropVerification', tenant);
      if (calls.some(isOfEarlierRelease)) this.#connection.run('beginRenewal', tenant);
      if (calls.some(isLeftToInfer)) this.#connection.run('beginInference', tenant);
      this.#connection.run('setSecret', transferNote, note);
      return { count: tally[1]!, search };
    });
    search.remember();
    return count;
  }

  reserve(_tenantId: string, edition: number): void {
    this.#connection.transaction(() => {
      if (this.#connection.get('hasSequence') === undefined) this.#connection.run('addSequence');
      this.#connection.run('reserveEditions', edition);
    });
  }

  async eachRows(tables: readonly CopiedTable[], take: TakeRows): Promise<void> {
    this.#beginToRead();
    try {
      for (const table of tables) await this.#eachRows(table, take);
    } finally {
      this.#endToRead();
    }
  }

  clear(tables: readonly CopiedTable[]): void {
    this.#connection.transaction(() => {
      for (const table of [...tables].reverse())
        this.#database.exec(`DELETE FROM ${table} ${table === 'secret' ? withoutOwn : ''}`);
    });
  }

  insert(table: CopiedTable, rows: readonly TransferredRow[]): void {
    const { columns, cells } = transferredTable(sqliteDialect, table);
    this.#connection.transaction(() => {
      const statement = this.#database.prepare(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      );
      const tenants = new Set<number>();
      const numberOf = (tenantId: string) => {
        const tenantNo = this.#tenants.add(tenantId);
        tenants.add(tenantNo);
        return tenantNo;
      };
      for (const row of rows) statement.run(...cells(row, numberOf));
      if (table === 'log_row')
        for (const tenantNo of tenants) this.#connection.run('noteLogChange', tenantNo);
    });
  }

  note(): string | undefined {
    return this.#connection.get('secret', transferNote)?.[0] as string | undefined;
  }

  setNote(text: string): void {
    this.#connection.transaction(() => this.#connection.run('setSecret', transferNote, text));
  }

  logRowCounts(tenantId?: string): Readonly<Record<string, number>> {
    const tenantNo = this.#numberOf(tenantId);
    const rows = this.#all(
      'SELECT kind, count(*) AS rows FROM log_row WHERE ?1 IS NULL OR tenant_no = ?1 GROUP BY kind ORDER BY kind',
      tenantNo,
    );
    return Object.fromEntries(rows.map(({ kind, rows: count }) => [String(kind), Number(count)]));
  }

  describe(tenantId?: string): StoreDescription {
    const tenantNo = this.#numberOf(tenantId);
    // The size of a table includes its indexes.
    const tables = this.#all(`SELECT s.tbl_name AS name, sum(d.pgsize) AS bytes
      FROM dbstat d JOIN sqlite_schema s ON s.name = d.name GROUP BY s.tbl_name ORDER BY bytes DESC`);
    const [span] = this.#all(
      `SELECT min(oldest) AS oldest, max(newest) AS newest FROM (SELECT
      (SELECT min(start_ticks) FROM listing l WHERE l.tenant_no = t.tenant_no) AS oldest,
      (SELECT max(start_ticks) FROM listing l WHERE l.tenant_no = t.tenant_no) AS newest FROM tenant t
      WHERE ?1 IS NULL OR t.tenant_no = ?1)`,
      tenantNo,
    );
    const number = (statement: string, ...values: (number | null)[]) =>
      Number(Object.values(this.#all(statement, ...values)[0] ?? {})[0]);
    return {
      kind: 'sqlite',
      schema: number('PRAGMA user_version'),
      bytes: number('PRAGMA page_count') * number('PRAGMA page_size'),
      tables: tables.map(({ name, bytes }) => ({ name: String(name), bytes: Number(bytes) })),
      sessions: number(
        `SELECT coalesce(sum(e.sessions_count), 0) FROM edition e
        WHERE (?1 IS NULL OR e.tenant_no = ?1) AND NOT EXISTS (
          SELECT 1 FROM edition l WHERE l.tenant_no = e.tenant_no AND l.call_id = e.call_id
            AND (l.version, l.edition_no) > (e.version, e.edition_no))`,
        tenantNo,
      ),
      oldestTicks: (span?.['oldest'] as bigint | null) ?? undefined,
      newestTicks: (span?.['newest'] as bigint | null) ?? undefined,
    };
  }

  async backup(path: string, onProgress: (done: number, total: number) => void): Promise<void> {
    // A backup restarts when another process writes, and might never end; an open read transaction keeps it at one
    // moment.
    this.#beginToRead();
    try {
      // Readable by this user alone, because it holds the keys of the store.
      closeSync(openSync(path, 'a', 0o600));
      await backup(this.#database, path, {
        rate: backupPages,
        progress: ({ totalPages, remainingPages }) => onProgress(totalPages - remainingPages, totalPages),
      });
    } catch (error) {
      throw new StoreError(`Could not write the backup to '${path}': ${sqliteFailureReason(error)}`, {
        cause: error,
      });
    } finally {
      this.#endToRead();
    }
  }

  async #eachRows(table: CopiedTable, take: TakeRows): Promise<void> {
    const { select, read } = transferredTable(sqliteDialect, table);
    const rows = this.#connection.guarded(() => {
      const statement = this.#database.prepare(`${select} ${table === 'secret' ? withoutOwn : ''}`);
      statement.setReturnArrays(true);
      statement.setReadBigInts(true);
      return statement.iterate() as Iterator<unknown> as Iterator<Row>; // rows are arrays
    });
    let batch: TransferredRow[] = [];
    // An error of the receiver is no error of this store.
    for (;;) {
      const next = this.#connection.guarded(() => rows.next());
      if (next.done === true) break;
      batch.push(read(next.value));
      if (batch.length < rowsAtOnce) continue;
      await take(table, batch);
      batch = [];
    }
    if (batch.length > 0) await take(table, batch);
  }

  #endToRead(): void {
    this.#connection.guarded(() => {
      // The transaction has written nothing.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    });
  }

  /** Starts a read transaction; its snapshot is that of its first statement. */
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

  /**
   * Returns the number of a tenant.
   *
   * @returns `null` for all tenants, and an unused number for a tenant that the store does not know.
   */
  #numberOf(tenantId: string | undefined): number | null {
    return tenantId === undefined ? null : (this.#tenants.numberOf(tenantId) ?? 0);
  }

  #all(statement: string, ...values: (number | null)[]): Record<string, unknown>[] {
    return this.#connection.guarded(() => {
      const prepared = this.#database.prepare(statement);
      prepared.setReadBigInts(true);
      return prepared.all(...values);
    });
  }
}
