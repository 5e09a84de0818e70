/**
 * Parses the path of an OData URL: segments with key predicates or function arguments.
 *
 * path = segment *( "/" segment )
 * segment = name [ "(" ( key / arguments ) ")" ]
 * key = "'" text "'" / "id='" text "'" ; a quote inside is doubled
 * arguments = name "=" literal *( "," name "=" literal )
 *
 * @see OData 4.01 URL Conventions, sections 2, 4.3.1 and 4.3.6
 */
import { Fault } from '../../contract/faults.ts';

export interface Segment {
  /** Decoded name, without parentheses. */
  readonly name: string;
  /** Decoded key of `name('key')`. */
  readonly key?: string;
  /** Arguments of a function call, as literals. */
  readonly args?: readonly { readonly name: string; readonly text: string }[];
  /** The whole segment, decoded, as messages quote it. */
  readonly text: string;
  /** True when its parentheses were percent-encoded: they may be part of a key. */
  readonly isEncoded?: true;
}

const maxSegments = 16;

/** Parses a percent-encoded path: `%2F` stays in its segment. @throws Fault `malformedRequest`, `badKeyPredicate` */
export function parsePath(path: string): readonly Segment[] {
  const trimmed = path.endsWith('/') ? path.slice(0, -1) : path;
  if (trimmed === '') return [];
  const parts = trimmed.split('/');
  if (parts.length > maxSegments) throw new Fault('unknownSegment', 'The path has too many segments.');
  return parts.map(parseSegment);
}

function parseSegment(part: string): Segment {
  const text = percentDecode(part, 'the path');
  if (text === '') throw new Fault('unknownSegment', "Resource not found for the segment ''.");
  const open = text.indexOf('(');
  if (open < 0 || !/^[A-Za-z_$][\w.$]*$/.test(text.slice(0, open))) return { name: text, text };
  const held = parseParentheses(text, open + 1);
  const isEncoded = !part.includes('(');
  if ('problemAt' in held) {
    // Encoded parentheses enclose a key or arguments as well, unless their content is neither.
    if (isEncoded) return { name: text, text };
    throw badKey(text, held.problemAt, open + 1);
  }
  return { name: text.slice(0, open), ...held, text, ...(isEncoded && { isEncoded }) };
}

/** Parses the content of parentheses, from `start` on. */
function parseParentheses(
  text: string,
  start: number,
): Pick<Segment, 'key' | 'args'> | { problemAt: number } {
  if (!text.endsWith(')')) return { problemAt: text.length };
  const inside = text.slice(start, -1).trim();
  const quoted = /^(?:id\s*=\s*)?'((?:[^']|'')*)'$/.exec(inside);
  if (quoted) return { key: quoted[1]!.replaceAll("''", "'") };
  const args: { name: string; text: string }[] = [];
  // Adjacent parts of the pattern match different characters, so each character is read once.
  const pattern = /\s*([A-Za-z_]\w*)\s*=\s*('(?:[^']|'')*'\s*|[^,'\s][^,']*)?(?:,|$)/y;
  while (pattern.lastIndex < inside.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(inside);
    if (!match) return { problemAt: start + at };
    args.push({ name: match[1]!, text: (match[2] ?? '').trim() });
  }
  return { args };
}

/** Numbers, dates, aliases and other keys that OData allows; no entity here has such a key. */
const unquoted = /^\s*@?[\w.:+-]+\s*$/;

function badKey(text: string, position: number, start: number): Fault {
  const problem = unquoted.test(text.slice(start, -1))
    ? `The key in '${text}' must be in quotes, because it is a string.`
    : `The key predicate does not parse at position ${position} in '${text}'.`;
  return new Fault('badKeyPredicate', problem, { target: text });
}

/** Formats a key as a segment, as in Graph's own links, unless it would be read as something else. */
export function formatKeyedCollection(collection: string, key: string): string {
  // A segment with `(` is a call, one with `$` a reserved word, and clients resolve a dot segment, even `%2E`.
  const isPlain = key !== '' && key !== '.' && key !== '..' && !key.startsWith('$') && !key.includes('(');
  return isPlain ? `${collection}/${formatKeySegment(key)}` : `${collection}${formatKeyPredicate(key)}`;
}

/** Formats a plain key as a path segment, which `parsePath` returns as the segment's name. */
function formatKeySegment(key: string): string {
  return encodeURIComponent(key).replace(
    /[)'!*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Formats a key in parentheses: `('O''Neil')`. */
export function formatKeyPredicate(key: string): string {
  return `('${encodeURIComponent(key.replaceAll("'", "''")).replaceAll('%2B', '+').replaceAll('%40', '@').replaceAll('%3A', ':')}')`;
}

/** Decodes percent-encoded UTF-8. @throws Fault `malformedRequest` that names the place, never the text */
export function percentDecode(text: string, where: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Fault('malformedRequest', `The percent-encoding in ${where} is broken.`);
  }
}
