/**
 * Reads rows stored under an id: under the id as written, else under its other keys (`otherKeysOf`). The first read
 * finds nearly everything; the others follow only when it finds nothing.
 */
import { canonicalId, otherKeysOf } from '../contract/ids.ts';

export function underKeys<T>(id: string, read: (key: string) => T | undefined): T | undefined {
  let found = read(id);
  if (found !== undefined) return found;
  for (const key of otherKeysOf(id)) {
    found = read(key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Does the same for a store that answers asynchronously. */
export async function underKeysLater<T>(
  id: string,
  read: (key: string) => Promise<T | undefined>,
): Promise<T | undefined> {
  let found = await read(id);
  if (found !== undefined) return found;
  for (const key of otherKeysOf(id)) {
    found = await read(key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Returns the key to write the rows of an id under: the one that has rows already, else the canonical id. */
export function writtenKey(id: string, hasRows: (key: string) => boolean): string {
  return underKeys(id, (key) => (hasRows(key) ? key : undefined)) ?? canonicalId(id);
}
