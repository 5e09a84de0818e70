import fc from 'fast-check';
import type {
  Argument,
  EnumLiteral,
  ExpandItem,
  Expression,
  Literal,
  LiteralType,
  NestedOptions,
  OrderByItem,
  PathSegment,
  SearchExpression,
  Search,
  SelectItem,
} from '../../src/odata/tree.ts';

/** `true`, `not` and the like are no names where a value begins, and `cast(` begins syntax of its own. */
const reserved =
  /^(?:not|null|true|false|inf|nan|any|all|case|cast|isof|duration|binary|geography|geometry)$/i;
const isCanonical = /^(?:length|contains|now|geo\.distance)$/i;

const identifier = fc.oneof(
  fc.constantFrom(
    'id',
    'p',
    'startDateTime',
    'eq',
    'in',
    'and',
    'desc',
    'asc',
    'nots',
    'INFO',
    'max',
    'Größe',
    '名前',
    '𝒳_1',
  ),
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,6}$/).filter((name) => !reserved.test(name)),
);
const qualified = fc.tuple(identifier, identifier).map((parts) => parts.join('.'));
const name = fc.oneof(identifier, qualified).filter((text) => !isCanonical.test(text));
const typeName = fc
  .oneof(
    name,
    qualified.map((type) => `Collection(${type})`),
  )
  .filter((type) => type !== 'Collection');

const textOf: Readonly<Record<Exclude<LiteralType, 'string'>, readonly string[]>> = {
  null: ['null'],
  boolean: ['true', 'false'],
  integer: ['0', '-5', '+7', '9007199254740993'],
  decimal: ['1.50', '-0.0'],
  double: ['1e9', '-1.5E-7', 'INF', '-INF', 'NaN'],
  guid: ['01234567-89ab-cdef-0123-456789ABCDEF', 'abcdef01-89ab-cdef-0123-456789abcdef'],
  date: ['2023-09-25', '-0044-03-15', '12345-01-01'],
  dateTimeOffset: ['2023-09-25T09:25Z', '2023-09-25T09:25:00.123456789012-08:00'],
  timeOfDay: ['00:00', '23:59:60.999'],
  duration: ['PT1H', '-P1DT2H3M4.5S'],
  binary: ['', 'T0RhdGE', 'TQ=='],
  geography: ['SRID=4326;Point(1.5 -2)'],
  geometry: [
    'SRID=0;MultiPolygon(((1 1,2 2,1 1)),((0 0)))',
    'SRID=1;GeometryCollection(Point(1 2),MultiPoint())',
  ],
};
const literal: fc.Arbitrary<Literal> = fc.oneof(
  fc
    .string({ unit: 'binary', maxLength: 8 })
    .map((text): Literal => ({ kind: 'literal', type: 'string', text })),
  fc.constantFrom(
    ...Object.entries(textOf).flatMap(([type, texts]) =>
      // `entries` widens the keys to string.
      texts.map((text): Literal => ({ kind: 'literal', type: type as LiteralType, text })),
    ),
  ),
);
const enumLiteral: fc.Arbitrary<EnumLiteral> = fc.record({
  kind: fc.constant('enum'),
  type: name,
  text: fc.constantFrom('Yellow', 'Yellow,-32', '1'),
});

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const few = <T>(arbitrary: fc.Arbitrary<T>, minLength = 1) =>
  fc.array(arbitrary, { minLength, maxLength: 3 });
