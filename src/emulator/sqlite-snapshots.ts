/**
 * Saves and restores named snapshots of a SQLite store. Each is a file, written whole and read back table by table in one
 * transaction. Secrets and the numbers of tenants do not change, and numbers of editions are not reused, so that a skip
 * token of a removed edition is recognized as stale.
 */
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../contract/faults.ts';
import { isOfSearch, searchTables } from '../store/sqlite/schema.ts';
import type { SqliteStore } from '../store/sqlite/sqlite-store.ts';
import { StoreError } from '../store/store-errors.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../base/temporary-folder.ts';

/** A part of a file name: it cannot lead to another folder. */
export const snapshotNamePattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;

/** Tables that a restore does not change: keys in use, and numbers that this process caches. */
const kept = ['secret', 'tenant', 'lease'];
const suffix = '.db';
const callsAtOnce = 1000;

export class SqliteSnapshots implements Disposable {
  readonly #store: SqliteStore;
  #temporary: TemporaryFolder | undefined;

  constructor(store: SqliteStore) {
    this.#store = store;
  }

  /** Saves a snapshot, replacing one with the same name. @throws Fault `badEmulatorRequest` for an invalid name */
  save(name: string): void {
    const file = this.#file(name);
    mkdirSync(this.#folder(), { recursive: true, mode: 0o700 });
    const part = `${file}.part`;
    rmSync(part, { force: true });
    // Readable by this user only: it holds the keys of the store.
    closeSync(openSync(part, 'wx', 0o600));
    this.#store.connection.guarded(() => this.#store.database.prepare('VACUUM INTO ?').run(part));
    renameSync(part, file);
  }

  /** Restores a snapshot. @returns false when there is none. @throws Fault `badEmulatorRequest` for an invalid name */
  restore(name: string): boolean {
    const file = this.#file(name);
    if (!isFile(file)) return false;
    this.#store.connection.guarded(() => this.#store.database.prepare('ATTACH ? AS snapshot').run(file));
    try {
      if (this.#number('PRAGMA snapshot.user_version') !== this.#number('PRAGMA main.user_version'))
        throw new StoreError(`The snapshot '${name}' was made by another release. Delete it.`);
      this.#replace((table) => {
        const columns = this.#columns(table);
        return `INSERT INTO main."${table}" (${columns}) SELECT ${columns} FROM snapshot."${table}"`;
      });
      return true;
    } finally {
      this.#store.connection.guarded(() => this.#store.database.exec('DETACH snapshot'));
    }
  }

  /** Returns the newest stored edition; newer ones may have been removed. */
  newestThere(): number {
    return this.#number('SELECT coalesce(max(edition_no), 0) FROM edition');
  }

  list(): readonly string[] {
    const files = filesIn(this.#folder()).filter((file) => file.endsWith(suffix));
    const names = files.map((file) => file.slice(0, -suffix.length));
    return names.filter((name) => snapshotNamePattern.test(name)).sort();
  }

  /** Deletes a snapshot. @returns false when it does not exist. @throws Fault `badEmulatorRequest` for an invalid name */
  delete(name: string): boolean {
    const file = this.#file(name);
    if (!isFile(file)) return false;
    rmSync(file);
    return true;
  }

  /** Empties the store; snapshots stay. */
  clear(): void {
    this.#replace(() => undefined);
  }

  [Symbol.dispose](): void {
    this.#temporary?.remove();
  }

  /** Clears every table and fills it again; keeps sqlite_sequence, which holds the last numbers. */
  #replace(fill: (table: string) => string | undefined): void {
    const tables = this.#names(
      "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    ).filter((table) => !kept.includes(table) && !isOfSearch(table));
    this.#store.connection.transaction(() => {
      // Rows refer to rows of tables that are filled later.
      this.#store.database.exec('PRAGMA defer_foreign_keys = ON');
      for (const table of tables) this.#store.database.exec(`DELETE FROM main."${table}"`);
      for (const table of tables) {
        const statement = fill(table);
        if (statement !== undefined) this.#store.database.exec(statement);
      }
      // The search index is derived from the calls: it is built again.
      for (const table of searchTables.rows) this.#store.database.exec(`DELETE FROM ${table}`);
      for (const words of searchTables.words)
        this.#store.database.exec(`INSERT INTO ${words} (${words}) VALUES ('delete-all')`);
      this.#store.database.exec(
        'INSERT INTO search_backlog SELECT tenant_no, 9223372036854775807, 0 FROM tally WHERE calls > 0',
      );
    });
    this.#store.search.forget();
    while (this.#store.search.catchUp(callsAtOnce) > 0);
  }

  #columns(table: string): string {
    return this.#names(`SELECT name FROM pragma_table_info('${table}')`)
      .map((name) => `"${name}"`)
      .join(', ');
  }

  #names(statement: string): string[] {
    const rows = this.#store.connection.guarded(() => this.#store.database.prepare(statement).all());
    return rows.map(({ name }) => String(name));
  }

  #number(statement: string): number {
    const row = this.#store.connection.guarded(() => this.#store.database.prepare(statement).get());
    return Number(Object.values(row ?? {})[0]);
  }

  #file(name: string): string {
    checkName(name);
    return join(this.#folder(), `${name}${suffix}`);
  }

  /** Returns the folder next to the store's file, or a temporary one for a store in memory. */
  #folder(): string {
    const path = this.#store.database.location();
    if (path !== null) return `${path}-snapshots`;
    return (this.#temporary ??= makeTemporaryFolder()).path;
  }
}

function checkName(name: string): void {
  if (snapshotNamePattern.test(name)) return;
  throw new Fault(
    'badEmulatorRequest',
    'The name of a snapshot is 1 to 64 letters, digits, dots, hyphens and underscores, and does not begin with a dot or a hyphen.',
    { target: 'name' },
  );
}

/** Returns false for a symbolic link, which may lead to any file. */
function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
