/** Checks `$expand` against the model and against the documentation of the resource. */
import { Fault } from '../../contract/faults.ts';
import { type Edm, structuredType } from '../../contract/edm.ts';
import type { Expandables } from '../../contract/resources.ts';
import { type ExpandItem, parseExpand } from '../odata/select-expand.ts';
import { planSelectItems, type Selection } from './selection.ts';

/** One relationship to expand. */
export interface Expansion {
  readonly navigation: string;
  readonly select: Selection;
  readonly expand: Expansion | undefined;
}

/**
 * Plans `$expand`.
 *
 * @param expandable What the resource documents.
 * @throws Fault `badQueryOption` for a name that is no navigation property; `unsupportedOption` for more than one
 *   relationship, because Graph documents one per request, and for undocumented options.
 */
export function planExpand(
  text: string | undefined,
  typeName: string,
  expandable: Expandables | undefined,
  edm: Edm,
): Expansion | undefined {
  return text === undefined ? undefined : planItems(parseExpand(text), typeName, expandable ?? {}, edm);
}

function planItems(
  items: readonly ExpandItem[],
  typeName: string,
  expandable: Expandables,
  edm: Edm,
): Expansion | undefined {
  for (const item of items) checkName(item, typeName, edm);
  const [item, second] = items;
  if (item === undefined) return undefined;
  if (second !== undefined) throw unsupported('A request can expand only one relationship.');
  const name = item.path.join('/');
  const allowed = Object.hasOwn(expandable, name) ? expandable[name] : undefined;
  if (allowed === undefined || item.isPartial) throw unsupported(`'${name}' cannot be expanded here.`);
  const { select, expand, others } = item;
  const refused = [...others];
  if (select !== undefined && !allowed.select) refused.push('$select');
  if (expand !== undefined && allowed.expand === undefined) refused.push('$expand');
  if (refused.length > 0)
    throw unsupported(`The query option '${refused[0]!}' is not supported in the expansion of '${name}'.`);
  const property = structuredType(edm, typeName).properties.get(name)!; // checkName found it
  return {
    navigation: name,
    select: select && planSelectItems(select, property.type, edm),
    expand: expand && planItems(expand, property.type, allowed.expand ?? {}, edm),
  };
}

function checkName({ path }: ExpandItem, typeName: string, edm: Edm): void {
  const name = path[0]!;
  if (name === '*' || name.includes('.')) return;
  const property = structuredType(edm, typeName).properties.get(name);
  const problem =
    property === undefined
      ? `Could not find a property named '${name}' on type '${typeName}'.`
      : `Property '${name}' on type '${typeName}' is not a navigation property. Only navigation properties can be expanded.`;
  if (property?.kind !== 'navigation')
    throw new Fault('badQueryOption', `Parsing OData Select and Expand failed: ${problem}`, {
      target: '$expand',
    });
}

function unsupported(message: string): Fault {
  return new Fault('unsupportedOption', message, { target: '$expand' });
}
