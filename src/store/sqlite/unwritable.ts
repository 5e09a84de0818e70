/** Opens stores that this process can read but not write: on a read-only file system, or without write permission. */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { StoreError } from '../store-errors.ts';

/** Why the store is not writable: a read-only file system, or missing permissions of this user. */
type Unwritable = 'file system' | 'rights';

/**
 * Returns why a store is not writable.
 *
 * @param path Path of an existing file.
 * @returns `undefined` where the file and its folder can be written
 */
export function unwritableBy(path: string): Unwritable | undefined {
  for (const one of [path, dirname(path)]) {
    try {
      accessSync(one, constants.W_OK);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EROFS' ? 'file system' : 'rights';
    }
  }
  return undefined;
}

/**
 * Opens a store for reading only.
 *
 * @throws StoreError that says what is missing
 */
export function openUnwritable(path: string, why: Unwritable): DatabaseSync {
  // The write-ahead log may hold the latest writes, and readers must write the shared-memory file to read it.
  const hasRest = sizeOf(`${path}-wal`) > 0;
  // No process can change a read-only file system, so neither file is needed.
  const isImmutable = why === 'file system' && !hasRest;
  let database: DatabaseSync | undefined;
  try {
    const place = isImmutable ? `${pathToFileURL(path).href}?immutable=1` : path;
    database = new DatabaseSync(place, { readOnly: true });
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database?.close();
    if (codeOf(error) !== cannotOpen && codeOf(error) !== readOnly) throw error;
    throw new StoreError(missing(path, why), { cause: error });
  }
}

/** The codes SQLITE_READONLY and SQLITE_CANTOPEN. */
const readOnly = 8;
const cannotOpen = 14;

function missing(path: string, why: Unwritable): string {
  if (why === 'file system')
    return (
      `The store '${path}' is on a read-only file system, but '${path}-wal' has changes that are not in it yet. ` +
      `Open the store where it can be written (rollcall store info), or copy a backup of it here (rollcall store backup FILE).`
    );
  return (
    `The store '${path}' cannot be opened: SQLite keeps '${path}-wal' and '${path}-shm' next to a store that is in use, and ` +
    `this user cannot write to that folder. Grant the user that right, or open a backup (rollcall store backup FILE).`
  );
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;
}
