/** Creates the secrets of a store on first use, the same for every process. */
import type { Awaitable } from '../base/awaitable.ts';

/** The operations of an engine that secrets need. */
export interface Secrets {
  readonly read: (name: string) => Awaitable<string | undefined>;
  /** Writes a value where none is stored, or replaces this known one; another process may have been faster. */
  readonly replace: (name: string, value: string, known: string | undefined) => Awaitable<void>;
}

/**
 * Returns a secret, created on first use.
 *
 * @see CallRecordStore.secret
 */
export async function secretOf(
  { read, replace }: Secrets,
  name: string,
  create: () => Promise<string>,
  isGood: (value: string) => boolean = () => true,
): Promise<string> {
  const known = await read(name);
  if (known !== undefined && isGood(known)) return known;
  await replace(name, await create(), known);
  return (await read(name))!; // written by this process, or by another before it
}
