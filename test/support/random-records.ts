/**
 * Generates records of every shape that the model allows, and of some that it does not define: members in any order, unknown
 * members, annotations, derived types, white space, escapes. The same seed gives the same records.
 */
import {
  between,
  chance,
  randomGuid,
  pick,
  type Random,
  randomFor,
} from '../../src/emulator/generate/random.ts';
import {
  derivedTypes,
  edms,
  type Property,
  type StructuredType,
  structuredType,
} from '../../src/contract/edm.ts';
import {
  list,
  type Member,
  nothing,
  object,
  string,
  token,
  type Tree,
  type TreeObject,
} from './json-tree.ts';

const edm = edms.beta;
const records = 'microsoft.graph.callRecords';

interface RandomRecord {
  readonly id: string;
  readonly tree: TreeObject;
  /** The text as imported: JSON with white space and escapes anywhere. */
  readonly text: string;
}

/**
 * Generates a record.
 *
 * @param number The number of the record: the result does not depend on earlier ones.
 * @param of `odd`: entries without ids, values of other types, lone surrogates, repeated members and entries, and
 *   values that are not entries.
 */
export function randomRecord(
  seed: number,
  number: number,
  of: { id?: string; version?: number; odd?: boolean; counts?: Counts } = {},
): RandomRecord {
  const random = randomFor(seed, 'record', number, of.version ?? 0);
  const id = of.id ?? (chance(random, 0.5) ? randomGuid(random) : `${pick(random, someIds)}${number}`);
  const maker = new Maker(random, of.odd === true ? 0.06 : 0);
  const tree = maker.record(id, of.version, of.counts);
  return { id, tree, text: looseText(tree, random, of.odd === true) };
}

/** The lengths of a record's lists. */
interface Counts {
  readonly participants: number;
  readonly sessions: number;
}

/** Generates a log row, one per day: the row's number is the day. */
export function randomLogRow(
  seed: number,
  number: number,
  kind: string,
  time: string | undefined,
): Pick<RandomRecord, 'id' | 'text'> {
  const random = randomFor(seed, kind, number);
  const at = new Date(Date.UTC(2026, 0, 1 + number, 12)).toISOString();
  const own = new Maker(random).object(
    `${records}.${kind}`,
    2,
    new Set(['id', ...(time === undefined ? [] : [time])]),
  );
  const id = randomGuid(random);
  const typeName = `${records}.${kind}`;
  const members: Member[] = [
    ['@odata.type', string(`#${typeName}`)],
    ...own.members.filter(([name]) => name !== '@odata.type'),
    ...(structuredType(edm, typeName).properties.has('id') ? [['id', string(id)] as const] : []),
    ...(time === undefined ? [] : [[time, string(at)] as const]),
  ];
  return { id, text: looseText(object(chance(random, 0.5) ? shuffled(members, random) : members), random) };
}

const someIds = [
  'a',
  "o'neil ",
  '+4179',
  '8:acs:',
  'é',
  '\u2028',
  '%2F',
  'a/b ',
  '"',
  '\\',
  '😀',
  'null',
  '[]',
  '.',
] as const;
const strings = [
  ...[
    '',
    'a',
    'Zoë "Q" Ü',
    '\u2028\u2029',
    '😀',
    'tab\tnew\nline',
    '\\back/slash',
    '\u0000\u001f',
    'null',
    '[]',
    '{}',
  ],
  ...[
    '"',
    "'",
    '@odata.x',
    '{"a":null}',
    'e\u0301',
    'x'.repeat(300),
    '+41791234567',
    ':null,',
    ',',
    '"segments":[]',
    '}',
  ],
] as const;
const unknownNames = [
  ...[
    'future',
    'aNull',
    'é',
    'a"b',
    '',
    'x',
    '@custom.note',
    '@odata.later',
    'x@odata.context',
    'y@odata.type',
  ],
  ...['identity@odata.type', 'id@odata.type', 'startDateTime@odata.type', 'caller@odata.navigationLink'],
  ...['media@odata.count', '@rollcall.note', 'segments@odata.context', 'value', 'null', '__proto__'],
] as const;
const dates = ['Z', '.1Z', '.123Z', '.1234567Z', '+00:00', '.5+02:00'] as const;
const numbers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'Edm.Int16': ['0', '7', '-3'],
  'Edm.Int32': ['0', '1', '-1', '2147483647', '-2147483648'],
  'Edm.Int64': ['0', '1', '9223372036854775807', '-9223372036854775808', '1234567890123456789'],
  'Edm.Single': ['0', '0.0', '1.50', '-0', '1E-7', '3.4028235e38', '"NaN"', '"-INF"'],
  'Edm.Double': ['1.0', '1e308', '0.1', '9'],
  'Edm.Decimal': ['1.50', '0.000000000000000000001', '99'],
};

