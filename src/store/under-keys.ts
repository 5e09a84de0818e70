/**
 * Reads what is stored under an id: under the id as it is written, else under its other keys (`otherKeysOf`). The first read
 * finds nearly everything; the others follow only where it finds nothing.
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

/** The same of a store that answers later. */
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

/** The key that rows of an id are written under: the one that has rows already, else the canonical id. */
export function writtenKey(id: string, hasRows: (key: string) => boolean): string {
  return underKeys(id, (key) => (hasRows(key) ? key : undefined)) ?? canonicalId(id);
}
