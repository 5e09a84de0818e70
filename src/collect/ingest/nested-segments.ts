/** Segments of a session that go on behind a next link of their own: found in a body, and put in where they belong. */
import { Scanner } from '../../wire/text/scanner.ts';
import { membersAt, nextLinkOf, readResponsePage } from './response-page.ts';

const mark = Buffer.from('segments@odata.nextLink');

/** A session whose segments go on. */
export interface OpenSegments {
  /** Where the list of its segments ends: the offset of the closing bracket. */
  readonly at: number;
  readonly isEmpty: boolean;
  readonly nextLink: string;
}

/**
 * @param bytes A callRecord with `sessions`, or a page of sessions, without a byte order mark.
 * @returns The sessions whose segments go on; and how many there are besides whose segments do not begin, or whose link
 *   is no text, so that nothing can be put after them.
 * @throws TextError when the text is no JSON object
 */
export function openSegments(bytes: Buffer): {
  readonly open: readonly OpenSegments[];
  readonly lost: number;
} {
  const open: OpenSegments[] = [];
  if (!bytes.includes(mark)) return { open, lost: 0 };
  const members = membersAt(new Scanner(bytes));
  const list = members.find(({ name }) => name === 'sessions' || name === 'value');
  if (list === undefined || bytes[list.valueStart] !== 0x5b) return { open, lost: 0 };
  let lost = 0;
  const scanner = new Scanner(bytes, list.valueStart, list.end);
  scanner.array(() => {
    if (scanner.peek() !== 0x7b) {
      scanner.skip();
      return;
    }
    const collected = membersAt(scanner);
    const { nextLink, isOdd } = nextLinkOf(bytes, collected, 'segments@odata.nextLink');
    if (isOdd) lost++;
    if (nextLink === undefined) return;
    const segments = collected.find(({ name }) => name === 'segments');
    if (segments === undefined || bytes[segments.valueStart] !== 0x5b) {
      lost++;
      return;
    }
    const inner = bytes.subarray(segments.valueStart + 1, segments.end - 1);
    open.push({ at: segments.end - 1, isEmpty: inner.every((byte) => byte <= 0x20), nextLink });
  });
  return { open, lost };
}

/** The text between the brackets of a page's list, and where the list goes on. */
export function pageEntries(body: Buffer): {
  /** Absent when the page has no list. */
  readonly entries: Buffer | undefined;
  readonly nextLink: string | undefined;
} {
  const { bytes, value, nextLink } = readResponsePage(body);
  return { entries: value && bytes.subarray(value.valueStart + 1, value.end - 1), nextLink };
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
