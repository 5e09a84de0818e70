/** Snapshots of the naive store: what brings back the lists as they were. */
import { checkSnapshotName, type Snapshots } from '../snapshots.ts';

/** @param isEmptied Empties instead. */
export type Restore = (isEmptied: boolean) => void;

/** @param keep Gives what brings back the present. */
export function memorySnapshots(keep: () => Restore, newestThere: () => number): Snapshots {
  const snapshots = new Map<string, Restore>();
  return {
    save(name) {
      checkSnapshotName(name);
      snapshots.set(name, keep());
    },
    restore(name) {
      checkSnapshotName(name);
      const restore = snapshots.get(name);
      restore?.(false);
      return restore !== undefined;
    },
    newestThere,
    list: () => [...snapshots.keys()].sort(),
    delete(name) {
      checkSnapshotName(name);
      return snapshots.delete(name);
    },
    clear: () => keep()(true),
  };
}
