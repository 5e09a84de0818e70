/**
 * An edition as one column instead of twenty: for each column of a row the server describes it, the driver makes a string
 * and a parser is looked up, which on a page of participants took longer than the page (docs/performance.md).
 */
import { blockOf, editionOf, editionWidth, type Row, type SQLOutput } from '../rows.ts';
import { CallDamaged } from '../store-errors.ts';
import type { Edition } from '../edition.ts';

/** In the order of `editionOf`. None of them holds a comma, a quote or a space: numbers, a digest in base64url, marks. */
const editionColumns = `e.edition_no, e.version, e.digest, e.call_no, e.start_ticks, e.end_ticks,
  e.participants_list, e.participants_count, e.participants_complete, e.participants_pages,
  e.sessions_list, e.sessions_count, e.sessions_complete, e.sessions_pages,
  e.found_list, e.found_count, e.modified_ticks, e.received_ms, e.lacking, e.odd`;
export const editionText = `ROW(${editionColumns})::text`;

/** The same with a block: three columns. */
export const editionPageColumns = `ROW(${editionColumns},
  b.entity_count, b.text_length, b.crc, b.flags)::text, b.body, b.layout`;

/** Text: the digest and the marks. */
const textAt: ReadonlySet<number> = new Set([2, 19]);
/** Versions and ticks exceed 2^53. */
const bigAt: ReadonlySet<number> = new Set([1, 4, 5, 16]);

export function editionFrom(tenantId: string, callId: string, text: unknown): Edition {
  return editionOf(tenantId, callId, valuesOf(callId, text));
}

/** @param row Of `pageText`. */
export function pageFrom(tenantId: string, callId: string, [text, ...bytes]: Row) {
  const values = valuesOf(callId, text);
  return {
    edition: editionOf(tenantId, callId, values),
    block: bytes[0] === null ? undefined : blockOf([...values.slice(editionWidth), ...bytes], 0, callId),
  };
}

/**
 * @param text As the server writes a row: in parentheses, with commas, null as nothing.
 * @throws CallDamaged where a value is quoted: that of a digest with a comma in it would be two.
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
