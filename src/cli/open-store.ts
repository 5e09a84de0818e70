import type { Clock } from '../clock.ts';
import { createMemoryStore } from '../store/memory/memory-store.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../store/store.ts';

/** @param url As the `store` option takes it. @throws StoreError */
export function openStore(url: string, clock: Clock): CallRecordStore {
  return url === 'memory:'
    ? createMemoryStore({ clock })
    : openSqliteStore(url.slice('sqlite:'.length), { clock });
}
