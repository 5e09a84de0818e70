/** Opens the snapshots of a SQLite store, as `dev` does. */
import { SqliteSnapshots } from '../../src/emulator/sqlite-snapshots.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';

export function snapshotsOf(store: CallRecordStore): SqliteSnapshots {
  if (store instanceof SqliteStore) return new SqliteSnapshots(store);
  throw new TypeError('The store is not a SQLite store.');
}
