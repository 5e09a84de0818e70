/**
 * Opens a SQLite file as a Rollcall store: creates it, migrates it to this release's schema, or reports why it cannot.
 */
import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../base/clock.ts';
import type { SearchLimits } from '../find-calls.ts';
import { StoreError, StoreMissing } from '../store-errors.ts';
import { applicationId, firstSchema, migrations } from './schema.ts';
import { openUnwritable, unwritableBy } from './unwritable.ts';

const busyTimeoutMs = 10_000;

export interface SqliteOptions {
  /** Bytes of the file that may be mapped into memory; 0 disables mapping. */
  readonly mapBytes?: number;
  /** Maximum pages of the file: beyond it, SQLite reports a full disk. */
  readonly maxPages?: number;
  /** Opens for reading only, while another process writes. */
  readonly isReadOnly?: boolean;
  /** Throws instead of creating a store that does not exist. */
  readonly mustExist?: boolean;
  /** Stamps editions with the time of receipt; the system's clock when absent. */
  readonly clock?: Clock;
  /** Limits the work for a page of a search. */
  readonly searchLimits?: SearchLimits;
}

/**
 * Opens the database of a store.
 *
 * @throws StoreError with a message for the operator: no such folder, not a store, newer schema, damaged file.
 */
export function openDatabase(path: string, options: SqliteOptions = {}): DatabaseSync {
  const isNew = path === ':memory:' || !existsSync(path) || statSync(path).size === 0;
  if (isNew && options.mustExist === true) throw new StoreMissing(`'${path}'`);
  let database: DatabaseSync | undefined;
  try {
    if (options.isReadOnly === true) return openToRead(path);
    const unwritable = isNew ? undefined : unwritableBy(path);
    if (unwritable !== undefined) {
      database = openUnwritable(path, unwritable);
      refuseDamaged(database, path);
      refuseOther(database, path);
      return tuned(database);
    }
    if (isNew && path !== ':memory:') createFile(path);
    database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    if (!isNew) refuseDamaged(database, path);
    if (options.mustExist === true && isEmpty(database)) throw new StoreMissing(`'${path}'`);
    // 8 KiB: a packed page of participants fits into one leaf without overflow. FULL: an acknowledged write is on disk.
    // Deleted data is overwritten. Cells are checked when a page is read, before a damaged pointer is followed.
    database.exec(`PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON;
      PRAGMA cache_size = -16384; PRAGMA mmap_size = ${options.mapBytes ?? 0}; PRAGMA foreign_keys = ON;`);
    migrate(database, path);
    if (options.maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${options.maxPages}`);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof StoreError) throw error;
    throw new StoreError(`The store '${path}' cannot be opened: ${sqliteFailureReason(error)}`, {
      cause: error,
    });
  }
}

/** Creates a file for this user only, regardless of the umask; SQLite gives the files beside it the same mode. */
function createFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
}

/** Opens for reading; the process that writes has checked the file and migrated it. */
function openToRead(path: string): DatabaseSync {
  const unwritable = unwritableBy(path);
  return tuned(
    unwritable === undefined
      ? new DatabaseSync(path, { timeout: busyTimeoutMs, readOnly: true })
      : openUnwritable(path, unwritable),
  );
}

function tuned(database: DatabaseSync): DatabaseSync {
  database.exec('PRAGMA cache_size = -16384; PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON;');
  return database;
}

/** Throws for a store with another schema that cannot be written, and so not be migrated. */
function refuseOther(database: DatabaseSync, path: string): void {
  if (isEmpty(database)) throw new StoreMissing(`'${path}'`);
  if (pragma(database, 'user_version') < latestSchema)
    throw new StoreError(
      `The store '${path}' was created by an earlier Rollcall and must be upgraded, but it is read-only here. Open it once where it can be written.`,
    );
  refuseNewer(database, path);
}

const latestSchema = firstSchema + migrations.length - 1;

function refuseNewer(database: DatabaseSync, path: string): void {
  const version = pragma(database, 'user_version');
  if (version > latestSchema)
    throw new StoreError(
      `The store '${path}' was created by a newer Rollcall (schema ${version}, this release knows ${latestSchema}). Use that release or a newer one, or restore the backup from before the upgrade: see docs/restoring.md.`,
    );
}

function refuseDamaged(database: DatabaseSync, path: string): void {
  const id = pragma(database, 'application_id');
  const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number };
  if (id !== applicationId && tables.n > 0) {
    throw new StoreError(
      `'${path}' is a SQLite database, but not a Rollcall store. Name another file with --store.`,
    );
  }
  const pages = pragma(database, 'page_count');
  const size = pragma(database, 'page_size');
  if (statSync(path).size < pages * size && !existsSync(`${path}-wal`)) {
    throw new StoreError(`The store '${path}' is damaged: the file is truncated. Restore it from a backup.`);
  }
}

function isEmpty(database: DatabaseSync): boolean {
  return (
    pragma(database, 'user_version') === 0 &&
    database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
  );
}

function migrate(database: DatabaseSync, path: string): void {
  const version = pragma(database, 'user_version');
  if (version === latestSchema) return;
  refuseNewer(database, path);
  if (version > 0 && version < firstSchema) {
    throw new StoreError(
      `The store '${path}' was created before the first release. Import its records into a new store.`,
    );
  }
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have migrated while this one waited for the lock.
    const done = pragma(database, 'user_version');
    database.exec(done === 0 ? newestSchema() : migrations.slice(done + 1 - firstSchema).join('\n'));
    database.exec(`PRAGMA user_version = ${latestSchema}; PRAGMA application_id = ${applicationId}; COMMIT`);
  } catch (error) {
    // SQLite itself ends the transaction on a full disk: a second ROLLBACK would replace the error.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

let newestSchemaText: string | undefined;

/**
 * Returns what the migrations make of an empty database, as statements without their many `ALTER TABLE`: a new store
 * takes a tenth of the time.
 */
function newestSchema(): string {
  if (newestSchemaText !== undefined) return newestSchemaText;
  const model = new DatabaseSync(':memory:');
  model.exec(migrations.join('\n'));
  // SQLite itself creates the tables behind a virtual table, and those in `sqlite_…`.
  const rows = model
    .prepare(
      `SELECT s.sql FROM sqlite_schema s JOIN pragma_table_list t ON t.schema = 'main' AND t.name = s.tbl_name
        WHERE s.sql IS NOT NULL AND t.type <> 'shadow' AND s.name NOT GLOB 'sqlite_*' ORDER BY s.rowid`,
    )
    .all() as { sql: string }[];
  model.close();
  return (newestSchemaText = rows.map(({ sql }) => `${sql};`).join('\n'));
}

function pragma(database: DatabaseSync, name: string): number {
  const row = database.prepare(`PRAGMA ${name}`).get();
  const value = row === undefined ? undefined : Object.values(row)[0];
  return typeof value === 'number' ? value : 0;
}

/** Messages for SQLite's primary result codes (sqlite.org/rescode.html). */
const reasons: Readonly<Record<number, string>> = {
  5: 'another process has locked it.',
  8: 'the file or its folder is read-only.',
  10: 'the disk reports an input or output error.',
  11: 'the file is damaged. Restore it from a backup.',
  13: 'the disk is full.',
  14: 'the file or its folder does not exist, or this user cannot read it.',
  19: 'a new row conflicts with an existing one. Run rollcall verify to find damaged data.',
  26: 'the file is not a SQLite database, or it is damaged.',
};

/** Returns true for SQLITE_CORRUPT and SQLITE_NOTADB: the file is damaged. Any other error may be temporary. */
export function isDamage(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    [11, 26].includes(error.errcode & 0xff)
  );
}

/** Returns true for SQLITE_READONLY. */
export function isReadOnlyError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & 0xff) === 8
  );
}

/** Returns the reason of a failure as a sentence; an unknown failure has only its code. */
export function sqliteFailureReason(error: unknown): string {
  if (error instanceof Error && 'errcode' in error && typeof error.errcode === 'number') {
    return reasons[error.errcode & 0xff] ?? `SQLite reports code ${error.errcode}.`;
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return `the system reports ${error.code}.`;
  }
  return 'an unexpected error.';
}
