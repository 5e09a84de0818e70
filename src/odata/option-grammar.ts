/** The grammar of each system query option, for telling what does not parse from what is not offered. */
import { parseBoolean, parseInteger, parseNonNegativeInteger } from './counts.ts';
import { parseExpand } from './expand.ts';
import { parseFilter } from './expression.ts';
import { parseOrderBy } from './orderby.ts';
import type { SystemOption } from './query-options.ts';
import { parseSearch } from './search.ts';
import { parseSelect } from './select.ts';

const parsers: Readonly<Partial<Record<SystemOption, (text: string) => unknown>>> = {
  select: parseSelect,
  expand: parseExpand,
  filter: parseFilter,
  orderby: parseOrderBy,
  search: parseSearch,
  top: (text) => parseNonNegativeInteger(text, '$top'),
  skip: (text) => parseNonNegativeInteger(text, '$skip'),
  index: (text) => parseInteger(text, '$index'),
  count: (text) => parseBoolean(text, '$count'),
};

/** @throws Fault `badQueryOption` when the text is not what the option takes, whether it is offered or not */
export function checkOption(name: SystemOption, text: string): void {
  parsers[name]?.(text);
}
