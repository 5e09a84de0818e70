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
  const oddity = idOddity(bytes, collected);
  // One that is not a string gets this mark only.
  if (oddity === 'idNotString') entries.forgiveType(scanner, part);
  if (oddity !== undefined) entries.noteInEntry(part, oddity);
  return undefined;
}

/** Returns the mark of an unusable `id`; none when it is a string with a lone surrogate, which is marked as such. */
export function idOddity(
  bytes: Buffer,
  collected: readonly MemberText[],
): 'idMissing' | 'idNotString' | undefined {
  const member = collected.findLast(({ name }) => name === 'id');
  const value = member === undefined ? 'null' : bytes.toString('latin1', member.valueStart, member.end);
  if (value === 'null' || value === '""') return 'idMissing';
  return value.startsWith('"') ? undefined : 'idNotString';
}
