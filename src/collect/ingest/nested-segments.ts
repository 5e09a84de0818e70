/** Finds sessions whose segments continue behind a next link, and inserts the further segments. */
import { Scanner } from '../../wire/text/scanner.ts';
import { membersAt, nextLinkOf, readResponsePage } from './response-page.ts';

const mark = Buffer.from('segments@odata.nextLink');

/** A session whose segments continue. */
export interface OpenSegments {
  /** The offset of the closing bracket of its segments. */
  readonly at: number;
  readonly isEmpty: boolean;
  readonly nextLink: string;
}

/**
 * Finds the sessions whose segments continue.
 *
 * @param bytes A callRecord with `sessions`, or a page of sessions, without a byte order mark.
 * @returns The sessions whose segments continue; and the number of others that cannot be continued, because they have
 *   no segments or their link is not a string.
 * @throws TextError when the text is not a JSON object
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

/** Returns the text between the brackets of a page's list, and its next link. */
export function pageEntries(body: Buffer): {
  /** Absent when the page has no list. */
  readonly entries: Buffer | undefined;
  readonly nextLink: string | undefined;
} {
  const { list, nextLink } = readResponsePage(body);
  return { entries: list?.subarray(1, -1), nextLink };
}

/** Inserts segments. @param additions The texts to insert, in the order of `open`. */
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
