/** Finds the entries of an answer in its text. */
import { stringMember, type MemberText } from '../../wire/text/members.ts';
import { Scanner } from '../../wire/text/scanner.ts';
import { callRecordsPath } from '../../query/odata/context-url.ts';
import { type OddAnswer, oddEndpointAt } from './kinds.ts';

/** The bytes of a value; `end` is exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A list in an answer, and the object that it is a member of. */
export interface EntryList {
  readonly name: 'value' | 'participants_v2' | 'sessions' | 'segments';
  readonly list: MemberText;
  readonly entries: readonly TextRange[];
  /** Members of the object that contains the list, with its next link. */
  readonly beside: readonly MemberText[];
}

/** @throws TextError when it is no object */
export function objectMembersAt(body: Buffer, start: number): readonly MemberText[] {
  const collected: MemberText[] = [];
  new Scanner(body, start).object(undefined, collected);
  return collected;
}

/** Returns the top-level lists of an answer. @throws TextError when the body is no JSON object */
export function entryListsOf(body: Buffer): readonly EntryList[] {
  const members = objectMembersAt(body, 0);
  return (['value', 'participants_v2', 'sessions'] as const).flatMap(
    (name) => listOf(body, members, name) ?? [],
  );
}

/** Returns the list that an odd answer changes. @throws TextError when the body is no JSON object */
export function entryListOf(body: Buffer, { of }: OddAnswer, endpoint: string): EntryList | undefined {
  const members = objectMembersAt(body, 0);
  const listNamed = (name: EntryList['name']) => listOf(body, members, name);
  const isSegments = oddEndpointAt(endpoint)?.entries[0] === 'segments';
  if (of === 'segments' && !isSegments)
    return listNamed('segments') ?? segmentsIn(body, listNamed('sessions') ?? listNamed('value'));
  if (endpoint !== `${callRecordsPath}/{id}`) return listNamed('value');
  if (of === 'callRecord') return undefined;
  if (of !== undefined) return listNamed(of);
  return listNamed('participants_v2') ?? listNamed('sessions');
}

function segmentsIn(body: Buffer, sessions: EntryList | undefined): EntryList | undefined {
  for (const { start } of sessions?.entries ?? []) {
    if (body[start] !== 0x7b) continue;
    const segments = listOf(body, objectMembersAt(body, start), 'segments');
    if (segments !== undefined && segments.entries.length > 0) return segments;
  }
  return undefined;
}

function listOf(body: Buffer, beside: readonly MemberText[], name: EntryList['name']): EntryList | undefined {
  const list = beside.find((one) => one.name === name);
  if (list === undefined || body[list.valueStart] !== 0x5b) return undefined;
  return { name, list, entries: itemsAt(body, list), beside };
}

function itemsAt(body: Buffer, { valueStart, end }: MemberText): TextRange[] {
  const scanner = new Scanner(body, valueStart, end);
  const items: TextRange[] = [];
  scanner.array(() => {
    scanner.skipSpace();
    const start = scanner.pos;
    scanner.value(undefined);
    items.push({ start, end: scanner.pos });
  });
  return items;
}

export function entryWithId(body: Buffer, entries: readonly TextRange[], id: string): TextRange | undefined {
  return entries.find(
    ({ start }) => body[start] === 0x7b && stringMember(body, objectMembersAt(body, start), 'id') === id,
  );
}

/** Returns the next link of a list; `undefined` on its last page. */
export function nextLinkBeside(body: Buffer, { name, beside }: EntryList): string | undefined {
  const link = stringMember(body, beside, linkName(name));
  return link === '' ? undefined : link;
}

export function linkName(list: EntryList['name']): string {
  return list === 'value' ? '@odata.nextLink' : `${list}@odata.nextLink`;
}
