/** Makes an answer odd by changing its text in one place. */
import { hash } from 'node:crypto';
import { stringMember, type MemberText } from '../../wire/text/members.ts';
import { TextError } from '../../wire/text/text-error.ts';
import {
  type EntryList,
  entryWithId,
  linkName,
  entryListOf,
  entryListsOf,
  objectMembersAt,
  nextLinkBeside,
  type TextRange,
} from './entries.ts';
import { type OddAnswer, oddEndpointAt, type OddKind, unsupportedOddReason } from './kinds.ts';

/** The context of an answer. */
interface AnsweredPage {
  readonly endpoint: string;
  readonly path: string;
  /** The path and query of the request. */
  readonly target: string;
  /** The service root with its version; an answer that contains one overrides it. */
  readonly serviceRoot: string;
  /** Marks a link with the fault, so that the request that follows it is recognized. */
  readonly marked: (link: string) => string;
  /** The last entry of the previous page, if known. */
  readonly before: Buffer | undefined;
}

interface Edit extends TextRange {
  readonly text: string | Buffer;
}

/** An answer, the change to make, and the list that changes; no list where the answer is one entity. */
interface Subject {
  readonly body: Buffer;
  readonly odd: OddAnswer;
  readonly page: AnsweredPage;
  readonly list: EntryList | undefined;
}

/** The edit of each kind; `undefined` when the answer has nothing to change. */
const changes: Readonly<Record<OddKind, (subject: Subject) => Edit | undefined>> = {
  nullId: (subject) => withValue(memberOf(subject, 'id'), 'null'),
  missingId: (subject) => without(membersOf(subject), 'id'),
  duplicateEntry({ body, list, ...rest }) {
    const entry = entryOf({ body, list, ...rest });
    return entry && list && { start: entry.end, end: entry.end, text: `,${textOf(body, entry)}` };
  },
  nullItem({ list, ...rest }) {
    const entry = entryOf({ list, ...rest });
    return entry && list && { start: entry.start, end: entry.start, text: 'null,' };
  },
  nullStart(subject) {
    const { time = 'startDateTime' } = oddEndpointAt(subject.page.endpoint) ?? {};
    return withValue(memberOf(subject, time), 'null');
  },
  surrogate: (subject) => surrogate(subject.body, membersOf(subject), subject.odd.member),
  wrongType({ body, odd, ...rest }) {
    const members = membersOf({ body, odd, ...rest });
    const member =
      odd.member === undefined ? usualMember(body, members) : members.find(({ name }) => name === odd.member);
    return member && withValue(member, otherType(body, member));
  },
  overlappingPages({ list, page: { before } }) {
    const first = list?.entries[0];
    if (before === undefined || first === undefined) return undefined;
    return { start: first.start, end: first.start, text: Buffer.concat([before, Buffer.from(',')]) };
  },
  emptyPage: ({ body, list, page }) => list && emptyPage(body, list, page),
  repeatedLink: ({ body, list, page }) => list && repeatedLink(body, list, page),
  emptyLink: ({ body, list }) =>
    list && nextLinkBeside(body, list) === undefined ? linkEdit(list, '') : undefined,
  byteOrderMark: () => ({ start: 0, end: 0, text: '\ufeff' }),
  // The store changes instead of the answer.
  newVersion: () => undefined,
};

/** Returns the changed body; undefined when the answer has nothing to change. */
export function oddBody(body: Buffer, odd: OddAnswer, page: AnsweredPage): Buffer | undefined {
  if (unsupportedOddReason(odd, page.endpoint) !== undefined) return undefined;
  try {
    const edit = changes[odd.odd]({ body, odd, page, list: entryListOf(body, odd, page.endpoint) });
    if (edit === undefined) return undefined;
    return Buffer.concat([body.subarray(0, edit.start), Buffer.from(edit.text), body.subarray(edit.end)]);
  } catch (error) {
    if (error instanceof TextError) return undefined; // no object
    throw error;
  }
}

