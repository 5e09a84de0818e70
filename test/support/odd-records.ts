/**
 * Generates records with oddities at chosen places, with what a store makes of them: an oracle that applies the rules
 * without the production code. A record is valid apart from its oddities, so that a failing property shrinks to the
 * relevant one.
 */
import fc from 'fast-check';
import { edms, type Property, structuredType } from '../../src/contract/edm.ts';
import {
  list,
  type Member,
  memberOf,
  nothing,
  object,
  parseTree,
  printTree,
  string,
  textOf,
  token,
  type Tree,
  type TreeObject,
} from './json-tree.ts';
import { looseText, randomRecord } from './random-records.ts';
import { received, types } from './representation-oracle.ts';
import { randomFor } from '../../src/emulator/generate/random.ts';

const lists = ['participants_v2', 'sessions', 'segments'] as const;
type ListName = (typeof lists)[number];

/** Kinds of oddities of an entry, each with its mark. */
const entryKinds = {
  nullId: 'idMissing',
  noId: 'idMissing',
  emptyId: 'idMissing',
  numericId: 'idNotString',
  objectAsId: 'idNotString',
  wrongType: 'wrongType',
  surrogate: 'loneSurrogate',
  memberTwice: 'memberTwice',
  repeated: 'repeatedAcrossPages',
  sameId: undefined,
  nullEntry: 'setAside',
  textEntry: 'setAside',
  listEntry: 'setAside',
  tooDeep: 'setAside',
} as const;
/** …and of the record itself. */
const recordKinds = {
  wrongType: 'wrongType',
  surrogate: 'loneSurrogate',
  memberTwice: 'memberTwice',
} as const;
type EntryKind = keyof typeof entryKinds;
type RecordKind = keyof typeof recordKinds;

type Oddity =
  | { readonly of: ListName; readonly kind: EntryKind; readonly at: number }
  | { readonly of: 'record'; readonly kind: RecordKind; readonly at: number };

export interface RecordPlan {
  readonly seed: number;
  readonly participants: number;
  readonly sessions: number;
  readonly odd: readonly Oddity[];
}

export interface PlannedRecord {
  readonly id: string;
  /** The text as imported. */
  readonly text: string;
  /** The stored entries of each list; `undefined` when the record has no list. */
  readonly participants: readonly TreeObject[] | undefined;
  /** With their segments, as expanded. */
  readonly sessions: readonly TreeObject[] | undefined;
  /** The call's marks, as `part.reason`. */
  readonly marks: readonly string[];
}

/** Generates a list's length: usually small, about a page and a block, or any number up to the limit. */
function countArbitrary(block: number, most: number) {
  return fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 4 }) },
    { weight: 1, arbitrary: fc.integer({ min: block - 1, max: block + 1 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: most }) },
  );
}

const oddArbitrary: fc.Arbitrary<Oddity> = fc.oneof(
  fc.record({
    of: fc.constantFrom(...lists),
    kind: fc.constantFrom(...(Object.keys(entryKinds) as EntryKind[])),
    at: fc.nat(1000),
  }),
  fc.record({
    of: fc.constant('record' as const),
    kind: fc.constantFrom(...(Object.keys(recordKinds) as RecordKind[])),
    at: fc.nat(1000),
  }),
);

export const recordPlan: fc.Arbitrary<RecordPlan> = fc.record({
  seed: fc.nat(2 ** 31 - 1),
  participants: countArbitrary(130, 400),
  sessions: countArbitrary(60, 130),
  odd: fc.array(oddArbitrary, { maxLength: 5 }),
});

export function plannedRecord(plan: RecordPlan, number: number): PlannedRecord {
  const { seed, participants, sessions, odd } = plan;
  const { id, tree } = randomRecord(seed, number, { counts: { participants, sessions } });
  const marks = new Set<string>();
  let record = tree;
  for (const oddity of odd) record = withOddity(record, oddity, marks);
  const stored = storedOf(record, marks);
  // Equal entries must have equal text, so no escapes are used.
  const isPlain = [...marks].some((mark) => mark.endsWith('.repeatedAcrossPages'));
  const text = looseText(record, randomFor(seed, 'loose', number), isPlain);
  return { id, text, ...stored, marks: [...marks] };
}

