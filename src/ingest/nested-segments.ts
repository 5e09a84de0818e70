/** Segments of a session that go on behind a next link of their own: found in a body, and put in where they belong. */
import { type MemberText, Scanner, TextError } from '../text/scanner.ts';
import { stringMember } from '../text/members.ts';
import { readPage } from './call-pages.ts';

const mark = Buffer.from('segments@odata.nextLink');

/** A session whose segments go on. */
export interface OpenSegments {
  /** Where the list of its segments ends: the offset of the closing bracket. */
  readonly at: number;
  readonly isEmpty: boolean;
  readonly nextLink: string;
}

/**
 * @param body A callRecord with `sessions`, or a page of sessions.
 * @throws TextError when it is neither
 */
export function openSegments(body: Buffer): readonly OpenSegments[] {
  if (!body.includes(mark)) return [];
  const members = membersAt(body, 0);
  const list = members.find(({ name }) => name === 'sessions' || name === 'value');
  if (list === undefined || body[list.valueStart] !== 0x5b) return [];
  const open: OpenSegments[] = [];
  const scanner = new Scanner(body, list.valueStart, list.end);
  scanner.array(() => {
    const collected: MemberText[] = [];
    scanner.object(undefined, collected);
    const nextLink = stringMember(body, collected, 'segments@odata.nextLink');
    if (nextLink === undefined) return;
    const segments = collected.find(({ name }) => name === 'segments');
    if (segments === undefined || body[segments.valueStart] !== 0x5b)
      throw new TextError('The segments of a session go on, but do not begin.', 'notWanted');
    const inner = body.subarray(segments.valueStart + 1, segments.end - 1);
    open.push({ at: segments.end - 1, isEmpty: inner.every((byte) => byte <= 0x20), nextLink });
  });
  return open;
}

/** The text between the brackets of a page's list, and where the list goes on. */
export function pageEntries(body: Buffer): { entries: Buffer; nextLink: string | undefined } {
  const { value, nextLink } = readPage(body);
  return { entries: body.subarray(value.valueStart + 1, value.end - 1), nextLink };
}

/** @param additions Texts to put in, beside the `open` ones they belong to. */
export function withSegments(
  body: Buffer,
  open: readonly OpenSegments[],
  additions: readonly (readonly Buffer[])[],
): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const [i, { at, isEmpty }] of open.entries()) {
    pieces.push(body.subarray(from, at));
    let isFirst = isEmpty;
    for (const text of additions[i] ?? []) {
      if (text.every((byte) => byte <= 0x20)) continue;
      if (!isFirst) pieces.push(Buffer.from(','));
      pieces.push(text);
      isFirst = false;
    }
    from = at;
  }
  pieces.push(body.subarray(from));
  return Buffer.concat(pieces);
}

function membersAt(body: Buffer, start: number): MemberText[] {
  const collected: MemberText[] = [];
  new Scanner(body, start).object(undefined, collected);
  return collected;
}
