/** Removes the last entries of each `participants_v2` from JSON text and keeps every other byte. */
import type { MemberText } from '../wire/text/members.ts';
import { Scanner } from '../wire/text/scanner.ts';

/** @throws TextError when the text is not JSON */
export function withoutLastParticipants(text: Buffer, count: number): Buffer {
  if (count === 0) return text;
  const scanner = new Scanner(text);
  const kept: Buffer[] = [];
  let from = 0;
  const cut = ({ start, end }: Range) => {
    kept.push(text.subarray(from, start));
    from = end;
  };
  while (scanner.peek() !== -1) for (const range of cutsOf(scanner, count)) cut(range);
  return Buffer.concat([...kept, text.subarray(from)]);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

const openBrace = 0x7b;
const openBracket = 0x5b;

/** Returns the ranges to remove from the value at the scanner's position: a record, or an array of records. */
function cutsOf(scanner: Scanner, count: number): Range[] {
  if (scanner.peek() === openBracket) {
    const cuts: Range[] = [];
    scanner.array(() => void cuts.push(...cutsOf(scanner, count)));
    return cuts;
  }
  if (scanner.peek() !== openBrace) {
    scanner.value(undefined);
    return [];
  }
  const members: MemberText[] = [];
  scanner.object(undefined, members);
  const list = members.find(({ name }) => name === 'participants_v2');
  if (list === undefined || scanner.bytes[list.valueStart] !== openBracket) return [];
  const entries: Range[] = [];
  const walk = new Scanner(scanner.bytes, list.valueStart, list.end);
  walk.array(() => {
    walk.peek();
    const start = walk.pos;
    walk.value(undefined);
    entries.push({ start, end: walk.pos });
  });
  const first = Math.max(0, entries.length - count);
  if (entries.length === 0) return [];
  // The comma before the first of them is removed too.
  const start = first === 0 ? entries[0]!.start : entries[first - 1]!.end;
  return [{ start, end: entries.at(-1)!.end }];
}