class Maker {
  readonly #random: Random;
  /** The probability of optional members: some records are nearly empty. */
  readonly #density: number;

  /** The probability of an odd value. */
  readonly #odd: number;

  constructor(random: Random, odd = 0) {
    this.#random = random;
    this.#odd = odd;
    this.#density = pick(random, [0.05, 0.3, 0.6, 0.95]);
  }

  record(id: string, version: number | undefined, counts?: Counts): TreeObject {
    const random = this.#random;
    const own = this.object(
      `${records}.callRecord`,
      0,
      new Set(['id', 'version', 'startDateTime', 'endDateTime']),
    );
    const isLarge = chance(random, 0.04);
    const { participants, sessions } = counts ?? {
      participants: isLarge ? between(random, 129, 132) : pick(random, [0, 1, 2, 3]),
      sessions: isLarge ? between(random, 59, 61) : pick(random, [0, 1, 1, 2, 3]),
    };
    const members: Member[] = [
      ['id', string(id)],
      ['version', token(String(version ?? pick(random, ['0', '1', '2', '9223372036854775807'])))],
      ['startDateTime', this.#date()],
      ...(chance(random, 0.9) ? [['endDateTime', this.#date()] as const] : []),
      ...own.members.filter(([name]) => name !== '@odata.type' && name !== 'value'),
      ...(chance(random, 0.8)
        ? [['organizer_v2', chance(random, 0.2) ? nothing : this.#participant(0)] as const]
        : []),
      ...(chance(random, 0.3)
        ? [['participants_v2@odata.context', string('https://x/$metadata#y')] as const]
        : []),
      ...(chance(random, 0.9)
        ? [['participants_v2', this.#list(participants, (i) => this.#participant(i))] as const]
        : []),
      ...(chance(random, 0.9) ? [['sessions', this.#list(sessions, (i) => this.#session(i))] as const] : []),
    ];
    return object(
      chance(random, 0.5) ? shuffled(members, random) : inWireOrder(members, `${records}.callRecord`),
    );
  }

  #list(count: number, make: (i: number) => Tree): Tree {
    if (chance(this.#random, 0.03)) return nothing;
    const items = Array.from({ length: count }, (_, i) => make(i));
    if (this.#odd === 0) return list(items);
    return list(
      items.flatMap((item) => {
        if (this.#isOdd()) return [item, item];
        return this.#isOdd() ? [this.#noEntry(), item] : item;
      }),
    );
  }

  #isOdd(): boolean {
    return this.#odd > 0 && chance(this.#random, this.#odd);
  }

  /** Returns a value in place of an entry. */
  #noEntry(): Tree {
    const deep = Array.from({ length: 80 }).reduce<Tree>((inner) => list([inner]), nothing);
    return pick(this.#random, [
      nothing,
      token('17'),
      string('x'),
      list([object([['id', string('x')]])]),
      object([
        ['id', string('deep')],
        ['x', deep],
      ]),
    ]);
  }

  /** Returns the id of an entry. */
  #id(id: string): readonly Member[] {
    if (!this.#isOdd()) return [['id', string(id)]];
    const odd = pick(this.#random, [
      nothing,
      string(''),
      token('5'),
      object([]),
      string(`${id}\ud800`),
      undefined,
    ]);
    return odd === undefined ? [] : [['id', odd]];
  }

  /** Returns a value of a random type. */
  #wrong(): Tree {
    return pick(this.#random, [
      token('true'),
      token('-7'),
      string('{"a'),
      string('\udfff\ud800'),
      list([
        nothing,
        object([
          ['id', nothing],
          ['@odata.type', string('#x')],
        ]),
      ]),
      object([
        ['a', token('1')],
        ['b@odata.c', list([])],
        ['user', nothing],
      ]),
      list([]),
      object([]),
    ]);
  }

  #participant(i: number): TreeObject {
    const id = chance(this.#random, 0.5) ? randomGuid(this.#random) : `${pick(this.#random, someIds)}${i}`;
    return this.#entity(`${records}.participant`, this.#id(id));
  }

  #session(i: number): TreeObject {
    const random = this.#random;
    const segments = pick(random, [0, 0, 1, 2]);
    const isSame = chance(random, 0.1);
    return this.#entity(`${records}.session`, [
      ...this.#id(isSame ? 'same' : `${pick(random, someIds)}${i}`),
      // Two entries with one id and different content.
      ...(isSame ? [['place', token(String(i))] as const] : []),
      ...(chance(random, 0.3) ? [['segments@odata.context', string('https://x/$metadata#z')] as const] : []),
      ...(chance(random, 0.85) ? [['segments', this.#list(segments, (k) => this.#segment(k))] as const] : []),
    ]);
  }

  #segment(i: number): TreeObject {
    return this.#entity(`${records}.segment`, chance(this.#random, 0.9) ? this.#id(`g${i}`) : []);
  }

  /** Returns an entity with given members and random others, half of the time in wire order. */
  #entity(typeName: string, given: readonly Member[]): TreeObject {
    const skip = new Set([...given.map(([name]) => name), 'id', 'segments']);
    const members = [...given, ...this.object(typeName, 1, skip).members];
    const twice = members.filter(([name]) => name !== 'segments');
    if (twice.length > 0 && this.#isOdd()) members.push(pick(this.#random, twice as [Member]));
    return object(
      chance(this.#random, 0.5) ? shuffled(members, this.#random) : inWireOrder(members, typeName),
    );
  }

  object(typeName: string, depth: number, skip: ReadonlySet<string> = new Set()): TreeObject {
    const random = this.#random;
    const derived = derivedTypes(edm, typeName);
    const type =
      derived.length > 0 && chance(random, 0.5)
        ? pick(random, derived as [StructuredType])
        : structuredType(edm, typeName);
    const members: Member[] = [];
    if (type.name !== typeName || chance(random, 0.2)) members.push(['@odata.type', string(`#${type.name}`)]);
    for (const property of type.properties.values()) {
      if (property.kind === 'navigation' || skip.has(property.name)) continue;
      if (!chance(random, this.#density)) continue;
      members.push([property.name, this.#property(property, depth)]);
    }
    if (chance(random, type.open ? 0.3 : 0.15)) {
      for (let i = between(random, 1, 3); i > 0; i--) {
        const name = pick(random, unknownNames);
        // Consecutive unknown members with and without null are difficult to cut correctly.
        if (!skip.has(name)) members.push([name, chance(random, 0.5) ? nothing : this.#anything(depth)]);
      }
    }
    return object(chance(random, 0.3) ? shuffled(members, random) : members);
  }

  #property({ type, collection, nullable }: Property, depth: number): Tree {
    const random = this.#random;
    if (this.#isOdd()) return this.#wrong();
    if (!collection) return nullable && chance(random, 0.4) ? nothing : this.#value(type, depth);
    const count = pick(random, [0, 0, 1, 2]);
    return list(
      Array.from({ length: count }, () => (chance(random, 0.05) ? nothing : this.#value(type, depth))),
    );
  }

  #value(typeName: string, depth: number): Tree {
    const random = this.#random;
    const type = edm.types.get(typeName);
    if (type?.kind === 'enum') {
      const names = type.members.map(({ name }) => name);
      return string(
        chance(random, 0.25) ? pick(random, ['fromTheFuture', '']) : pick(random, names as [string]),
      );
    }
    if (type !== undefined) return depth > 6 ? object([]) : this.object(typeName, depth + 1);
    const digits = numbers[typeName];
    if (digits !== undefined) return token(pick(random, digits));
    if (typeName === 'Edm.Boolean') return token(pick(random, ['true', 'false']));
    if (typeName === 'Edm.DateTimeOffset') return this.#date();
    if (typeName === 'Edm.Duration') return string(pick(random, ['PT0S', 'P1DT2H', 'PT0.0123456S', '-PT1S']));
    if (typeName === 'Edm.Guid') return string(randomGuid(random));
    return string(pick(random, strings));
  }

  #date(): Tree {
    const day = new Date(
      Date.UTC(
        2026,
        between(this.#random, 0, 9),
        between(this.#random, 1, 28),
        1,
        2,
        between(this.#random, 0, 59),
      ),
    );
    return string(day.toISOString().replace('.000Z', pick(this.#random, dates)));
  }

  #anything(depth: number): Tree {
    const random = this.#random;
    const flat = [
      nothing,
      token('true'),
      token('0'),
      token('1.50'),
      string(pick(random, strings)),
      list([]),
      object([]),
    ] as const;
    if (depth > 4 || chance(random, 0.5)) return pick(random, flat);
    const inner = () => this.#anything(depth + 1);
    return pick(random, [
      () => list([inner(), nothing]),
      () =>
        object([
          ['a', inner()],
          ['b', nothing],
          ['c@odata.type', string('#x')],
        ]),
      () =>
        object([
          ['@odata.type', string('#t')],
          ['n', nothing],
        ]),
      () => list([list([]), object([])]),
      () =>
        object([
          ['twice', inner()],
          ['twice', nothing],
        ]),
    ])();
  }
}

function shuffled<T>(all: readonly T[], random: Random): T[] {
  const left = [...all];
  for (let i = left.length - 1; i > 0; i--) {
    const other = between(random, 0, i);
    [left[i], left[other]] = [left[other]!, left[i]!];
  }
  return left;
}

/** Sorts members: annotations, then the properties in the service's order, then the others. */
function inWireOrder(members: readonly Member[], typeName: string): Member[] {
  const names = [...structuredType(edm, typeName).properties.keys()];
  const place = ([name]: Member) => {
    if (name.startsWith('@')) return -1;
    const at = names.indexOf(name);
    return at < 0 ? names.length : at;
  };
  return [...members].sort((a, b) => place(a) - place(b));
}

/**
 * Formats a tree as JSON with random white space and escapes.
 *
 * @param isPlain True for no escapes: equal values then have equal text.
 */
export function looseText(tree: Tree, random: Random, isPlain = false): string {
  const isSpaced = chance(random, 0.3);
  const isEscaped = chance(random, 0.3) && !isPlain;
  const space = () => (isSpaced && chance(random, 0.1) ? pick(random, [' ', '\t', '  ', ' \t ']) : '');
  const escaped = (text: string) =>
    isEscaped && chance(random, 0.1)
      ? text
          .replace(/^"([A-Za-z])/, (_, letter: string) => `"\\u00${letter.charCodeAt(0).toString(16)}`)
          .replaceAll('/', '\\/')
      : text;
  const print = (one: Tree): string => {
    switch (one.kind) {
      case 'token':
        return escaped(one.text);
      case 'list':
        return `[${space()}${one.items.map((item) => print(item) + space()).join(`,${space()}`)}]`;
      case 'object':
        return `{${space()}${one.members
          .map(
            ([name, value]) =>
              `${escaped(JSON.stringify(name))}${space()}:${space()}${print(value)}${space()}`,
          )
          .join(`,${space()}`)}}`;
    }
  };
  return print(tree);
}
