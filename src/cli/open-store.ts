import type { Clock } from '../clock.ts';
import { createMemoryStore } from '../store/memory/memory-store.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Awaitable, CallRecordStore } from '../store/store.ts';

/** @param url As the `store` option takes it. @throws StoreError */
export async function openStore(url: string, clock: Clock): Promise<CallRecordStore> {
  return await opened(url, clock);
}

function opened(url: string, clock: Clock): Awaitable<CallRecordStore> {
  return url === 'memory:'
    ? createMemoryStore({ clock })
    : openSqliteStore(url.slice('sqlite:'.length), { clock });
}
