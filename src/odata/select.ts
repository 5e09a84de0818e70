/**
 * `$select`.
 *
 *     select     = selectItem *( BWS "," BWS selectItem )
 *     selectItem = "*" / namespace ".*" / path [ "(" parameters ")" / options ]
 *     path       = segment *( "/" segment )
 *     segment    = qualifiedName / "@" qualifiedName [ "#" odataIdentifier ]
 *     parameters = odataIdentifier *( "," odataIdentifier )
 *
 * @see OData 4.01 ABNF, section 2, rule `select`
 */
import { formatNestedOptions } from './format-nested-options.ts';
import {
  expectName,
  parseWhole,
  peek,
  type Reader,
  skipBlanks,
  syntaxError,
  take,
  takeName,
  takeQualifiedName,
  takeSeparator,
} from './lexer.ts';
import { takeNestedOptions } from './nested-options.ts';
import type { SelectItem } from './tree.ts';

export type { SelectItem } from './tree.ts';

/** @throws Fault `badQueryOption` with the position of the first item that is none. */
export function parseSelect(text: string): readonly SelectItem[] {
  return parseWhole(text, '$select', takeSelect);
}

export function takeSelect(reader: Reader): readonly SelectItem[] {
  const items: SelectItem[] = [];
  do items.push(takeItem(reader));
  while (takeComma(reader));
  return items;
}

/** Leaves the blanks behind the comma: an item that is missing is missing from there on. */
function takeComma(reader: Reader): boolean {
  const start = reader.position;
  skipBlanks(reader);
  if (take(reader, ',')) return true;
  reader.position = start;
  return false;
}

function takeItem(reader: Reader): SelectItem {
  const start = reader.position;
  skipBlanks(reader);
  if (take(reader, '*')) return { path: ['*'] };
  const first = takeMemberSegment(reader);
  if (first === '') throw syntaxError(reader, start);
  if (!first.startsWith('@') && take(reader, '.*')) return { path: [`${first}.*`] };
  const path = [first];
  while (take(reader, '/')) {
    const segment = takeMemberSegment(reader);
    if (segment === '') throw syntaxError(reader);
    path.push(segment);
  }
  if (peek(reader) !== 40) return { path };
  const parameters = takeParameters(reader);
  return parameters === undefined
    ? { path, options: takeNestedOptions(reader, 'select') }
    : { path, parameters };
}

/** A property, a type cast or an annotation; the empty text when none comes next. */
export function takeMemberSegment(reader: Reader): string {
  const start = reader.position;
  if (!take(reader, '@')) return takeQualifiedName(reader);
  if (takeQualifiedName(reader) === '') throw syntaxError(reader);
  if (take(reader, '#')) expectName(reader);
  return reader.text.slice(start, reader.position);
}

/** Names in parentheses; takes nothing when they are options, which have values. */
function takeParameters(reader: Reader): readonly string[] | undefined {
  const start = reader.position;
  const names: string[] = [];
  reader.position += 1;
  skipBlanks(reader);
  do {
    const name = takeName(reader);
    if (name === '') break;
    names.push(name);
  } while (takeSeparator(reader, ','));
  if (names.length > 0 && takeClosing(reader)) return names;
  reader.position = start;
  return undefined;
}

function takeClosing(reader: Reader): boolean {
  skipBlanks(reader);
  return take(reader, ')');
}

export function formatSelect(items: readonly SelectItem[]): string {
  return items
    .map(({ path, parameters, options }) => {
      const detail =
        parameters === undefined ? options && formatNestedOptions(options) : `(${parameters.join(',')})`;
      return path.join('/') + (detail ?? '');
    })
    .join(',');
}
