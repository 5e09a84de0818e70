/** Generates random URLs of a known call with random preferences, each with the body that the oracle expects. */
import { chance, pick, type Random } from '../../src/emulator/generate/random.ts';
import { edms, structuredType } from '../../src/contract/edm.ts';
import { formatKeyPredicate } from '../../src/query/odata/path.ts';
import type { DirectRequest } from './direct-read.ts';
import {
  list,
  type Member,
  memberOf,
  object,
  parseTree,
  printTree,
  string,
  textOf,
  token,
  type Tree,
  type TreeObject,
} from './json-tree.ts';
import { controlled, keyOf, type Look, madeUp, preferred, received, types } from './representation-oracle.ts';

interface KnownSession {
  readonly entity: TreeObject;
  /** Distinguishes a session without segments from one with an empty list, which is not its repeat. */
  readonly isWithoutSegments: boolean;
  readonly segments: readonly TreeObject[];
}

/** A version of a call, as received. */
export interface KnownCall {
  readonly id: string;
  readonly start: string;
  readonly version: string;
  readonly head: TreeObject;
  readonly participants: readonly TreeObject[];
  /** Inferred participants, in the store's form. */
  readonly found: readonly TreeObject[];
  readonly sessions: readonly KnownSession[];
  /** Lists that were not received. */
  readonly missing: { readonly participants_v2: boolean; readonly sessions: boolean };
}

export function knownCall(text: string, found: readonly TreeObject[] = []): KnownCall {
  const record = parseTree(text) as TreeObject;
  const entries = (of: TreeObject, name: string) => {
    const held = memberOf(of, name);
    return held?.kind === 'list' ? held.items.filter((one) => isEntry(one)) : [];
  };
  const isMissing = (of: TreeObject, name: string) => memberOf(of, name)?.kind !== 'list';
  return {
    missing: {
      participants_v2: isMissing(record, 'participants_v2'),
      sessions: isMissing(record, 'sessions'),
    },
    id: textOf(memberOf(record, 'id'))!,
    start: textOf(memberOf(record, 'startDateTime'))!,
    version: (memberOf(record, 'version') as { text: string }).text,
    head: received(record, types.callRecord),
    participants: once(
      entries(record, 'participants_v2').map((one) => received(one, types.participant)),
      printTree,
    ),
    found,
    sessions: once(
      entries(record, 'sessions').map((one) => ({
        entity: received(one, types.session),
        isWithoutSegments: isMissing(one, 'segments'),
        segments: entries(one, 'segments').map((segment) => received(segment, types.segment)),
      })),
      ({ entity, segments, isWithoutSegments }) =>
        printTree(list([entity, ...segments, token(String(isWithoutSegments))])),
    ),
  };
}

/** Returns true for an object within the depth limit: other values are quarantined. */
function isEntry(tree: Tree): tree is TreeObject {
  if (tree.kind !== 'object') return false;
  // Segments are entries themselves.
  return depthOf(object(tree.members.filter(([name]) => name !== 'segments'))) < 60;
}

function depthOf(tree: Tree): number {
  if (tree.kind === 'token') return 0;
  const inner = tree.kind === 'list' ? tree.items : tree.members.map(([, value]) => value);
  return 1 + Math.max(0, ...inner.map(depthOf));
}

/** Removes entries with identical text. */
function once<T>(entries: readonly T[], textOfEntry: (entry: T) => string): readonly T[] {
  const texts = entries.map(textOfEntry);
  return entries.filter((_, i) => texts.indexOf(texts[i]!) === i);
}

export interface Question extends DirectRequest {
  /** The pages of the response, up to a few; one when it is not a list. `undefined` for a 204. */
  readonly pages: readonly (Tree | undefined)[];
}

const calls = 'communications/callRecords';

