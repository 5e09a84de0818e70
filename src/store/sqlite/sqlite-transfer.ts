/** Everything in a SQLite store, to be carried to another, and back. */
import { backup, type DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { type KnownEdition } from '../next-edition.ts';
import { knownAs, movedEdition } from '../moved-edition.ts';
import { knownEditionOf, type SQLOutput } from '../rows.ts';
import { StoreError } from '../store.ts';
import {
  carried,
  type CarriedKind,
  type CarriedRow,
  type CarriedTable,
  type CarriedValue,
  ownSecrets,
  type StoreDescription,
  type TransferredEdition,
  type TransferStore,
} from '../transfer.ts';
import { addEdition } from './add-edition.ts';
import type { Connection } from './connection.ts';
import { reasonOf } from './open.ts';
import type { Tenants } from './tenants.ts';

const rowsAtOnce = 1000;
const noteName = 'transfer-note';
const isOwnSecret = `name IN (${ownSecrets.map((name) => `'${name}'`).join(', ')})`;
/** Pages copied at once, between which others may write. */
const backupPages = 1000;

export class SqliteTransfer implements TransferStore {
  readonly numbersAre = 'of the store';
  readonly #database: DatabaseSync;
  readonly #connection: Connection;
  readonly #tenants: Tenants;

  constructor(database: DatabaseSync, connection: Connection, tenants: Tenants) {
    this.#database = database;
    this.#connection = connection;
    this.#tenants = tenants;
  }

  largestEdition(): number {
    return Number(this.#value('SELECT coalesce(max(edition_no), 0) FROM edition'));
  }

  put(tenantId: string, editions: readonly TransferredEdition[]): void {
    this.#connection.transaction(() => {
      const tenant = this.#tenants.add(tenantId);
      const tally = [0, 0, 0, 0, 0, 0];
      const known = new Map<string, KnownEdition[]>();
      for (const moved of editions) {
        const { callId, edition } = moved.edition;
        const ofCall =
          known.get(callId) ??
          this.#connection.all('knownEditions', tenant, callId).map((row) => knownEditionOf(row));
        known.set(callId, ofCall);
        const { received, next, decided } = movedEdition(moved, ofCall);
        const addition = { next, known: ofCall, receivedMs: decided.receivedMs, decided };
        const added = addEdition(this.#connection, tenant, edition, received, addition);
        for (const [column, value] of added.tally.entries()) tally[column]! += value;
        ofCall.push(knownAs(moved));
      }
      if (tally[1] !== 0) this.#connection.run('addTally', tenant, ...tally);
    });
  }

  async eachRows(table: CarriedTable, take: (rows: readonly CarriedRow[]) => Promise<void>): Promise<void> {
    const { columns, from, order } = shapeOf(table);
    const own = table === 'secret' ? `WHERE NOT ${isOwnSecret}` : '';
    const statement = this.#database.prepare(
      `SELECT ${columns.map(({ read }) => read).join(', ')} FROM ${from} ${own} ORDER BY ${order}`,
    );
    statement.setReturnArrays(true);
    statement.setReadBigInts(true);
    let batch: CarriedRow[] = [];
    // Rows come as arrays, whole numbers as bigints.
    for (const row of statement.iterate() as Iterable<unknown> as Iterable<CarriedRow>) {
      batch.push(row);
      if (batch.length < rowsAtOnce) continue;
      await take(batch);
      batch = [];
    }
    if (batch.length > 0) await take(batch);
  }

  clear(tables: readonly CarriedTable[]): void {
    this.#connection.transaction(() => {
      for (const table of [...tables].reverse()) {
        const own = table === 'secret' ? ` WHERE NOT ${isOwnSecret}` : '';
        this.#database.exec(`DELETE FROM ${table}${own}`);
      }
    });
  }

  insert(table: CarriedTable, rows: readonly CarriedRow[]): void {
    const { columns } = shapeOf(table);
    this.#connection.transaction(() => {
      const names = columns.map(({ name }) => name).join(', ');
      const statement = this.#database.prepare(
        `INSERT INTO ${table} (${names}) VALUES (${columns.map(() => '?').join(', ')})`,
      );
      for (const row of rows)
        statement.run(...columns.map(({ kind }, i) => this.#kept(kind, row[i] ?? null)));
    });
  }

  note(): string | undefined {
    return this.#connection.get('secret', noteName)?.[0] as string | undefined;
  }

  setNote(text: string): void {
    this.#connection.transaction(() => {
      this.#database
        .prepare(
          'INSERT INTO secret (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
        )
        .run(noteName, text);
    });
  }

  describe(): StoreDescription {
    return this.#connection.guarded(() => {
      const all = (statement: string) => {
        const prepared = this.#database.prepare(statement);
        prepared.setReadBigInts(true);
        return prepared.all();
      };
      // An index counts to its table.
      const tables = all(`SELECT s.tbl_name AS name, sum(d.pgsize) AS bytes
        FROM dbstat d JOIN sqlite_schema s ON s.name = d.name GROUP BY s.tbl_name ORDER BY bytes DESC`);
      const logs = all('SELECT kind, count(*) AS rows FROM log_row GROUP BY kind ORDER BY kind');
      const [span] = all(`SELECT min(oldest) AS oldest, max(newest) AS newest FROM (SELECT
        (SELECT min(start_ticks) FROM listing l WHERE l.tenant_no = t.tenant_no) AS oldest,
        (SELECT max(start_ticks) FROM listing l WHERE l.tenant_no = t.tenant_no) AS newest FROM tenant t)`);
      return {
        kind: 'sqlite',
        schema: Number(this.#value('PRAGMA user_version')),
        bytes: Number(this.#value('PRAGMA page_count')) * Number(this.#value('PRAGMA page_size')),
        tables: tables.map(({ name, bytes }) => ({ name: String(name), bytes: Number(bytes) })),
        logRows: Object.fromEntries(logs.map(({ kind, rows }) => [String(kind), Number(rows)])),
        oldestTicks: (span?.['oldest'] as bigint | null) ?? undefined,
        newestTicks: (span?.['newest'] as bigint | null) ?? undefined,
      };
    });
  }

  async backup(path: string, onProgress: (done: number, total: number) => void): Promise<void> {
    try {
      await backup(this.#database, path, {
        rate: backupPages,
        progress: ({ totalPages, remainingPages }) => onProgress(totalPages - remainingPages, totalPages),
      });
    } catch (error) {
      throw new StoreError(`The backup cannot be written to '${path}': ${reasonOf(error)}`, { cause: error });
    }
  }

  #kept(kind: CarriedKind, value: CarriedValue): SQLInputValue {
    if (kind === 'tenant') return this.#tenants.add(value as string);
    return value;
  }

  #value(statement: string): SQLOutput {
    return Object.values(this.#database.prepare(statement).get() ?? {})[0] as SQLOutput;
  }
}

/** How a table is read and written: ids of tenants by their numbers, all else as it is. */
function shapeOf(table: CarriedTable) {
  const columns = Object.entries<CarriedKind>(carried[table]).map(([name, kind]) => ({
    name,
    kind,
    read: kind === 'tenant' ? 't.tenant_id' : `c.${name}`,
  }));
  const isOfTenants = columns.some(({ kind }) => kind === 'tenant');
  return {
    columns,
    from: isOfTenants ? `${table} c JOIN tenant t USING (tenant_no)` : `${table} c`,
    order: columns.map((_, i) => i + 1).join(', '),
  };
}
