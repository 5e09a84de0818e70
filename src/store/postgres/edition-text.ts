/**
 * An edition as one column instead of nineteen: for each column of a row the server describes it, the driver makes a string
 * and a parser is looked up, which on a page of participants took longer than the page (docs/performance.md).
 */
import { editionOf, type SQLOutput } from '../rows.ts';
import type { Edition } from '../store.ts';

/** In the order of `editionOf`. None of them holds a comma, a quote or a space: numbers and a digest in base64url. */
export const editionText = `ROW(e.edition_no, e.version, e.digest, e.call_no, e.start_ticks, e.end_ticks,
  e.participants_list, e.participants_count, e.participants_complete, e.participants_pages,
  e.sessions_list, e.sessions_count, e.sessions_complete, e.sessions_pages,
  e.found_list, e.found_count, e.modified_ticks, e.received_ms, e.lacking)::text`;

const digestAt = 2;
/** Versions and ticks exceed 2^53. */
const bigAt: ReadonlySet<number> = new Set([1, 4, 5, 16]);

/** @param text As the server writes a row: in parentheses, with commas, null as nothing. */
export function editionFrom(tenantId: string, callId: string, text: unknown): Edition {
  const row = (text as string)
    .slice(1, -1)
    .split(',')
    .map((one, at): SQLOutput => {
      if (one === '') return null;
      if (at === digestAt) return one;
      return bigAt.has(at) ? BigInt(one) : Number(one);
    });
  return editionOf(tenantId, callId, row);
}
