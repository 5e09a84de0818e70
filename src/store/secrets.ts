/** Secrets of a store: made on first use, and the same for every process ever after. */
import type { Awaitable } from '../base/awaitable.ts';

/** What an engine does for them. */
export interface Secrets {
  readonly read: (name: string) => Awaitable<string | undefined>;
  /** Writes a value where there is none, or in place of this one; another process may have been first. */
  readonly replace: (name: string, value: string, known: string | undefined) => Awaitable<void>;
}

/** @see CallRecordStore.secret */
export async function secretOf(
  { read, replace }: Secrets,
  name: string,
  create: () => Promise<string>,
  isGood: (value: string) => boolean = () => true,
): Promise<string> {
  const known = await read(name);
  if (known !== undefined && isGood(known)) return known;
  await replace(name, await create(), known);
  return (await read(name))!; // what this process wrote, or another before it
}
