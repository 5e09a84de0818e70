/**
 * The short notation of the tables: consecutive properties of one type share a row. `graph.` stands for `microsoft.graph.`, `records.` for
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

/** @param names Consecutive properties of one type, separated by blanks. */
export function property(names: string, type: string, ...facets: readonly Facet[]): PropertyRow[] {
  return rowsOf('property', names, type, facets);
}

export function navigation(names: string, type: string, ...facets: readonly Facet[]): PropertyRow[] {
  return rowsOf('navigation', names, type, facets);
}

/** Declares properties that occur on the wire but not in `$metadata`: they have a position in the wire order. */
export function dynamic(names: string, type: string): PropertyRow[] {
  return rowsOf('dynamic', names, type, []);
}

/** Sets the position of inherited properties in the wire order; inherited ones without a position come first. */
export function inherited(names: string): PropertyRow[] {
  return rowsOf('inherited', names, '', []);
}

type Rows = readonly (readonly PropertyRow[])[];

export function entity(name: string, facets: TypeFacets, rows: Rows): StructuredRow {
  return structured('entity', name, facets, rows);
}

export function complex(name: string, facets: TypeFacets, rows: Rows): StructuredRow {
  return structured('complex', name, facets, rows);
}

/** @param members Separated by blanks, over as many texts as there are lines. */
export function enumeration(name: string, ...members: readonly string[]): EnumRow {
  return { kind: 'enum', name: qualified(name), members: members.flatMap((line) => line.split(' ')) };
}

function rowsOf(
  kind: PropertyRow['kind'],
  names: string,
  type: string,
  facets: readonly Facet[],
): PropertyRow[] {
  const collection = type.startsWith('[');
  const standard = { nullable: true, anyScale: false, autoExpand: false, replacement: undefined };
  const common = { type: qualified(collection ? type.slice(1, -1) : type), collection, kind, ...standard };
  return names.split(' ').map((name) => Object.assign({ name, ...common }, ...facets) as PropertyRow); // facets are parts of a row
}

function structured(
  kind: StructuredRow['kind'],
  name: string,
  facets: TypeFacets,
  rows: Rows,
): StructuredRow {
  const base = facets.base === undefined ? undefined : qualified(facets.base);
  const { abstract = false, open = false } = facets;
  return { kind, name: qualified(name), base, abstract, open, rows: rows.flat() };
}

function qualified(name: string): string {
  return name.replace(/^graph\./, 'microsoft.graph.').replace(/^records\./, 'microsoft.graph.callRecords.');
}
