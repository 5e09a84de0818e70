/**
 * Reads an edition as one column instead of twenty. For each column of a row, the server sends a description, and the
 * driver makes a string and looks up a parser; on a page of participants this took longer than the page
 * (docs/performance.md).
 */
import { blockOf, editionOf, editionWidth, type Row, type SQLOutput } from '../rows.ts';
import { CallDamaged } from '../store-errors.ts';
import type { Edition } from '../edition.ts';

/**
 * In the order of `editionOf`. No value holds a comma, a quote or a space: they are numbers, a base64url digest and
 * oddities.
 */
const editionColumns = `e.edition_no, e.version, e.digest, e.call_no, e.start_ticks, e.end_ticks,
  e.participants_list, e.participants_count, e.participants_complete, e.participants_pages,
  e.sessions_list, e.sessions_count, e.sessions_complete, e.sessions_pages,
  e.found_list, e.found_count, e.modified_ticks, e.received_ms, e.lacking, e.odd`;
export const editionText = `ROW(${editionColumns})::text`;

/** The same columns with a block, as three columns. */
export const editionPageColumns = `ROW(${editionColumns},
  b.entity_count, b.text_length, b.crc, b.flags)::text, b.body, b.layout`;

/** Columns that are text: the digest and the oddities. */
const textAt: ReadonlySet<number> = new Set([2, 19]);
/** Columns that may exceed 2^53: versions and ticks. */
const bigAt: ReadonlySet<number> = new Set([1, 4, 5, 16]);

export function editionFrom(tenantId: string, callId: string, text: unknown): Edition {
  return editionOf(tenantId, callId, valuesOf(callId, text));
}

/**
 * Returns the edition and the block in a row.
 *
 * @param row A row of `pageText`.
 */
export function pageFrom(tenantId: string, callId: string, [text, ...bytes]: Row) {
  const values = valuesOf(callId, text);
  return {
    edition: editionOf(tenantId, callId, values),
    block: bytes[0] === null ? undefined : blockOf([...values.slice(editionWidth), ...bytes], 0, callId),
  };
}

/**
 * Splits a row value.
 *
 * @param text As the server writes a row: in parentheses, with commas, null as nothing.
 * @throws CallDamaged where a value is quoted, because a valid value never is.
 */
function valuesOf(callId: string, text: unknown): SQLOutput[] {
  if ((text as string).includes('"')) throw new CallDamaged(callId);
  return (text as string)
    .slice(1, -1)
    .split(',')
    .map((one, at): SQLOutput => {
      if (one === '') return null;
      if (textAt.has(at)) return one;
      return bigAt.has(at) ? BigInt(one) : Number(one);
    });
}
