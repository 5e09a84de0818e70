/** Compares a page of the list of calls with the checksums of its items. */
import { crc32 } from 'node:zlib';
import type { ListItem } from '../../wire/text/list-item.ts';

export function itemCheck({ before, after }: ListItem): number {
  return after === undefined ? crc32(before) : crc32(after, crc32(before));
}

/** In SQL: the lengths of the two parts of an item and its checksum; -1 for a missing part. Whole numbers, damaged or not. */
export const itemChecks = `group_concat(length(item_before) || ',' || coalesce(length(item_after), -1) || ',' ||
    coalesce(CAST(item_crc AS INTEGER), -1))`;

/**
 * @param text Items joined by commas, with the service root between the two parts of each.
 * @param checks As `itemChecks` gives them.
 * @returns False also of items that releases before the checksum wrote.
 */
export function areItemsWhole(text: Uint8Array, checks: string, root: string): boolean {
  const rootLength = Buffer.byteLength(root);
  // Parsing them as one list takes a third of the time of splitting them.
  const numbers = JSON.parse(`[${checks}]`) as readonly number[]; // as the statement joins them
  let at = 0;
  for (let i = 0; i < numbers.length; i += 3) {
    const [before, after, crc] = [numbers[i]!, numbers[i + 1]!, numbers[i + 2]!];
    let actual = crc32(text.subarray(at, at + before));
    at += before;
    if (after >= 0) {
      at += rootLength;
      actual = crc32(text.subarray(at, at + after), actual);
      at += after;
    }
    if (actual !== crc) return false;
    at++; // the comma
  }
  return at === text.length + 1;
}
