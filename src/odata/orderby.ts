/**
 * `$orderby`.
 *
 *     orderby     = orderbyItem *( BWS "," BWS orderbyItem )
 *     orderbyItem = commonExpr [ RWS ( "asc" / "desc" ) ]
 *
 * @see OData 4.01 ABNF, section 2, rule `orderby`
 */
import { takeExpression } from './expression.ts';
import { formatExpression } from './format-expression.ts';
import { parseWhole, type Reader, takeMatch, takeSeparator } from './lexer.ts';
import type { OrderByItem } from './tree.ts';

/** @throws Fault `badQueryOption` with the position of what is neither an expression nor a direction. */
export function parseOrderBy(text: string): readonly OrderByItem[] {
  return parseWhole(text, '$orderby', takeOrderBy);
}

const directionPattern = /[ \t]+(?:asc|desc)(?![\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}])/iuy;

export function takeOrderBy(reader: Reader): readonly OrderByItem[] {
  const items: OrderByItem[] = [];
  do {
    const expression = takeExpression(reader);
    const direction = takeMatch(reader, directionPattern)?.trim().toLowerCase();
    items.push({ expression, direction: direction === 'desc' ? 'desc' : 'asc' });
  } while (takeSeparator(reader, ','));
  return items;
}

export function formatOrderBy(items: readonly OrderByItem[]): string {
  return items
    .map(({ expression, direction }) => formatExpression(expression) + (direction === 'desc' ? ' desc' : ''))
    .join(',');
}