/** Generates a request. @param all All calls of the store, in the order of its list. */
export function randomQuestion(
  random: Random,
  call: KnownCall,
  all: readonly KnownCall[],
  asOf: boolean,
): Question {
  const maximum = (most: number) => Math.min(size ?? most, most);
  const size = chance(random, 0.3) ? pick(random, [1, 2, 3, 50, 200]) : undefined;
  const reconciled = chance(random, 0.3);
  const draw = (select: Look['select']): Look => ({
    select,
    omitNulls: chance(random, 0.5),
    includeUnknownEnumMembers: chance(random, 0.5),
    metadata: pick(random, ['none', 'minimal', 'minimal', 'full']),
    ieee754Compatible: chance(random, 0.25),
    deprecated: pick(random, ['as-before', 'as-before', 'empty', 'absent']),
  });
  const selection = (typeName: string): Look['select'] => {
    if (!chance(random, 0.4)) return undefined;
    const names = [...structuredType(edms.beta, typeName).properties.keys()];
    const some = names.filter(() => chance(random, 0.3));
    return some.length > 0 ? some : [pick(random, names as [string])];
  };
  const make = (
    path: string,
    look: Look,
    options: readonly string[],
    pages: readonly (Tree | undefined)[],
  ): Question => {
    const select = look.select === undefined ? [] : [`$select=${look.select.join()}`];
    const query = [...select, ...options].join('&');
    const preferences = [
      ...(look.omitNulls ? ['omit-values=nulls'] : []),
      ...(look.includeUnknownEnumMembers ? ['include-unknown-enum-members'] : []),
      ...(size === undefined ? [] : [`odata.maxpagesize=${size}`]),
      ...(asOf ? [`rollcall.as-of=${call.version}`] : []),
    ];
    const ieee754 = look.ieee754Compatible ? ';IEEE754Compatible=true' : '';
    return {
      url: query === '' ? path : `${path}?${query}`,
      version: pick(random, ['v1.0', 'v1.0', 'beta']),
      deprecated: look.deprecated,
      reconciled,
      prefer: preferences.join(', '),
      accept: `application/json;odata.metadata=${look.metadata}${ieee754}`,
      pages,
    };
  };
  const one = `${calls}${formatKeyPredicate(call.id)}`;
  const listed = reconciled ? [...call.participants, ...call.found] : call.participants;
  const expandsSegments = chance(random, 0.4);
  const expandSegments = expandsSegments ? ['$expand=segments'] : [];
  const aSession = call.sessions.length > 0 ? pick(random, call.sessions as [KnownSession]) : undefined;
  const sessionKey = aSession && keyOf(aSession.entity);
  const session = call.sessions.find(
    ({ entity }) => sessionKey !== undefined && keyOf(entity) === sessionKey,
  );
  const sessionPath = `${one}/sessions${formatKeyPredicate(sessionKey ?? '')}`;

  switch (
    pick(random, [
      'calls',
      'call',
      'call',
      'call',
      'list',
      'list',
      'entry',
      'organizer',
      'session',
      'segments',
    ])
  ) {
    case 'calls': {
      const look = draw(selection(types.callRecord));
      // A list of calls ignores a preference for a version.
      return make(
        calls,
        look,
        [],
        pagesOf(
          all.map((each) => listItem(each, look)),
          maximum(60),
          look,
        ),
      );
    }
    case 'call': {
      const look = draw(selection(types.callRecord));
      const expand = pick(random, [undefined, 'participants_v2', 'sessions'] as const);
      if (expand === undefined) return make(one, look, [], [callBody(call, look, undefined)]);
      if (expand === 'participants_v2') {
        const entries = listed.map((entry) =>
          preferred(entry, types.participant, { ...look, select: undefined }),
        );
        const expanded = {
          ...{ name: expand, entries, size: maximum(130), isMissing: call.missing.participants_v2 },
        };
        return make(one, look, [`$expand=${expand}`], [callBody(call, look, expanded)]);
      }
      const select = selection(types.session);
      const entries = call.sessions.map((each) => sessionBody(each, { ...look, select }, expandsSegments));
      const inner = [...(select === undefined ? [] : [`$select=${select.join()}`]), ...expandSegments].join(
        ';',
      );
      const expanded = {
        ...{ name: expand, entries, size: maximum(60), isMissing: call.missing.sessions },
      };
      return make(
        one,
        look,
        [`$expand=${expand}${inner === '' ? '' : `(${inner})`}`],
        [callBody(call, look, expanded)],
      );
    }
    case 'list': {
      if (chance(random, 0.5)) {
        const look = draw(selection(types.participant));
        const entries = listed.map((entry) =>
          controlled(preferred(entry, types.participant, look), types.participant, look, calls),
        );
        const pages = pagesOf(entries, maximum(130), look, call.missing.participants_v2);
        return make(`${one}/participants_v2`, look, [], pages);
      }
      const look = draw(selection(types.session));
      const entries = call.sessions.map((each) =>
        controlled(sessionBody(each, look, expandsSegments), types.session, look, calls),
      );
      const pages = pagesOf(entries, maximum(60), look, call.missing.sessions);
      return make(`${one}/sessions`, look, expandSegments, pages);
    }
    case 'entry': {
      const key = listed.length === 0 ? undefined : keyOf(pick(random, listed as [TreeObject]));
      if (key === undefined) break;
      const entry = listed.find((each) => keyOf(each) === key)!;
      const look = draw(selection(types.participant));
      const body = controlled(preferred(entry, types.participant, look), types.participant, look, calls);
      return make(`${one}/participants_v2${formatKeyPredicate(key)}`, look, [], [withContext(body, look)]);
    }
    case 'organizer': {
      const look = draw(selection(types.organizer));
      const organizer = memberOf(call.head, 'organizer_v2');
      if (organizer?.kind !== 'object') return make(`${one}/organizer_v2`, look, [], [undefined]);
      const entity = preferred(received(organizer, types.organizer), types.organizer, look);
      return make(
        `${one}/organizer_v2`,
        look,
        [],
        [withContext(controlled(entity, types.organizer, look, ''), look)],
      );
    }
    case 'session': {
      if (session === undefined) break;
      const look = draw(selection(types.session));
      const body = controlled(sessionBody(session, look, expandsSegments), types.session, look, calls);
      return make(sessionPath, look, expandSegments, [withContext(body, look)]);
    }
    case 'segments': {
      if (session === undefined) break;
      const look = draw(undefined);
      const bodyOf = (segment: TreeObject) =>
        controlled(preferred(segment, types.segment, look), types.segment, look, calls);
      const keyed = session.segments.filter((each) => keyOf(each) !== undefined);
      if (keyed.length === 0 || chance(random, 0.6))
        return make(
          `${sessionPath}/segments`,
          look,
          [],
          pagesOf(session.segments.map(bodyOf), maximum(60), look),
        );
      const key = keyOf(pick(random, keyed as [TreeObject]))!; // those that have one
      const body = bodyOf(keyed.find((each) => keyOf(each) === key)!);
      return make(`${sessionPath}/segments${formatKeyPredicate(key)}`, look, [], [withContext(body, look)]);
    }
  }
  const look = draw(undefined);
  return make(one, look, [], [callBody(call, look, undefined)]);
}

