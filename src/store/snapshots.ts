/**
 * Copies of everything a store holds, by name, to go back to: for developing. Secrets and the numbers of tenants stay
 * as they are, and numbers once given are not given again, so that a skip token of what is gone is known to be stale.
 */
import { Fault } from '../faults.ts';
import type { Awaitable } from './store.ts';

/** A name is safe wherever a backend keeps the copy: as a part of a file's name, it leads to no other folder. */
export const snapshotNamePattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;

/** Every backend calls this before it makes anything of a name. @throws Fault `badStage` */
export function checkSnapshotName(name: string): void {
  if (snapshotNamePattern.test(name)) return;
  throw new Fault(
    'badStage',
    'The name of a snapshot is 1 to 64 letters, digits, dots, hyphens and underscores, and does not begin with a dot or a hyphen.',
    { target: 'name' },
  );
}

export interface Snapshots {
  /** Takes the place of a snapshot with the same name. @throws Fault `badStage` for what is no name. */
  save(name: string): Awaitable<void>;

  /**
   * Brings back what the store held, all of it or none.
   *
   * @returns false when there is no such snapshot
   * @throws Fault `badStage` for what is no name
   */
  restore(name: string): Awaitable<boolean>;

  /** What `newestEdition` of the store would give, had nothing been taken away since. */
  newestThere(tenantId: string): Awaitable<number>;

  /** Names, in order. */
  list(): Awaitable<readonly string[]>;

  /** @returns false when there is no such snapshot. @throws Fault `badStage` for what is no name */
  delete(name: string): Awaitable<boolean>;

  /** Empties the store; snapshots stay. */
  clear(): Awaitable<void>;
}