function textOf(body: Buffer, { start, end }: TextRange): string {
  return body.toString('utf8', start, end);
}

/** Returns the URL of a path as the client reaches it. */
function linkTo(body: Buffer, { serviceRoot }: AnsweredPage, path: string): string {
  const context = stringMember(body, objectMembersAt(body, 0), '@odata.context');
  const root = context?.split('/$metadata', 1)[0] ?? serviceRoot;
  return `${root}/${path.split('/').slice(2).join('/')}`;
}

const callPath = /^.*?\/callRecords(?:\/[^/]+|\([^)]*\))/;

/** Returns the URL of the first page of an expanded list; `undefined` where it has none. */
function firstPage(body: Buffer, list: EntryList, page: AnsweredPage): string | undefined {
  const known = nextLinkBeside(body, list);
  // The next link carries the options of the expansion.
  if (known !== undefined)
    return known.replace(/([?&])(?:\$|%24)skiptoken=[^&]*(?:&|$)/i, '$1').replace(/[?&]$/, '');
  const [call] = callPath.exec(page.path) ?? [];
  if (call === undefined) return undefined;
  const ofCall = linkTo(body, page, call);
  const { name, beside, entries } = list;
  if (name === 'participants_v2') return `${ofCall}/${name}`;
  if (name === 'sessions')
    return `${ofCall}/${name}${entries.some((entry) => hasSegments(body, entry)) ? '?$expand=segments' : ''}`;
  const session = stringMember(body, beside, 'id');
  return session && `${ofCall}/sessions/${encodeURIComponent(session)}/segments`;
}

function hasSegments(body: Buffer, { start }: TextRange): boolean {
  return body[start] === 0x7b && objectMembersAt(body, start).some(({ name }) => name === 'segments');
}

/** Links a page to itself, and an expanded list to its first page, which then links to itself. */
function repeatedLink(body: Buffer, list: EntryList, page: AnsweredPage): Edit | undefined {
  if (list.name === 'value') return linkEdit(list, linkTo(body, page, page.target));
  const link = firstPage(body, list, page);
  return link === undefined ? undefined : linkEdit(list, page.marked(link));
}

/** An empty page whose next link leads to what the page would have been. */
function emptyPage(body: Buffer, list: EntryList, page: AnsweredPage): Edit | undefined {
  const { valueStart, end } = list.list;
  const link = list.name === 'value' ? linkTo(body, page, page.target) : firstPage(body, list, page);
  if (link === undefined || list.entries.length === 0) return undefined;
  const edit = linkEdit(list, page.marked(link));
  if (edit.start < valueStart) {
    const between = body.toString('utf8', edit.end, valueStart);
    return { start: edit.start, end, text: `${edit.text}${between}[]` };
  }
  const between = body.toString('utf8', end, edit.start);
  return { start: valueStart, end: edit.end, text: `[]${between}${edit.text}` };
}

function linkEdit({ name, list, beside }: EntryList, link: string): Edit & { readonly text: string } {
  const known = beside.find((one) => one.name === linkName(name));
  const text = JSON.stringify(link);
  if (known !== undefined) return { start: known.valueStart, end: known.end, text };
  return { start: list.start, end: list.start, text: `${JSON.stringify(linkName(name))}:${text},` };
}

function entryOf({ body, odd, page, list }: Subject): TextRange | undefined {
  return list === undefined ? wholeEntity(body, odd, page) : chosen(body, list.entries, odd, page);
}

/** Returns the members of the entry; none if it is not an object. */
function membersOf(subject: Subject): readonly MemberText[] {
  const entry = entryOf(subject);
  return entry === undefined || subject.body[entry.start] !== 0x7b
    ? []
    : objectMembersAt(subject.body, entry.start);
}

function memberOf(subject: Subject, name: string): MemberText | undefined {
  return membersOf(subject).find((one) => one.name === name);
}

function withValue(member: MemberText | undefined, text: string): Edit | undefined {
  return member && { start: member.valueStart, end: member.end, text };
}

