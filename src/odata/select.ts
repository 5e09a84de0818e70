/**
 * `$select`: text to syntax.
 *
 *     select = item *( "," item )
 *     item   = "*" / name *( "/" name )      ; a name may be qualified with dots
 *
 * @see OData 4.01 URL Conventions, section 5.1.4
 */
import { Fault } from '../faults.ts';

export interface SelectItem {
  /** One name, or a path of names; `*` stands alone. */
  readonly path: readonly string[];
}

const itemPattern =
  /^(?:\*|[\p{L}\p{Nl}_@][\p{L}\p{Nl}\p{Nd}_.]*(?:\/[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}_.]*)*)$/u;
const maxItems = 100;

/** @throws Fault `badQueryOption` with the position of the first item that is none. */
export function parseSelect(text: string): readonly SelectItem[] {
  const items: SelectItem[] = [];
  let position = 0;
  for (const part of text.split(',')) {
    const item = part.trim();
    if (!itemPattern.test(item) || items.length === maxItems) {
      throw new Fault(
        'badQueryOption',
        `Parsing OData Select and Expand failed: Syntax error at position ${position} in '${text}'.`,
        {
          target: '$select',
        },
      );
    }
    items.push({ path: item.split('/') });
    position += part.length + 1;
  }
  return items;
}

export function formatSelect(items: readonly SelectItem[]): string {
  return items.map(({ path }) => path.join('/')).join(',');
}
