/** Snapshots of a SQLite store: each a file, written whole and read back table by table in one transaction. */
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
import type { DatabaseSync } from 'node:sqlite';
import { checkSnapshotName, snapshotNamePattern, type Snapshots } from '../snapshots.ts';
import { StoreError } from '../store.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../temporary-folder.ts';
import { isOfSearch, searchTables } from './schema.ts';
import type { Connection } from './connection.ts';
import type { SqliteSearch } from './sqlite-search.ts';

/** Not part of what a store holds: keys in use, and numbers that this process has by heart. */
const kept = ['secret', 'tenant', 'claimant'];
const suffix = '.db';
const callsAtOnce = 1000;

export class SqliteSnapshots implements Snapshots, Disposable {
  readonly #database: DatabaseSync;
  readonly #connection: Connection;
  readonly #path: string;
  readonly #search: SqliteSearch;
  #temporary: TemporaryFolder | undefined;

  /** @param path Of the store: snapshots are kept in a folder beside it, or in a temporary one. */
  constructor(database: DatabaseSync, connection: Connection, search: SqliteSearch, path: string) {
    this.#database = database;
    this.#connection = connection;
    this.#search = search;
    this.#path = path;
  }

  save(name: string): void {
    const file = this.#file(name);
    mkdirSync(this.#folder(), { recursive: true, mode: 0o700 });
    const part = `${file}.part`;
    rmSync(part, { force: true });
    // For this user alone: it holds the keys of the store.
    closeSync(openSync(part, 'wx', 0o600));
    this.#connection.guarded(() => this.#database.prepare('VACUUM INTO ?').run(part));
    renameSync(part, file);
  }

  restore(name: string): boolean {
    const file = this.#file(name);
    if (!isFile(file)) return false;
    this.#connection.guarded(() => this.#database.prepare('ATTACH ? AS snapshot').run(file));
    try {
      if (this.#number('PRAGMA snapshot.user_version') !== this.#number('PRAGMA main.user_version'))
        throw new StoreError(`The snapshot '${name}' was made by another release. Delete it.`);
      this.#replace((table) => {
        const columns = this.#columns(table);
        return `INSERT INTO main."${table}" (${columns}) SELECT ${columns} FROM snapshot."${table}"`;
      });
      return true;
    } finally {
      this.#connection.guarded(() => this.#database.exec('DETACH snapshot'));
    }
  }

  newestThere(): number {
    return this.#number('SELECT coalesce(max(edition_no), 0) FROM edition');
  }

  list(): readonly string[] {
    const files = filesIn(this.#folder()).filter((file) => file.endsWith(suffix));
    const names = files.map((file) => file.slice(0, -suffix.length));
    return names.filter((name) => snapshotNamePattern.test(name)).sort();
  }

  delete(name: string): boolean {
    const file = this.#file(name);
    if (!isFile(file)) return false;
    rmSync(file);
    return true;
  }

  clear(): void {
    this.#replace(() => undefined);
  }

  [Symbol.dispose](): void {
    this.#temporary?.remove();
  }

  /** Empties every table and fills it again. sqlite_sequence is left alone: it holds the numbers once given. */
  #replace(fill: (table: string) => string | undefined): void {
    const tables = this.#names(
      "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    ).filter((table) => !kept.includes(table) && !isOfSearch(table));
    this.#connection.transaction(() => {
      // Rows refer to rows of tables that are filled later.
      this.#database.exec('PRAGMA defer_foreign_keys = ON');
      for (const table of tables) this.#database.exec(`DELETE FROM main."${table}"`);
      for (const table of tables) {
        const statement = fill(table);
        if (statement !== undefined) this.#database.exec(statement);
      }
      // The search index follows from the calls: it is written anew.
      for (const table of searchTables.rows) this.#database.exec(`DELETE FROM ${table}`);
      for (const words of searchTables.words)
        this.#database.exec(`INSERT INTO ${words} (${words}) VALUES ('delete-all')`);
      this.#database.exec(
        'INSERT INTO search_backlog SELECT tenant_no, 9223372036854775807, 0 FROM tally WHERE calls > 0',
      );
    });
    this.#search.forget();
    while (this.#search.catchUp(callsAtOnce) > 0);
  }

  #columns(table: string): string {
    return this.#names(`SELECT name FROM pragma_table_info('${table}')`)
      .map((name) => `"${name}"`)
      .join(', ');
  }

  #names(statement: string): string[] {
    const rows = this.#connection.guarded(() => this.#database.prepare(statement).all());
    return rows.map(({ name }) => String(name));
  }

  #number(statement: string): number {
    const row = this.#connection.guarded(() => this.#database.prepare(statement).get());
    return Number(Object.values(row ?? {})[0]);
  }

  #file(name: string): string {
    checkSnapshotName(name);
    return join(this.#folder(), `${name}${suffix}`);
  }

  #folder(): string {
    if (this.#path !== ':memory:') return `${this.#path}-snapshots`;
    return (this.#temporary ??= makeTemporaryFolder()).path;
  }
}

/** A link is none: it may lead to any file of the machine. */
function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
