/**
 * Copies of everything a store holds, by name, to go back to: for developing. Secrets and the numbers of tenants stay
 * as they are, and numbers once given are not given again, so that a skip token of what is gone is known to be stale.
 */
import type { Awaitable } from './store.ts';

/** A name is safe wherever a backend keeps the copy. */
export const snapshotNamePattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;

export interface Snapshots {
  /** Takes the place of a snapshot with the same name. @param name Matches `snapshotNamePattern`. */
  save(name: string): Awaitable<void>;

  /** Brings back what the store held, all of it or none. @returns false when there is no such snapshot */
  restore(name: string): Awaitable<boolean>;

  /** What `newestEdition` of the store would give, had nothing been taken away since. */
  newestThere(tenantId: string): Awaitable<number>;

  /** Names, in order. */
  list(): Awaitable<readonly string[]>;

  /** @returns false when there is no such snapshot */
  delete(name: string): Awaitable<boolean>;

  /** Empties the store; snapshots stay. */
  clear(): Awaitable<void>;
}
