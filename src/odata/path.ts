/**
 * The path of an OData URL: segments with key predicates or function arguments.
 *
 *     path    = segment *( "/" segment )
 *     segment = name [ "(" ( key / arguments ) ")" ]
 *     key     = "'" text "'" / "id='" text "'"          ; a quote inside is doubled
 *     arguments = name "=" literal *( "," name "=" literal )
 *
 * @see OData 4.01 URL Conventions, sections 2, 4.3.1 and 4.3.6
 */
import { Fault } from '../faults.ts';
import { percentDecode } from './percent-decode.ts';

export interface Segment {
  /** Decoded name, without what is in parentheses. */
  readonly name: string;
  /** Decoded key of `name('key')`. */
  readonly key?: string;
  /** Arguments of a function call, as literals. */
  readonly args?: readonly { readonly name: string; readonly text: string }[];
  /** The whole segment, decoded: how a message names it. */
  readonly text: string;
}

const maxSegments = 16;

/**
 * Parses a path below the service root, still percent-encoded, so that `%2F` stays inside its segment.
 *
 * @throws Fault `malformedRequest` on broken percent-encoding; `badKeyPredicate` on a key that does not parse.
 */
export function parsePath(path: string): readonly Segment[] {
  const trimmed = path.endsWith('/') ? path.slice(0, -1) : path;
  if (trimmed === '') return [];
  const parts = trimmed.split('/');
  if (parts.length > maxSegments) throw new Fault('unknownSegment', 'The path has too many segments.');
  return parts.map((part) => parseSegment(percentDecode(part, 'the path')));
}

function parseSegment(text: string): Segment {
  if (text === '') throw new Fault('unknownSegment', "Resource not found for the segment ''.");
  const open = text.indexOf('(');
  if (open < 0 || !/^[A-Za-z_$][\w.$]*$/.test(text.slice(0, open))) return { name: text, text };
  const name = text.slice(0, open);
  if (!text.endsWith(')')) throw badKey(text, text.length);
  const inside = text.slice(open + 1, -1).trim();
  const quoted = /^(?:id\s*=\s*)?'((?:[^']|'')*)'$/.exec(inside);
  if (quoted) return { name, key: quoted[1]!.replaceAll("''", "'"), text };
  if (inside === '') return { name, args: [], text };
  return { name, args: parseArguments(inside, text, open + 1), text };
}

function parseArguments(inside: string, text: string, offset: number) {
  const args: { name: string; text: string }[] = [];
  const pattern = /\s*([A-Za-z_]\w*)\s*=\s*('(?:[^']|'')*'|[^,']*)\s*(,|$)/y;
  while (pattern.lastIndex < inside.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(inside);
    if (!match) throw badKey(text, offset + at);
    args.push({ name: match[1]!, text: match[2]!.trim() });
  }
  return args;
}

function badKey(text: string, position: number): Fault {
  return new Fault(
    'badKeyPredicate',
    `The key predicate does not parse at position ${position} in '${text}'.`,
    {
      target: text,
    },
  );
}

/** A key as a path segment: `parsePath` gives it back as the segment's name. */
export function formatKeySegment(key: string): string {
  // Parentheses and a leading `$` would mean something else in a segment; a dot alone would be resolved away.
  const text = encodeURIComponent(key).replace(
    /[()'!*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return text === '.' || text === '..' ? text.replaceAll('.', '%2E') : text;
}

/** A key in parentheses: `('O''Neil')`. */
export function formatKeyPredicate(key: string): string {
  return `('${encodeURIComponent(key.replaceAll("'", "''")).replaceAll('%2B', '+').replaceAll('%40', '@').replaceAll('%3A', ':')}')`;
}
