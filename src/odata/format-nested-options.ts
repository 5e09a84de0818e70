import { formatExpand } from './expand.ts';
import { formatExpression } from './format-expression.ts';
import { formatOrderBy } from './orderby.ts';
import { formatSearch } from './search.ts';
import { formatSelect } from './select.ts';
import type { NestedOptions } from './tree.ts';

/** Options with their parentheses, in one order; the empty text when there are none. */
export function formatNestedOptions(options: NestedOptions): string {
  const {
    aliases = [],
    select,
    expand,
    filter,
    orderby,
    top,
    skip,
    count,
    search,
    levels,
    compute,
    apply,
  } = options;
  const parts = aliases.map(({ name, value }) => `@${name}=${formatExpression(value)}`);
  const add = (name: string, text: string | number | boolean | undefined) => {
    if (text !== undefined) parts.push(`$${name}=${text}`);
  };
  add('apply', apply);
  add('compute', compute);
  add('filter', filter && formatExpression(filter));
  add('search', search && formatSearch(search));
  add('orderby', orderby && formatOrderBy(orderby));
  add('skip', skip);
  add('top', top);
  add('count', count);
  add('levels', levels);
  add('select', select && formatSelect(select));
  add('expand', expand && formatExpand(expand));
  return parts.length === 0 ? '' : `(${parts.join(';')})`;
}
