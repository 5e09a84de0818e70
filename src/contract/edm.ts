/**
 * The entity data model: every type by name, built from the tables. It is the only source of routes, checks, masks and
 * `$metadata`.
 */
import type { EnumRow, PropertyRow, StructuredRow } from './notation.ts';
import { calls } from './tables/calls.ts';
import { betaEnums, enums } from './tables/enums.ts';
import { errors } from './tables/errors.ts';
import { type ActionRow, actions, type FunctionRow, functions } from './tables/functions.ts';
import { identities } from './tables/identities.ts';
import { betaLogRows, logRows } from './tables/log-rows.ts';
import { media } from './tables/media.ts';
import { betaSubscriptions, notifications, subscriptions } from './tables/notifications.ts';
import { sessions } from './tables/sessions.ts';

export type { ActionRow as BoundAction, FunctionRow as BoundFunction };

export interface Property extends Omit<PropertyRow, 'kind'> {
  /** A `dynamic` property occurs on the wire but is not declared. */
  readonly kind: 'property' | 'navigation' | 'dynamic';
}

export interface StructuredType {
  readonly kind: 'entity' | 'complex';
  /** Qualified: `microsoft.graph.callRecords.participant`. */
  readonly name: string;
  readonly base: string | undefined;
  readonly abstract: boolean;
  readonly open: boolean;
  /** Properties that the type itself declares, or that occur on it, in wire order. */
  readonly own: readonly Property[];
  /** Inherited and own, in wire order. */
  readonly properties: ReadonlyMap<string, Property>;
}

export interface EnumType {
  readonly kind: 'enum';
  readonly name: string;
  readonly members: readonly { readonly name: string; readonly value: number }[];
  /** `unknownFutureValue` where the enumeration is evolvable. */
  readonly sentinel: 'unknownFutureValue' | undefined;
  /** Members that a client sees without `Prefer: include-unknown-enum-members`. */
  readonly visible: ReadonlySet<string>;
}

export interface Edm {
  readonly version: 'v1.0' | 'beta';
  readonly types: ReadonlyMap<string, StructuredType | EnumType>;
  readonly functions: readonly FunctionRow[];
  readonly actions: readonly ActionRow[];
  /** Entity sets and singletons by name, as navigation from the service root. */
  readonly container: ReadonlyMap<string, Property>;
}

type Types = Map<string, StructuredType | EnumType>;

function typesFrom(enumRows: readonly EnumRow[], rows: readonly StructuredRow[]): Types {
  const byName = new Map(rows.map((row) => [row.name, row]));
  return new Map<string, StructuredType | EnumType>([
    ...enumRows.map((row) => [row.name, enumFrom(row)] as const),
    ...rows.map((row) => [row.name, structuredFrom(row, byName)] as const),
  ]);
}

function enumFrom({ name, members }: EnumRow): EnumType {
  const sentinel = members.includes('unknownFutureValue') ? 'unknownFutureValue' : undefined;
  const visible = sentinel === undefined ? members : members.slice(0, members.indexOf(sentinel) + 1);
  return {
    kind: 'enum',
    name,
    members: members.map((member, value) => ({ name: member, value })),
    sentinel,
    visible: new Set(visible),
  };
}

type RowsByName = ReadonlyMap<string, StructuredRow>;

function structuredFrom(row: StructuredRow, byName: RowsByName): StructuredType {
  const { kind, name, base, abstract, open, rows: own } = row;
  const properties = propertiesOf(name, byName);
  const ownNames = new Set(own.filter((one) => one.kind !== 'inherited').map((one) => one.name));
  return {
    kind,
    name,
    base,
    abstract,
    open,
    own: [...properties.values()].filter((one) => ownNames.has(one.name)),
    properties,
  };
}

function propertiesOf(name: string, byName: RowsByName): Map<string, Property> {
  const row = byName.get(name);
  if (row === undefined) throw new Error(`No table has the type '${name}'.`);
  const inherited = row.base === undefined ? new Map<string, Property>() : propertiesOf(row.base, byName);
  const placed = new Set(row.rows.map((one) => one.name));
  const properties = new Map([...inherited].filter(([one]) => !placed.has(one)));
  for (const { kind, ...rest } of row.rows) {
    const known = inherited.get(rest.name);
    if (kind !== 'inherited') properties.set(rest.name, { ...rest, kind });
    else if (known !== undefined) properties.set(rest.name, known);
    else throw new Error(`'${name}' inherits no '${rest.name}'.`);
  }
  return properties;
}

const atRoot = {
  kind: 'navigation',
  nullable: false,
  anyScale: false,
  autoExpand: false,
  replacement: undefined,
} as const;
const container: ReadonlyMap<string, Property> = new Map(
  [
    { ...atRoot, name: 'subscriptions', type: 'microsoft.graph.subscription', collection: true },
    { ...atRoot, name: 'communications', type: 'microsoft.graph.cloudCommunications', collection: false },
  ].map((root) => [root.name, root]),
);

function edm(version: Edm['version'], types: Types): Edm {
  return {
    version,
    types,
    functions: functions.filter(({ returns }) => types.has(returns)),
    container,
    actions,
  };
}

/** What both versions have; log rows and subscriptions differ (typings of 2026). */
const common = [identities, notifications, errors, calls, sessions, media].flat();
export const edms: Readonly<Record<Edm['version'], Edm>> = {
  'v1.0': edm('v1.0', typesFrom(enums, [...common, ...subscriptions, ...logRows])),
  beta: edm('beta', typesFrom([...enums, ...betaEnums], [...common, ...betaSubscriptions, ...betaLogRows])),
};

export function structuredType(edm: Edm, name: string): StructuredType {
  const type = edm.types.get(name);
  if (type === undefined || type.kind === 'enum')
    throw new Error(`'${name}' is not a structured type of the model.`);
  return type;
}

export function derivedTypes(edm: Edm, name: string): StructuredType[] {
  const direct = [...edm.types.values()].filter(
    (type) => type.kind !== 'enum' && type.base === name,
  ) as StructuredType[];
  return direct.flatMap((type) => [type, ...derivedTypes(edm, type.name)]);
}

export function memberNames(edm: Edm, name: string): string[] {
  const type = edm.types.get(name);
  if (type?.kind !== 'enum') throw new Error(`'${name}' is not an enumeration of the model.`);
  return type.members.map((member) => member.name);
}
