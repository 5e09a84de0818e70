/**
 * The short notation of the tables, one line per property. `graph.` stands for `microsoft.graph.`, `records.` for
 * `microsoft.graph.callRecords.`, and brackets for a collection.
 */

/** A property of a structured type as a table declares it. */
export interface PropertyRow {
  readonly name: string;
  readonly type: string;
  readonly collection: boolean;
  readonly kind: 'property' | 'navigation' | 'dynamic' | 'inherited';
  readonly nullable: boolean;
  readonly anyScale: boolean;
  readonly autoExpand: boolean;
  readonly replacement: Replacement | undefined;
}

/** Deprecated in favor of another property (the `Revisions` annotation of the published CSDL). */
interface Replacement {
  readonly by: string;
  readonly date: string;
  readonly removalDate: string;
  readonly version: string;
}

export interface StructuredRow {
  readonly kind: 'entity' | 'complex';
  readonly name: string;
  readonly base: string | undefined;
  readonly abstract: boolean;
  readonly open: boolean;
  readonly rows: readonly PropertyRow[];
}

export interface EnumRow {
  readonly kind: 'enum';
  readonly name: string;
  readonly members: readonly string[];
}

type Facet = Partial<Pick<PropertyRow, 'nullable' | 'anyScale' | 'autoExpand' | 'replacement'>>;
interface TypeFacets {
  readonly base?: string;
  readonly abstract?: true;
  readonly open?: true;
}

/** `Nullable="false"`. */
export const required: Facet = { nullable: false };
/** `Scale="variable"`. */
export const anyScale: Facet = { anyScale: true };
/** Returned without `$expand` (`Org.OData.Core.V1.AutoExpand`). */
export const autoExpanded: Facet = { autoExpand: true };

/** Returns the deprecation of a property; the three published ones have the same dates. */
export function replacedBy(by: string, change: '2023-06' | '2023-11'): Facet {
  return {
    replacement: {
      by,
      date: '2023-11-06',
      removalDate: '2026-11-06',
      version: `${change}/New_Properties_Added`,
    },
  };
}

export function property(name: string, type: string, ...facets: readonly Facet[]): PropertyRow {
  return row('property', name, type, facets);
}

export function navigation(name: string, type: string, ...facets: readonly Facet[]): PropertyRow {
  return row('navigation', name, type, facets);
}

/** Declares a property that occurs on the wire but not in `$metadata`: it has a position in the wire order. */
export function dynamic(name: string, type: string): PropertyRow {
  return row('dynamic', name, type, []);
}

/** Sets the position of an inherited property in the wire order; inherited ones without a position come first. */
export function inherited(name: string): PropertyRow {
  return row('inherited', name, '', []);
}

export function entity(name: string, facets: TypeFacets, rows: readonly PropertyRow[]): StructuredRow {
  return structured('entity', name, facets, rows);
}

export function complex(name: string, facets: TypeFacets, rows: readonly PropertyRow[]): StructuredRow {
  return structured('complex', name, facets, rows);
}

export function enumeration(name: string, members: readonly string[]): EnumRow {
  return { kind: 'enum', name: qualified(name), members };
}

function row(kind: PropertyRow['kind'], name: string, type: string, facets: readonly Facet[]): PropertyRow {
  const collection = type.startsWith('[');
  const standard = { nullable: true, anyScale: false, autoExpand: false, replacement: undefined };
  return Object.assign(
    { name, type: qualified(collection ? type.slice(1, -1) : type), collection, kind, ...standard },
    ...facets,
  ) as PropertyRow; // facets are parts of a row
}

function structured(
  kind: StructuredRow['kind'],
  name: string,
  facets: TypeFacets,
  rows: readonly PropertyRow[],
): StructuredRow {
  const { base, abstract = false, open = false } = facets;
  return {
    kind,
    name: qualified(name),
    base: base === undefined ? undefined : qualified(base),
    abstract,
    open,
    rows,
  };
}

function qualified(name: string): string {
  return name.replace(/^graph\./, 'microsoft.graph.').replace(/^records\./, 'microsoft.graph.callRecords.');
}