function withOddity(record: TreeObject, oddity: Oddity, marks: Set<string>): TreeObject {
  if (oddity.of === 'record') {
    const changed = changedEntity(record, types.callRecord, oddity.kind, oddity.at);
    if (changed !== record) marks.add(`record.${recordKinds[oddity.kind]}`);
    return changed;
  }
  const { of, kind, at } = oddity;
  const mark = entryKinds[kind];
  const part = of === 'participants_v2' ? 'participants' : of;
  const note = () => {
    if (mark !== undefined && mark !== 'repeatedAcrossPages') marks.add(`${part}.${mark}`);
  };
  if (of !== 'segments')
    return withList(record, of, (items) => changedList(items, typeOf(of), kind, at, note));
  return withList(record, 'sessions', (sessions) => {
    const hosts = sessions.flatMap((one, i) => (listOf(one, 'segments') === undefined ? [] : [i]));
    const host = hosts[at % Math.max(1, hosts.length)];
    return sessions.map((session, i) =>
      i === host
        ? withList(session as TreeObject, of, (items) => changedList(items, types.segment, kind, at, note))
        : session,
    );
  });
}

function typeOf(name: ListName): string {
  return name === 'participants_v2' ? types.participant : name === 'sessions' ? types.session : types.segment;
}

function listOf(tree: Tree, name: string): readonly Tree[] | undefined {
  const held = tree.kind === 'object' ? memberOf(tree, name) : undefined;
  return held?.kind === 'list' ? held.items : undefined;
}

/** Replaces a list of the record. */
export function withList(
  tree: TreeObject,
  name: string,
  change: (items: readonly Tree[]) => readonly Tree[],
): TreeObject {
  return object(
    tree.members.map(([one, held]) =>
      one === name && held.kind === 'list' ? [one, list(change(held.items))] : [one, held],
    ),
  );
}

const notEntries = { nullEntry: nothing, textEntry: string('not an entry'), listEntry: list([]) } as const;

function changedList(
  items: readonly Tree[],
  typeName: string,
  kind: EntryKind,
  at: number,
  note: () => void,
): readonly Tree[] {
  const place = at % Math.max(1, items.length);
  if (kind === 'nullEntry' || kind === 'textEntry' || kind === 'listEntry') {
    note();
    return items.toSpliced(place, 0, notEntries[kind]);
  }
  const entry = items[place];
  if (entry?.kind !== 'object') return items;
  if (kind === 'repeated') return [...items, entry];
  if (kind === 'sameId') return [...items, object([...entry.members, ['another', string('text')]])];
  const changed =
    kind === 'tooDeep'
      ? object([...entry.members, ['deep', nested(200)]])
      : changedEntity(entry, typeName, kind, at);
  if (changed !== entry) note();
  return items.with(place, changed);
}

function nested(depth: number): Tree {
  let tree: Tree = nothing;
  for (let i = 0; i < depth; i++) tree = list([tree]);
  return tree;
}

/** Applies an oddity. @returns The entity itself when it does not apply */
function changedEntity(
  entity: TreeObject,
  typeName: string,
  kind: Exclude<EntryKind, 'repeated' | 'sameId' | 'tooDeep' | `${string}Entry`>,
  at: number,
): TreeObject {
  switch (kind) {
    case 'nullId':
      return withMember(entity, 'id', nothing);
    case 'noId':
      return object(entity.members.filter(([name]) => name !== 'id'));
    case 'emptyId':
      return withMember(entity, 'id', string(''));
    case 'numericId':
      return withMember(entity, 'id', token('17'));
    case 'objectAsId':
      return withMember(entity, 'id', object([['id', string('x')]]));
    case 'wrongType':
    case 'surrogate':
    case 'memberTwice': {
      const declared = declaredMembers(entity, typeName, kind === 'surrogate');
      const chosen = declared[at % Math.max(1, declared.length)];
      if (chosen === undefined) return entity;
      const [name, value, property] = chosen;
      if (kind === 'wrongType') return withMember(entity, name, wrongValue(property, at));
      if (kind === 'memberTwice') return object([...entity.members, [name, value]]);
      return withMember(entity, name, string(`${textOf(value) ?? ''}\ud83d`));
    }
  }
}

