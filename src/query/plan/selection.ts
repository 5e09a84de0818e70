/** Checks `$select` against the type that it selects from. */
import { Fault } from '../../contract/faults.ts';
import { type Edm, structuredType } from '../../contract/edm.ts';
import { parseSelect, type SelectItem } from '../odata/select-expand.ts';

/** Names as the client wrote them, in the client's order, each once; `undefined` selects everything. */
export type Selection = readonly string[] | undefined;

/**
 * Plans `$select`.
 *
 * @throws Fault `badQueryOption` when a name is not a property of the type, with Graph's message (issue #4529 of
 *   microsoftgraph/microsoft-graph-docs-contrib).
 * @throws Fault `unsupportedOption` for a path into a property, which Graph does not document.
 */
export function planSelect(text: string | undefined, typeName: string, edm: Edm): Selection {
  return text === undefined ? undefined : planSelectItems(parseSelect(text), typeName, edm);
}

export function planSelectItems(items: readonly SelectItem[], typeName: string, edm: Edm): Selection {
  const { properties } = structuredType(edm, typeName);
  const names = new Set<string>();
  let everything = false;
  for (const { path, hasBrackets } of items) {
    const name = path.join('/');
    if (path.length > 1 || hasBrackets) {
      throw new Fault(
        'unsupportedOption',
        `$select accepts property names without a path, and '${name}' is a path.`,
        { target: '$select' },
      );
    }
    if (name === '*') everything = true;
    else if (properties.has(name)) names.add(name);
    else {
      throw new Fault(
        'badQueryOption',
        `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type '${typeName}'.`,
        { target: '$select' },
      );
    }
  }
  return everything ? undefined : [...names];
}
