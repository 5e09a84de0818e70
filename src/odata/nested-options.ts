/**
 * Options in parentheses, after an item of `$select` or `$expand` and after the segment `$count`.
 *
 *     options = "(" BWS option *( BWS ";" BWS option ) BWS ")"
 *     option  = [ "$" ] name "=" value       ; the value as the option has it at the top of the query
 *             / "@" odataIdentifier "=" commonExpr
 *     levels  = oneToNine *DIGIT / "max"
 *
 * Names are taken in any letter case, each once. Blanks around `=` are passed over.
 *
 * @see OData 4.01 ABNF, section 2, rules `expandOption`, `expandRefOption`, `expandCountOption` and `selectOption`
 */
import { toNonNegativeInteger } from './counts.ts';
import { takeExpand } from './expand.ts';
import { takeExpression } from './expression.ts';
import {
  enter,
  expect,
  expectName,
  leave,
  peek,
  problemAt,
  type Reader,
  skipBlanks,
  syntaxError,
  take,
  takeMatch,
  takeName,
  takeSeparator,
} from './lexer.ts';
import { takeOrderBy } from './orderby.ts';
import { takeRaw } from './raw-option.ts';
import { takeNestedSearch } from './search.ts';
import { takeSelect } from './select.ts';
import type { NamedExpression, NestedOptions } from './tree.ts';

type Writable = { -readonly [Name in keyof NestedOptions]: NestedOptions[Name] };
type OptionName = Exclude<keyof NestedOptions, 'aliases'>;

const ofCollection = ['filter', 'search', 'orderby', 'skip', 'top', 'count'] as const;

/** What each construct may have in its parentheses; `aliases` stands for `@name=value`. */
const allowed = {
  select: new Set([...ofCollection, 'select', 'compute', 'aliases']),
  entities: new Set([...ofCollection, 'select', 'expand', 'compute', 'apply', 'levels', 'aliases']),
  ref: new Set(ofCollection),
  count: new Set(['filter', 'search']),
  everything: new Set(['levels']),
} as const satisfies Record<string, ReadonlySet<keyof NestedOptions>>;

export type Construct = keyof typeof allowed;

/** From the opening parenthesis, which comes next, to the closing one. */
export function takeNestedOptions(reader: Reader, construct: Construct): NestedOptions {
  const permitted: ReadonlySet<string> = allowed[construct];
  const options: Writable = {};
  const aliases: NamedExpression[] = [];
  enter(reader);
  expect(reader, '(');
  skipBlanks(reader);
  do {
    const start = reader.position;
    if (take(reader, '@')) {
      const name = expectName(reader);
      if (!permitted.has('aliases')) throw syntaxError(reader, start);
      if (aliases.some((alias) => alias.name === name)) throw givenTwice(reader, `@${name}`, start);
      expectEquals(reader);
      aliases.push({ name, value: takeExpression(reader) });
      continue;
    }
    take(reader, '$');
    const name = takeName(reader).toLowerCase();
    if (name === 'aliases' || !permitted.has(name)) throw syntaxError(reader, start);
    const option = name as OptionName; // `permitted` holds nothing else
    if (options[option] !== undefined) throw givenTwice(reader, `$${option}`, start);
    expectEquals(reader);
    takeOption(reader, option, options);
  } while (takeSeparator(reader, ';'));
  skipBlanks(reader);
  expect(reader, ')');
  leave(reader);
  if (aliases.length > 0) options.aliases = aliases;
  return options;
}

function givenTwice(reader: Reader, name: string, position: number) {
  return problemAt(reader, `The query option '${name}' is given twice`, position);
}

function expectEquals(reader: Reader): void {
  if (!takeSeparator(reader, '=')) throw syntaxError(reader);
}

function takeOption(reader: Reader, option: OptionName, options: Writable): void {
  switch (option) {
    case 'select':
      options.select = takeSelect(reader);
      break;
    case 'expand':
      options.expand = takeExpand(reader);
      break;
    case 'filter':
      options.filter = takeExpression(reader);
      break;
    case 'orderby':
      options.orderby = takeOrderBy(reader);
      break;
    case 'search':
      options.search = takeNestedSearch(reader);
      break;
    case 'top':
    case 'skip':
      options[option] = takeNumber(reader);
      break;
    case 'count':
      options.count = takeBoolean(reader);
      break;
    case 'levels':
      options.levels = takeLevels(reader);
      break;
    case 'compute':
    case 'apply':
      options[option] = takeRaw(reader);
      break;
  }
}

const digitsPattern = /\d+/y;

function takeNumber(reader: Reader): number {
  const start = reader.position;
  const value = toNonNegativeInteger(takeMatch(reader, digitsPattern) ?? '');
  if (value === undefined) throw syntaxError(reader, start);
  return value;
}

function takeBoolean(reader: Reader): boolean {
  const start = reader.position;
  const word = takeName(reader).toLowerCase();
  if (word !== 'true' && word !== 'false') throw syntaxError(reader, start);
  return word === 'true';
}

function takeLevels(reader: Reader): number | 'max' {
  const start = reader.position;
  if (takeName(reader).toLowerCase() === 'max') return 'max';
  reader.position = start;
  if (peek(reader) === 48) throw syntaxError(reader);
  return takeNumber(reader);
}