function sessionBody({ entity, segments }: KnownSession, look: Look, expandsSegments: boolean): TreeObject {
  const own = preferred(entity, types.session, look);
  if (!expandsSegments) return own;
  if (segments.length === 0 && look.omitNulls) return object(own.members);
  const entries = segments.map((segment) =>
    preferred(segment, types.segment, { ...look, select: undefined }),
  );
  return object([...own.members, ['segments', list(entries)]]);
}

interface Expanded {
  readonly name: string;
  readonly entries: readonly TreeObject[];
  readonly size: number;
  readonly isMissing: boolean;
}

/** Returns the mark of a list that was not received. @param of The member in which it is expanded. */
function missingMark(isMissing: boolean, { metadata }: Look, of = ''): readonly Member[] {
  return isMissing && metadata !== 'none' ? [[`${of}@rollcall.incomplete`, string('listMissing')]] : [];
}

function callBody({ head }: KnownCall, look: Look, expanded: Expanded | undefined): Tree {
  const own = withOrganizerContext(preferred(head, types.callRecord, look), look);
  const body = object([...own.members, ...(expanded === undefined ? [] : expansion(expanded, look))]);
  const entity = controlled(body, types.callRecord, look, calls);
  const hasTrailing =
    look.metadata !== 'none' && look.select === undefined && expanded?.name !== 'participants_v2';
  const trailing: Member[] = hasTrailing ? [['participants_v2@odata.context', madeUp]] : [];
  return withContext(object([...entity.members, ...trailing]), look);
}

function expansion({ name, entries, size, isMissing }: Expanded, look: Look): readonly Member[] {
  const missing = missingMark(isMissing, look, name);
  if (entries.length === 0 && look.omitNulls) return missing;
  return [
    ...(look.metadata === 'none' ? [] : [[`${name}@odata.context`, madeUp] as const]),
    ...missing,
    ...(entries.length > size ? [[`${name}@odata.nextLink`, madeUp] as const] : []),
    [name, list(entries.slice(0, size))],
  ];
}

/** Returns a call in the list of calls, without the identities of the deprecated list. */
function listItem({ head }: KnownCall, look: Look): TreeObject {
  const others = head.members.filter(([name]) => name !== 'participants');
  const emptied = received(object([...others, ['participants', list([])]]), types.callRecord);
  const own = withOrganizerContext(preferred(emptied, types.callRecord, look), look);
  return controlled(own, types.callRecord, look, calls);
}

function withOrganizerContext({ members }: TreeObject, look: Look): TreeObject {
  if (look.metadata === 'none') return object(members);
  return object(
    members.flatMap((member): Member[] =>
      member[0] === 'organizer_v2' ? [['organizer_v2@odata.context', madeUp], member] : [member],
    ),
  );
}

function withContext({ members }: TreeObject, { metadata }: Look): TreeObject {
  return object(metadata === 'none' ? members : [['@odata.context', madeUp], ...members]);
}

const pagesFollowed = 4;

function pagesOf(
  entries: readonly TreeObject[],
  size: number,
  look: Look,
  isMissing = false,
): readonly Tree[] {
  const missing = missingMark(isMissing, look);
  const pages: Tree[] = [];
  for (let at = 0; (at === 0 || at < entries.length) && pages.length < pagesFollowed; at += size) {
    const next: Member[] = at + size < entries.length ? [['@odata.nextLink', madeUp]] : [];
    pages.push(
      withContext(object([...missing, ...next, ['value', list(entries.slice(at, at + size))]]), look),
    );
  }
  return pages;
}
