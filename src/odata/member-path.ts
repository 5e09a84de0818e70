/**
 * Paths to a member, and calls.
 *
 *     path       = first *( "/" segment ) [ "/" last ]
 *     first      = "$it" / "$this" / "$root/" ( name / call ) / "@" name / annotation / name / call
 *     segment    = name / call / annotation / filter
 *     last       = any / all / "$count" [ "(" option *( ";" option ) ")" ]
 *     call       = name arguments [ arguments ]
 *     filter     = "$filter(" commonExpr ")" [ arguments ]
 *     any        = "any(" [ odataIdentifier ":" commonExpr ] ")"
 *     all        = "all(" odataIdentifier ":" commonExpr ")"
 *     arguments  = "(" [ argument *( "," argument ) ] ")"
 *     argument   = [ odataIdentifier "=" ] commonExpr
 *     annotation = "@" name [ "#" odataIdentifier ]
 *     name       = qualifiedName
 *
 * The second arguments are a key predicate. Blanks may stand within parentheses.
 *
 * @see OData 4.01 ABNF, section 4, rules `rootExpr`, `firstMemberExpr` and `functionExpr`
 */
import { checkCanonicalCall } from './canonical-functions.ts';
import { takeExpression } from './expression.ts';
import {
  expect,
  expectName,
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
import type { Argument, Call, Path, PathSegment } from './tree.ts';

/** @param name The first segment's name, already taken; empty when the path begins with `$` or `@`. */
export function takePath(reader: Reader, name: string): Call | Path {
  const segments: PathSegment[] = [];
  takeFirst(reader, name, segments);
  let isOpen = true;
  while (isOpen && take(reader, '/')) isOpen = takeSegment(reader, segments);
  const [first] = segments;
  return segments.length === 1 && first?.kind === 'call' ? first : { kind: 'path', segments };
}

function takeFirst(reader: Reader, name: string, segments: PathSegment[]): void {
  if (name !== '') {
    if (peek(reader) !== 40) {
      segments.push({ kind: 'name', name });
      return;
    }
    // Lambdas need a collection before them.
    if (quantifierOf(name) !== undefined) throw syntaxError(reader);
    const start = reader.position - name.length;
    segments.push(
      checkCanonicalCall(reader, start, { kind: 'call', name, arguments: takeArguments(reader) }),
    );
    takeKey(reader, segments);
    return;
  }
  const start = reader.position;
  if (take(reader, '@')) {
    segments.push(takeAliasOrAnnotation(reader, true));
    return;
  }
  reader.position += 1;
  const variable = takeName(reader);
  if (variable === 'root' && peek(reader) === 47) {
    segments.push({ kind: 'root' });
    // An entity set's name follows, never a lambda or `$count`.
    reader.position += 1;
    const setName = takeQualifiedName(reader);
    if (setName === '') throw syntaxError(reader);
    takeNameOrCall(reader, setName, segments);
  } else if (variable === 'it' || variable === 'this') segments.push({ kind: variable });
  else throw syntaxError(reader, start);
}

/** @returns Whether another segment may follow. */
function takeSegment(reader: Reader, segments: PathSegment[]): boolean {
  const start = reader.position;
  if (take(reader, '@')) {
    segments.push(takeAliasOrAnnotation(reader, false));
    return true;
  }
  if (take(reader, '$')) {
    const name = takeName(reader);
    if (name === 'count') {
      segments.push(
        peek(reader) === 40
          ? { kind: 'count', options: takeNestedOptions(reader, 'count') }
          : { kind: 'count' },
      );
      return false;
    }
    if (name !== 'filter' || peek(reader) !== 40) throw syntaxError(reader, start);
    reader.position += 1;
    segments.push({ kind: 'filter', predicate: takeExpression(reader) });
    skipBlanks(reader);
    expect(reader, ')');
    takeKey(reader, segments);
    return true;
  }
  const name = takeQualifiedName(reader);
  if (name === '') throw syntaxError(reader);
  const quantifier = peek(reader) === 40 ? quantifierOf(name) : undefined;
  if (quantifier === undefined) {
    takeNameOrCall(reader, name, segments);
    return true;
  }
  segments.push(takeLambda(reader, quantifier));
  return false;
}

function quantifierOf(name: string): 'any' | 'all' | undefined {
  if (name.length !== 3) return undefined;
  const text = name.toLowerCase();
  return text === 'any' || text === 'all' ? text : undefined;
}

function takeNameOrCall(reader: Reader, name: string, segments: PathSegment[]): void {
  if (peek(reader) !== 40) {
    segments.push({ kind: 'name', name });
    return;
  }
  segments.push({ kind: 'call', name, arguments: takeArguments(reader) });
  takeKey(reader, segments);
}

function takeKey(reader: Reader, segments: PathSegment[]): void {
  if (peek(reader) === 40) segments.push({ kind: 'key', arguments: takeArguments(reader) });
}

function takeAliasOrAnnotation(reader: Reader, isFirst: boolean): PathSegment {
  const name = takeQualifiedName(reader);
  if (name === '') throw syntaxError(reader);
  if (take(reader, '#')) return { kind: 'annotation', name, qualifier: expectName(reader) };
  return { kind: isFirst && !name.includes('.') ? 'alias' : 'annotation', name };
}

function takeLambda(reader: Reader, kind: 'any' | 'all'): PathSegment {
  reader.position += 1;
  skipBlanks(reader);
  if (kind === 'any' && take(reader, ')')) return { kind };
  const variable = expectName(reader);
  if (!takeSeparator(reader, ':')) throw syntaxError(reader);
  const predicate = takeExpression(reader);
  skipBlanks(reader);
  expect(reader, ')');
  return { kind, lambda: { variable, predicate } };
}

function takeArguments(reader: Reader): readonly Argument[] {
  reader.position += 1;
  skipBlanks(reader);
  if (take(reader, ')')) return [];
  const list: Argument[] = [];
  do {
    const start = reader.position;
    const name = takeArgumentName(reader);
    if (list[0] !== undefined && (name === undefined) !== (list[0].name === undefined))
      throw syntaxError(reader, start);
    const value = takeExpression(reader);
    list.push(name === undefined ? { value } : { name, value });
  } while (takeSeparator(reader, ','));
  skipBlanks(reader);
  expect(reader, ')');
  return list;
}

/** The name of a named argument; nothing is taken when the argument is positional. */
function takeArgumentName(reader: Reader): string | undefined {
  const start = reader.position;
  const name = takeName(reader);
  if (name !== '' && takeSeparator(reader, '=')) return name;
  reader.position = start;
  return undefined;
}
