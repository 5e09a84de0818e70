/**
 * Parses `$select` and `$expand`.
 *
 *     select     = selectItem *( BWS "," BWS selectItem )
 *     selectItem = path [ brackets ]
 *     expand     = expandItem *( BWS "," BWS expandItem )
 *     expandItem = "$value" / path [ "/$ref" / "/$count" ] [ options ]
 *     path       = segment *( "/" segment )
 *     segment    = "*" / qualifiedName [ ".*" ] / "@" qualifiedName [ "#" odataIdentifier ]
 *     options    = "(" BWS option *( BWS ";" BWS option ) BWS ")"
 *     option     = [ "$" ] "select" EQ select / [ "$" ] "expand" EQ expand / other
 *     other      = ( [ "$" ] name / "@" odataIdentifier ) EQ value
 *     EQ         = BWS "=" BWS
 *
 * Option names match in any letter case, and each may occur once. No resource offers the other options, nor options in
 * `$select`, so the parser checks only that their quotes and brackets are paired.
 *
 * @see OData 4.01 ABNF, section 2, rules `select`, `expand` and `expandOption`
 */
import {
  enter,
  expectClosing,
  expectName,
  leave,
  parseWhole,
  peek,
  problemAt,
  type Reader,
  skipBlanks,
  skipBrackets,
  skipOptionValue,
  syntaxError,
  take,
  takeAnnotation,
  takeMatch,
  takeName,
  takeQualifiedName,
  takeSeparator,
} from './lexer.ts';

export interface SelectItem {
  readonly path: readonly string[];
  /** Whether options or parameters in parentheses follow it. */
  readonly hasBrackets: boolean;
}

export interface ExpandItem {
  readonly path: readonly string[];
  /** Whether the path ends in `/$ref` or `/$count`, which `path` omits. */
  readonly isPartial: boolean;
  readonly select: readonly SelectItem[] | undefined;
  readonly expand: readonly ExpandItem[] | undefined;
  /** Names of other options: `$top`, `@p`. */
  readonly others: readonly string[];
}

/** Parses `$select`. @throws Fault `badQueryOption` with the position of the first invalid item */
export function parseSelect(text: string): readonly SelectItem[] {
  return parseWhole(text, '$select', takeSelect);
}

/** Parses `$expand`. @throws Fault `badQueryOption` with the position of the problem */
export function parseExpand(text: string): readonly ExpandItem[] {
  return parseWhole(text, '$expand', takeExpand);
}

function takeSelect(reader: Reader): readonly SelectItem[] {
  return takeList(reader, () => {
    const path = takePath(reader);
    const hasBrackets = peek(reader) === 40;
    if (hasBrackets) skipBrackets(reader);
    return { path, hasBrackets };
  });
}

const endPattern = /\/\$(?:ref|count)/y;

function takeExpand(reader: Reader): readonly ExpandItem[] {
  return takeList(reader, () => {
    const path = takePath(reader);
    const isPartial = takeMatch(reader, endPattern) !== undefined;
    return { path, isPartial, ...takeOptions(reader) };
  });
}

/** Reads items and their commas, without the blanks after one: the position of a missing item is exact. */
function takeList<T>(reader: Reader, takeItem: () => T): readonly T[] {
  const items = [takeItem()];
  for (;;) {
    const end = reader.position;
    skipBlanks(reader);
    if (!take(reader, ',')) {
      reader.position = end;
      return items;
    }
    items.push(takeItem());
  }
}

const slashPattern = /\/(?!\$(?:ref|count))/y;

function takePath(reader: Reader): readonly string[] {
  let start = reader.position;
  skipBlanks(reader);
  if (take(reader, '$value')) return ['$value'];
  const path: string[] = [];
  do {
    if (path.length > 0) start = reader.position;
    const segment = take(reader, '*') ? '*' : takeSegment(reader);
    if (segment === '') throw syntaxError(reader, start);
    path.push(segment);
  } while (takeMatch(reader, slashPattern) !== undefined);
  return path;
}

/** Reads a property, a type cast or an annotation; returns the empty text when none comes next. */
function takeSegment(reader: Reader): string {
  const start = reader.position;
  if (!takeAnnotation(reader) && takeQualifiedName(reader) !== '') take(reader, '.*');
  return reader.text.slice(start, reader.position);
}

const optionNames: ReadonlySet<string> = new Set(
  '$select $expand $filter $search $orderby $skip $top $count $compute $apply $levels'.split(' '),
);

/** Reads the options in parentheses, if they come next. */
function takeOptions(reader: Reader): Omit<ExpandItem, 'path' | 'isPartial'> {
  let select: readonly SelectItem[] | undefined;
  let expand: readonly ExpandItem[] | undefined;
  const given: string[] = [];
  if (peek(reader) !== 40) return { select, expand, others: given };
  enter(reader);
  reader.position += 1;
  skipBlanks(reader);
  do {
    const start = reader.position;
    const name = takeOptionName(reader);
    if (given.includes(name)) throw problemAt(reader, `The query option '${name}' is given twice`, start);
    given.push(name);
    if (!takeSeparator(reader, '=')) throw syntaxError(reader);
    if (name === '$select') select = takeSelect(reader);
    else if (name === '$expand') expand = takeExpand(reader);
    else skipOptionValue(reader, name, ';)');
  } while (takeSeparator(reader, ';'));
  expectClosing(reader);
  leave(reader);
  return { select, expand, others: given.filter((name) => name !== '$select' && name !== '$expand') };
}

function takeOptionName(reader: Reader): string {
  const start = reader.position;
  if (take(reader, '@')) return `@${expectName(reader)}`;
  take(reader, '$');
  const name = `$${takeName(reader).toLowerCase()}`;
  if (!optionNames.has(name)) throw syntaxError(reader, start);
  return name;
}
