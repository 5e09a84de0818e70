/** Compares a page of the list of calls with the checksums of its items. */
import { crc32 } from 'node:zlib';
import type { ListItem } from '../../wire/text/list-item.ts';

export function itemCheck({ before, after }: ListItem): number {
  return after === undefined ? crc32(before) : crc32(after, crc32(before));
}

/**
 * SQL for the lengths of the two parts of an item and its checksum; -1 for a missing part. The values are whole numbers
 * even in a damaged row.
 */
export const itemChecks = `group_concat(length(item_before) || ',' || coalesce(length(item_after), -1) || ',' ||
    coalesce(CAST(item_crc AS INTEGER), -1))`;

/**
 * Returns whether every item matches its checksum.
 *
 * @param text Items joined by commas, with the service root between the two parts of each.
 * @param checks The value of `itemChecks`.
 * @returns False also for items that releases before the checksum wrote.
 */
export function areItemsWhole(text: Uint8Array, checks: string, root: string): boolean {
  const rootLength = Buffer.byteLength(root);
  // Parsing the numbers as JSON takes a third of the time of splitting the text.
  const numbers = JSON.parse(`[${checks}]`) as readonly number[]; // the statement joins them by commas
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
    at++; // skips the comma
  }
  return at === text.length + 1;
}
