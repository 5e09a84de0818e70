/** Writes the segments of a session, which are stored as one JSON array beside it, or null where none were received. */
import type { Representation } from '../../query/plan/read-plan.ts';
import { Output } from '../text/edits.ts';
import { usableId, type MemberText } from '../text/members.ts';
import { Scanner } from '../text/scanner.ts';
import { editKinds } from './entities.ts';
import type { OpenBlock } from '../text/open-block.ts';

/** Writes the member `segments` of an expanded session; omits it when nulls are omitted and there are none. */
export function writeSegments(
  out: Output,
  block: OpenBlock,
  session: number,
  representation: Representation,
): void {
  const { start, end, isEmpty } = arrayOf(block, session);
  if (isEmpty && representation.omitNulls) return;
  out.text('"segments":');
  if (isEmpty) out.text('[]');
  else writeRange(out, block, session, start, end, representation);
}

/** One segment of a session. */
export interface SegmentRange {
  readonly id: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** Returns the ranges of a session's segments in their block's text. */
export function segmentsOf(block: OpenBlock, session: number): readonly SegmentRange[] {
  const { start, end, isEmpty } = arrayOf(block, session);
  if (isEmpty) return [];
  const ranges: SegmentRange[] = [];
  const scanner = new Scanner(block.text, start, end);
  scanner.array(() => {
    const collected: MemberText[] = [];
    const from = scanner.pos;
    scanner.object(undefined, collected);
    ranges.push({ id: usableId(block.text, collected), start: from, end: scanner.pos });
  });
  return ranges;
}

/** Returns the text of some segments of a session, joined by commas. */
export function segmentsText(
  block: OpenBlock,
  session: number,
  ranges: readonly SegmentRange[],
  representation: Representation,
): Buffer {
  const out = new Output(16_384);
  for (const [i, { start, end }] of ranges.entries()) {
    if (i > 0) out.byte(0x2c);
    writeRange(out, block, session, start, end, representation);
  }
  return out.bytes();
}

function writeRange(
  out: Output,
  { text, layout }: OpenBlock,
  session: number,
  start: number,
  end: number,
  representation: Representation,
): void {
  const from = layout.editStarts[session]!;
  const to = layout.editStarts[session + 1]!;
  out.edited(text, start, end, layout.edits, from, to, editKinds(representation));
}

function arrayOf({ text, layout }: OpenBlock, session: number) {
  const start = layout.starts[session]!;
  const end = layout.ends[session]!;
  return { start, end, isEmpty: end - start <= 2 || text[start] !== 0x5b };
}