/** Without the members that are `undefined`: the trees leave out what is not there. */
function dense<T extends object>(value: { readonly [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T; // as the line says
}

const term: fc.Arbitrary<SearchExpression> = fc
  .oneof(
    fc.constantFrom('AND', 'OR', 'NOT', 'a;b', "it's"),
    fc.string({ minLength: 1, maxLength: 6, unit: 'binary' }),
  )
  .map((text) => text.replaceAll('"', '_'))
  .map((text) => ({ kind: 'term', text }));
export const incomplete: fc.Arbitrary<Search> = fc
  .string({ maxLength: 6 })
  .map((text) => ({ kind: 'incomplete', text }));

const one = (segment: PathSegment): readonly PathSegment[] => [segment];

type Trees = {
  expression: Expression;
  path: Expression;
  args: readonly Argument[];
  call: Extract<PathSegment, { kind: 'call' }>;
  search: SearchExpression;
  orderby: readonly OrderByItem[];
  select: readonly SelectItem[];
  expand: readonly ExpandItem[];
  countOptions: NestedOptions;
  selectOptions: NestedOptions;
  expandOptions: NestedOptions;
};

/** Random trees of every kind, as the parsers would give them. */
export const trees = fc.letrec<Trees>((tie) => {
  const expression = tie('expression');
  const named = fc.record({ name: identifier, value: expression });
  const lambda = fc.record({ variable: identifier, predicate: expression });
  const link: fc.Arbitrary<readonly PathSegment[]> = fc.oneof(
    fc.record({ kind: fc.constant('name'), name }).map(one),
    fc.record({ kind: fc.constant('annotation'), name }).map(one),
    fc.record({ kind: fc.constant('annotation'), name, qualifier: identifier }).map(one),
    tie('call').map(one),
    fc
      .tuple(tie('call'), tie('args'))
      .map(([call, args]): readonly PathSegment[] => [call, { kind: 'key', arguments: args }]),
    expression.map((predicate) => one({ kind: 'filter', predicate })),
  );
  const last: fc.Arbitrary<PathSegment> = fc.oneof(
    fc.record({ kind: fc.constantFrom('any', 'all'), lambda }),
    fc.constant<PathSegment>({ kind: 'any' }),
    fc.constant<PathSegment>({ kind: 'count' }),
    fc.record({ kind: fc.constant('count'), options: tie('countOptions') }),
  );
  const first: fc.Arbitrary<readonly PathSegment[]> = fc.oneof(
    fc.record({ kind: fc.constant('name'), name: identifier }).map(one),
    fc.record({ kind: fc.constantFrom('it', 'this') }).map(one),
    identifier.map((text): readonly PathSegment[] => [{ kind: 'root' }, { kind: 'name', name: text }]),
    fc.record({ kind: fc.constant('alias'), name: identifier }).map(one),
    fc.record({ kind: fc.constant('annotation'), name: qualified }).map(one),
    qualified.map((cast): readonly PathSegment[] => [
      { kind: 'name', name: cast },
      { kind: 'name', name: 'member' },
    ]),
    fc.tuple(tie('call'), link).map(([call, segments]) => [call, ...segments]),
  );
  const collection = {
    filter: optional(expression),
    search: optional(fc.oneof(tie('search'), incomplete)),
    orderby: optional(tie('orderby')),
    skip: optional(fc.nat()),
    top: optional(fc.nat()),
    count: optional(fc.boolean()),
  };
  const deep = {
    select: optional(tie('select')),
    compute: optional(fc.constantFrom("a add ';)' as b", '[1,"\\";"] as c')),
    aliases: optional(fc.uniqueArray(named, { minLength: 1, maxLength: 2, selector: (alias) => alias.name })),
  };
  const levels = fc.oneof(fc.constant('max' as const), fc.integer({ min: 1 }));
  const whole = {
    expand: optional(tie('expand')),
    levels: optional(levels),
    apply: optional(fc.constantFrom('aggregate(a with sum as b)/filter(b gt 1)')),
  };
  const segment = fc.oneof(
    name,
    qualified.map((term) => `@${term}`),
    identifier.map((term) => `@${term}#q`),
  );
  const path = few(segment);
  const operands = few(expression, 2);
  const searches = few(tie('search'), 2);
  const withOptions = (model: Record<string, fc.Arbitrary<unknown>>) =>
    fc
      .record(model)
      .map((options) => dense<NestedOptions>(options))
      .filter((options) => Object.keys(options).length > 0);
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({
        kind: fc.constant('path'),
        segments: identifier.map((text) => [{ kind: 'name', name: text }] as const),
      }),
      literal,
      enumLiteral,
      tie('path'),
      tie('call'),
      fc.record({ kind: fc.constantFrom('and', 'or'), operands }),
      fc.record({
        kind: fc.constant('binary'),
        operator: fc.constantFrom(
          'eq',
          'ne',
          'gt',
          'ge',
          'lt',
          'le',
          'has',
          'add',
          'sub',
          'mul',
          'div',
          'divby',
          'mod',
        ),
        left: expression,
        right: expression,
      }),
      fc.record({
        kind: fc.constant('binary'),
        operator: fc.constant('in'),
        left: expression,
        right: fc.oneof(
          fc.record({ kind: fc.constant('list'), items: few(fc.oneof(literal, enumLiteral), 0) }),
          expression,
        ),
      }),
      fc.record({ kind: fc.constantFrom('not', 'negate'), operand: expression }),
      fc.record({ kind: fc.constant('array'), items: few(expression, 0) }),
      fc.record({
        kind: fc.constant('object'),
        members: few(fc.record({ name: fc.string({ unit: 'binary', maxLength: 4 }), value: expression }), 0),
      }),
      fc.record({
        kind: fc.constant('case'),
        branches: few(fc.record({ when: expression, then: expression })),
      }),
      fc.record({ kind: fc.constantFrom('cast', 'isof'), operand: expression, type: typeName }),
      fc.record({ kind: fc.constantFrom('cast', 'isof'), type: typeName }),
    ),
    path: fc.oneof(
      fc.tuple(first, few(link, 0), last).map(([head, links, end]): Expression => ({
        kind: 'path',
        segments: [...head, ...links.flat(), end],
      })),
      fc.tuple(first, few(link, 0)).map(([head, links]): Expression => ({
        kind: 'path',
        segments: [...head, ...links.flat()],
      })),
    ),
    args: fc.oneof(
      few(named, 0),
      few(
        expression.map((value) => ({ value })),
        0,
      ),
    ),
    call: fc.oneof(
      fc.record({ kind: fc.constant('call'), name, arguments: tie('args') }),
      fc.record({
        kind: fc.constant('call'),
        name: fc.constant('length'),
        arguments: fc.tuple(fc.record({ value: expression })),
      }),
    ),
    search: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      term,
      fc.record({ kind: fc.constant('not'), operand: tie('search') }),
      fc.record({ kind: fc.constantFrom('and', 'or'), operands: searches }),
    ),
    orderby: few(fc.record({ expression, direction: fc.constantFrom('asc', 'desc') })),
    select: few(
      fc.oneof(
        { depthSize: 'small' },
        fc.record({ path }),
        fc.record({ path: fc.constantFrom(['*'], ['Ns.*']) }),
        fc.record({ path, parameters: few(identifier) }),
        fc.record({ path, options: tie('selectOptions') }),
      ),
    ),
    expand: few(
      fc.oneof(
        { depthSize: 'small' },
        fc.record({ path, kind: fc.constantFrom('entities', 'ref', 'count'), options: fc.constant({}) }),
        fc.record({ path: fc.constant(['$value']), kind: fc.constant('entities'), options: fc.constant({}) }),
        fc.record({
          path: fc.constantFrom(['*'], ['a', '*']),
          kind: fc.constantFrom('entities', 'ref'),
          options: fc.constant({}),
        }),
        fc.record({
          path: fc.constant(['*']),
          kind: fc.constant('entities'),
          options: fc.record({ levels }),
        }),
        fc.record({ path, kind: fc.constant('count'), options: tie('countOptions') }),
        fc.record({ path, kind: fc.constant('ref'), options: withOptions(collection) }),
        fc.record({ path, kind: fc.constant('entities'), options: tie('expandOptions') }),
      ),
    ),
    countOptions: withOptions({ filter: collection.filter, search: collection.search }),
    selectOptions: withOptions({ ...collection, ...deep }),
    expandOptions: withOptions({ ...collection, ...deep, ...whole }),
  };
});
