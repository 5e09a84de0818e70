/** Checks the grammar of each system query option, to distinguish a syntax error from an option that is not offered. */
import { checkCount, parseInteger } from './counts.ts';
import { parseFilter, takeExpression } from './expression.ts';
import { parseWhole, type Reader, skipOptionValue, takeMatch, takeSeparator } from './lexer.ts';
import type { SystemOption } from './query-options.ts';
import { parseExpand, parseSelect } from './select-expand.ts';

const checks: Readonly<Partial<Record<SystemOption, (text: string) => unknown>>> = {
  select: parseSelect,
  expand: parseExpand,
  filter: parseFilter,
  orderby: (text) => {
    parseWhole(text, '$orderby', takeOrderBy);
  },
  search: (text) => {
    parseWhole(text, '$search', (reader) => {
      skipOptionValue(reader, '$search', '');
    });
  },
  top: (text) => parseInteger(text, '$top'),
  skip: (text) => parseInteger(text, '$skip'),
  index: (text) => parseInteger(text, '$index'),
  count: checkCount,
};

/** Checks the grammar of a value, offered or not. @throws Fault `badQueryOption` */
export function checkOption(name: SystemOption, text: string): void {
  checks[name]?.(text);
}

const directionPattern = /[ \t]+(?:asc|desc)(?!\w)/iy;

function takeOrderBy(reader: Reader): void {
  do {
    takeExpression(reader);
    takeMatch(reader, directionPattern);
  } while (takeSeparator(reader, ','));
}
