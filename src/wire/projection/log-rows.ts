/** Writes log rows as the text of a page. */
import { type Edm, edms, structuredType } from '../../contract/edm.ts';
import { Output } from '../text/edits.ts';
import type { MemberText } from '../text/members.ts';
import { Scanner } from '../text/scanner.ts';

/**
 * Returns rows joined by commas.
 *
 * @param edm The model of the version. Members that only another version declares are omitted; undeclared ones are
 *   served as received.
 */
export function logRowsText(rows: readonly Uint8Array[], edm: Edm, typeName: string): Buffer {
  const own = structuredType(edm, typeName).properties;
  const foreign = [...structuredType(edms.beta, typeName).properties.keys()].filter((name) => !own.has(name));
  const out = new Output(65_536);
  for (const [i, row] of rows.entries()) {
    if (i > 0) out.byte(0x2c);
    const text = Buffer.from(row.buffer, row.byteOffset, row.byteLength);
    if (foreign.length === 0) out.bytesOf(text);
    else writeWithout(out, text, foreign);
  }
  return out.bytes();
}

function writeWithout(out: Output, row: Buffer, names: readonly string[]): void {
  const members: MemberText[] = [];
  new Scanner(row).object(undefined, members);
  out.byte(0x7b);
  let count = 0;
  for (const { name, start, end } of members) {
    if (names.includes(name)) continue;
    if (count++ > 0) out.byte(0x2c);
    out.slice(row, start, end);
  }
  out.byte(0x7d);
}
