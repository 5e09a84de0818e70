/** The id that an entry of a list is found by. */
import type { OddPart } from '../../contract/oddities.ts';
import { usableId, type MemberText } from '../../wire/text/members.ts';
import type { Scanner } from '../../wire/text/scanner.ts';
import type { OddEntries } from './odd-entries.ts';

/**
 * @param scanner Has walked the entry.
 * @returns `undefined` where the entry has none to find it by, which is marked
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
  // One with half of a character is marked as such. Of one that is no string, one mark is enough.
  else if (!value.startsWith('"')) {
    entries.forgiveType(scanner, part);
    entries.noteInEntry(part, 'idNotString');
  }
  return undefined;
}

/** The JSON text of an `id` that is not usable; `null` where there is none. */
export function idTextIn(bytes: Buffer, collected: readonly MemberText[]): string {
  const member = collected.findLast(({ name }) => name === 'id');
  return member === undefined ? 'null' : bytes.toString('latin1', member.valueStart, member.end);
}
