/**
 * `$expand`.
 *
 *     expand     = expandItem *( BWS "," BWS expandItem )
 *     expandItem = "$value"
 *                / [ path "/" ] "*" [ "/$ref" / options ]
 *                / path [ "/$ref" [ options ] / "/$count" [ options ] / options ]
 *     path       = segment *( "/" segment )
 *     segment    = qualifiedName / "@" qualifiedName [ "#" odataIdentifier ]
 *
 * @see OData 4.01 ABNF, section 2, rule `expand`
 */
import { formatNestedOptions } from './format-nested-options.ts';
import { parseWhole, peek, type Reader, skipBlanks, syntaxError, take, takeName } from './lexer.ts';
import { takeNestedOptions } from './nested-options.ts';
import { takeMemberSegment } from './select.ts';
import type { ExpandItem } from './tree.ts';

/** @throws Fault `badQueryOption` with the position of what is not part of an item. */
export function parseExpand(text: string): readonly ExpandItem[] {
  return parseWhole(text, '$expand', takeExpand);
}

export function takeExpand(reader: Reader): readonly ExpandItem[] {
  const items: ExpandItem[] = [];
  for (;;) {
    items.push(takeItem(reader));
    const end = reader.position;
    skipBlanks(reader);
    if (take(reader, ',')) continue;
    reader.position = end;
    return items;
  }
}

function takeItem(reader: Reader): ExpandItem {
  const start = reader.position;
  skipBlanks(reader);
  if (take(reader, '$')) {
    if (takeName(reader) !== 'value') throw syntaxError(reader, start);
    return { path: ['$value'], kind: 'entities', options: {} };
  }
  const path: string[] = [];
  do {
    const segmentStart = reader.position;
    if (take(reader, '*')) {
      path.push('*');
      return takeEverything(reader, path);
    }
    if (path.length > 0 && take(reader, '$')) {
      const name = takeName(reader);
      if (name !== 'ref' && name !== 'count') throw syntaxError(reader, segmentStart);
      return { path, kind: name, options: peek(reader) === 40 ? takeNestedOptions(reader, name) : {} };
    }
    const segment = takeMemberSegment(reader);
    if (segment === '') throw syntaxError(reader, path.length === 0 ? start : segmentStart);
    path.push(segment);
  } while (take(reader, '/'));
  return {
    path,
    kind: 'entities',
    options: peek(reader) === 40 ? takeNestedOptions(reader, 'entities') : {},
  };
}

/** After `*`: nothing limits what it stands for but `$levels`. */
function takeEverything(reader: Reader, path: readonly string[]): ExpandItem {
  if (take(reader, '/')) {
    const start = reader.position;
    if (!take(reader, '$') || takeName(reader) !== 'ref') throw syntaxError(reader, start);
    return { path, kind: 'ref', options: {} };
  }
  return {
    path,
    kind: 'entities',
    options: peek(reader) === 40 ? takeNestedOptions(reader, 'everything') : {},
  };
}

export function formatExpand(items: readonly ExpandItem[]): string {
  return items
    .map(({ path, kind, options }) => {
      const end = kind === 'entities' ? '' : `/$${kind}`;
      return path.join('/') + end + formatNestedOptions(options);
    })
    .join(',');
}
