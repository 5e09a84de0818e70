/** Reads the envelope of an upstream page: its list of values, and the next link. */
import { notReceivedMark } from './participant-list.ts';
import { stringMember, type MemberText } from '../../wire/text/members.ts';
import { NestedTooDeep, TextError } from '../../wire/text/text-error.ts';
import { Scanner } from '../../wire/text/scanner.ts';

interface NextLink {
  /** `undefined` when it is absent, null, empty, or not a string. */
  readonly nextLink: string | undefined;
  /** True when the value is neither a link nor null. */
  readonly isOdd: boolean;
}

export interface ResponsePage extends NextLink {
  /** The text of its list; absent when the page has none. */
  readonly list: Buffer | undefined;
  /** True when a Rollcall states that it did not receive the list. */
  readonly isDenied: boolean;
}

/** Reads a page. @throws TextError when the body is not a JSON object */
export function readResponsePage(body: Buffer): ResponsePage {
  const bytes = withoutByteOrderMark(body);
  const scanner = new Scanner(bytes);
  const first = scanner.peek();
  if (first !== 0x7b && first !== -1) {
    scanner.skip(); // throws when it is not even JSON
    throw new TextError('A page is a JSON object.', 'notWanted');
  }
  const collected = membersAt(scanner);
  scanner.expectEnd();
  // With two lists the intended one is unknown.
  const [value, ...others] = collected.filter(({ name }) => name === 'value');
  return {
    list:
      others.length === 0 && value && bytes[value.valueStart] === 0x5b
        ? bytes.subarray(value.valueStart, value.end)
        : undefined,
    isDenied: collected.some(({ name }) => name === notReceivedMark),
    ...nextLinkOf(bytes, collected, '@odata.nextLink'),
  };
}

/**
 * Returns the members of the object at the scanner's position, and moves behind it. A member that is nested too deep is
 * included: its text is known, and only its grammar is checked.
 */
export function membersAt(scanner: Scanner): MemberText[] {
  const mark = scanner.mark();
  const collected: MemberText[] = [];
  try {
    scanner.object(undefined, collected);
    return collected;
  } catch (error) {
    if (!(error instanceof NestedTooDeep)) throw error;
  }
  scanner.reset(mark);
  const guarded = new Scanner(scanner.bytes, scanner.pos, scanner.end);
  guarded.guardMembers();
  const members: MemberText[] = [];
  guarded.object(undefined, members);
  scanner.pos = guarded.pos;
  return members;
}

export function nextLinkOf(bytes: Buffer, collected: readonly MemberText[], name: string): NextLink {
  const [member, ...others] = collected.filter((one) => one.name === name);
  if (others.length > 0) return { nextLink: undefined, isOdd: true };
  if (member === undefined || bytes[member.valueStart] === 0x6e) return { nextLink: undefined, isOdd: false };
  const link = stringMember(bytes, collected, name);
  return { nextLink: link === '' ? undefined : link, isOdd: link === undefined };
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export function withoutByteOrderMark(body: Buffer): Buffer {
  return body.subarray(0, 3).equals(byteOrderMark) ? body.subarray(3) : body;
}
