/** Reads the id by which an entry of a list is found. */
import type { OddPart } from '../../contract/oddities.ts';
import { usableId, type MemberText } from '../../wire/text/members.ts';
import type { Scanner } from '../../wire/text/scanner.ts';
import type { OddEntries } from './odd-entries.ts';

/**
 * Returns the id of an entry.
 *
 * @param scanner Has walked the entry.
 * @returns `undefined` when the entry has no usable id, which is marked
 */
export function entryId(
  scanner: Scanner,
  collected: readonly MemberText[],
  entries: OddEntries,
  part: OddPart,
): string | undefined {
  const { bytes } = scanner;
  const id = usableId(bytes, collected);
  if (id !== undefined) return id;
  const value = idTextIn(bytes, collected);
  if (value === 'null' || value === '""') entries.noteInEntry(part, 'idMissing');
  // An id with a lone surrogate is marked as such; one that is not a string gets this mark only.
  else if (!value.startsWith('"')) {
    entries.forgiveType(scanner, part);
    entries.noteInEntry(part, 'idNotString');
  }
  return undefined;
}

/** Returns the JSON text of an unusable `id`; `null` when it is absent. */
export function idTextIn(bytes: Buffer, collected: readonly MemberText[]): string {
  const member = collected.findLast(({ name }) => name === 'id');
  return member === undefined ? 'null' : bytes.toString('latin1', member.valueStart, member.end);
}