function withMember(entity: TreeObject, name: string, value: Tree): TreeObject {
  const isThere = memberOf(entity, name) !== undefined;
  return isThere
    ? object(entity.members.map(([one, held]): Member => [one, one === name ? value : held]))
    : object([[name, value], ...entity.members]);
}

/** Members that determine the call and its lists are not changed: that would concern the whole line. */
const keys = new Set(['id', 'version', 'startDateTime', 'participants_v2', 'sessions', 'segments']);

function declaredMembers(
  entity: TreeObject,
  typeName: string,
  isText: boolean,
): (readonly [string, Tree, Property])[] {
  const { properties } = structuredType(edms.beta, typeName);
  const seen = new Set<string>();
  return entity.members.flatMap(([name, value]) => {
    const property = properties.get(name);
    if (property === undefined || keys.has(name) || seen.has(name)) return [];
    seen.add(name);
    if (isText && (property.collection || property.type !== 'Edm.String' || textOf(value) === undefined))
      return [];
    return [[name, value, property] as const];
  });
}

/** Returns a value of a JSON type that the property cannot have. */
function wrongValue({ collection, type }: Property, at: number): Tree {
  const isStructured = edms.beta.types.get(type)?.kind !== 'enum' && edms.beta.types.has(type);
  const others = [
    ...(collection ? [string('one'), object([])] : [list([token('1')])]),
    ...(!collection && !isStructured ? [object([['a', nothing]])] : []),
    ...(isStructured && !collection ? [string('text'), token('7')] : []),
  ];
  return others[at % others.length]!;
}

/** Returns what is stored: objects within the depth limit, each text once, in wire form. */
function storedOf(record: TreeObject, marks: Set<string>): Pick<PlannedRecord, 'participants' | 'sessions'> {
  const participants = listOf(record, 'participants_v2');
  const sessions = listOf(record, 'sessions');
  return {
    participants:
      participants &&
      once(
        participants.filter(isKept).map((one) => received(one, types.participant)),
        'participants',
        marks,
      ),
    sessions:
      sessions &&
      once(
        sessions.filter(isKept).map((one) => {
          const segments = listOf(one, 'segments');
          const kept = segments?.filter(isKept).map((segment) => received(segment, types.segment)) ?? [];
          if (kept.some(hasNoId)) marks.add('segments.idMissing');
          return object([...received(one, types.session).members, ['segments', list(kept)]]);
        }),
        'sessions',
        marks,
      ),
  };
}

/** Many segments of random records have no id. */
function hasNoId(entity: TreeObject): boolean {
  const id = memberOf(entity, 'id');
  return id === undefined || (id.kind === 'token' && (id.text === 'null' || id.text === '""'));
}

function isKept(tree: Tree): tree is TreeObject {
  return tree.kind === 'object' && memberOf(tree, 'deep') === undefined;
}

function once(entries: readonly TreeObject[], part: string, marks: Set<string>): readonly TreeObject[] {
  const kept = new Map(entries.map((entry) => [printTree(entry), entry]));
  if (kept.size < entries.length) marks.add(`${part}.repeatedAcrossPages`);
  return [...kept.values()];
}

/** Parses a list of an API response to the form of the plans. */
export function servedEntries(text: string): {
  readonly entries: readonly TreeObject[];
  readonly next: string | undefined;
} {
  const page = parseTree(text) as TreeObject;
  const entries = (listOf(page, 'value') ?? []) as readonly TreeObject[];
  return { entries: entries.map(withoutContext), next: textOf(memberOf(page, '@odata.nextLink')) };
}

/** Removes the annotations that only a response has from segments. */
function withoutContext(entry: TreeObject): TreeObject {
  const segments = memberOf(entry, 'segments');
  const others = entry.members.filter(
    ([name]) => !/^segments(@odata\.context|@rollcall\.incomplete)?$/.test(name),
  );
  return object(segments === undefined ? others : [...others, ['segments', segments]]);
}