/** Returns the whole answer, if it is one entity that the rule selects. */
function wholeEntity(body: Buffer, { of, id }: OddAnswer, { endpoint }: AnsweredPage): TextRange | undefined {
  const known = oddEndpointAt(endpoint);
  if (known === undefined || known.isList || (of !== undefined && of !== known.entries[0])) return undefined;
  const entity = { start: 0, end: body.length };
  return id === undefined ? entity : entryWithId(body, [entity], id);
}

function chosen(
  body: Buffer,
  entries: readonly TextRange[],
  { index, seed, id }: OddAnswer,
  { path }: AnsweredPage,
): TextRange | undefined {
  if (id !== undefined) return entryWithId(body, entries, id);
  if (seed === undefined) return entries[index ?? 0];
  // By the path only: skip tokens differ between stores.
  const number = hash('sha256', `${seed} ${path}`, 'buffer').readUInt32BE(0);
  return entries[number % Math.max(1, entries.length)];
}

/** Removes a member with the comma behind it, or with the one before it where it is the last. */
function without(members: readonly MemberText[], name: string): Edit | undefined {
  const at = members.findIndex((one) => one.name === name);
  const [before, member, after] = [members[at - 1], members[at], members[at + 1]];
  if (member === undefined) return undefined;
  if (after !== undefined) return { start: member.start, end: after.start, text: '' };
  return { start: before?.end ?? member.start, end: member.end, text: '' };
}

/** Appends half of a surrogate pair to a string, preferably a name. */
function surrogate(body: Buffer, members: readonly MemberText[], name: string | undefined): Edit | undefined {
  const strings = stringsIn(body, members);
  const wanted =
    name === undefined
      ? (strings.find((one) => /displayName$/i.test(one.name)) ?? strings.find(isText))
      : (strings.find((one) => one.name === name) ?? strings.find((one) => one.within === name));
  return wanted && { start: wanted.end - 1, end: wanted.end - 1, text: '\\ud83d' };
}

function isText({ name }: StringMember): boolean {
  return !/@|id$|DateTime$|Type$/i.test(name);
}

interface StringMember extends MemberText {
  /** The member of the entry that contains it. */
  readonly within: string;
}

function stringsIn(body: Buffer, members: readonly MemberText[], within?: string): StringMember[] {
  return members.flatMap((member) => {
    const top = within ?? member.name;
    if (body[member.valueStart] === 0x22) return [{ ...member, within: top }];
    return body[member.valueStart] === 0x7b
      ? stringsIn(body, objectMembersAt(body, member.valueStart), top)
      : [];
  });
}

/** Returns the default member for a wrong type: one that collectors do not use as a key. */
function usualMember(body: Buffer, members: readonly MemberText[]): MemberText | undefined {
  const usual = ['modalities', 'identity', 'duration', 'caller'];
  const candidates = members.filter(
    ({ name, valueStart }) => name !== 'id' && !name.includes('@') && body[valueStart] !== 0x6e,
  );
  return candidates.find(({ name }) => usual.includes(name)) ?? candidates[0];
}

function otherType(body: Buffer, { valueStart }: MemberText): string {
  const first = body[valueStart];
  if (first === 0x22) return '0';
  if (first === 0x7b || first === 0x5b) return '"another type"';
  return '{}';
}

/** Returns the last entry of each list that has a next link, by that link. */
export function lastEntries(
  body: Buffer,
  endpoint: string,
): readonly { readonly link: string; readonly entry: Buffer }[] {
  if (oddEndpointAt(endpoint) === undefined) return [];
  try {
    return entryListsOf(body).flatMap((list) => {
      const [link, last] = [nextLinkBeside(body, list), list.entries.at(-1)];
      if (link === undefined || last === undefined) return [];
      return [{ link, entry: Buffer.from(body.subarray(last.start, last.end)) }];
    });
  } catch (error) {
    if (error instanceof TextError) return [];
    throw error;
  }
}
