/** The entity data model: every type by name, from the tables; the one source of routes, checks, masks and `$metadata`. */
import type { PropertyRow, StructuredRow } from './notation.ts';
import { calls } from './tables/calls.ts';
import { enums } from './tables/enums.ts';
import { errors } from './tables/errors.ts';
import { identities } from './tables/identities.ts';
import { logRows } from './tables/log-rows.ts';
import { media } from './tables/media.ts';
import { notifications } from './tables/notifications.ts';
import { sessions } from './tables/sessions.ts';

export interface Property extends Omit<PropertyRow, 'kind'> {
  /** A dynamic property was seen on the wire and is not declared. */
  readonly kind: 'property' | 'navigation' | 'dynamic';
}

export interface StructuredType {
  readonly kind: 'entity' | 'complex';
  /** Qualified: `microsoft.graph.callRecords.participant`. */
  readonly name: string;
  readonly base: string | undefined;
  readonly abstract: boolean;
  readonly open: boolean;
  /** Declared by the type itself, or seen on it, in wire order. */
  readonly own: readonly Property[];
  /** Inherited and own, in wire order. */
  readonly properties: ReadonlyMap<string, Property>;
}

export interface EnumType {
  readonly kind: 'enum';
  readonly name: string;
  readonly members: readonly { readonly name: string; readonly value: number }[];
  /** `unknownFutureValue` where the enumeration may grow. */
  readonly sentinel: 'unknownFutureValue' | undefined;
  /** Names that a client sees without asking for unknown members. */
  readonly visible: ReadonlySet<string>;
}

export interface BoundFunction {
  readonly name: string;
  /** What it is bound to: a collection of this type. */
  readonly boundTo: string;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  /** It returns a collection of this type. */
  readonly returns: string;
}

export interface Edm {
  readonly version: 'v1.0' | 'beta';
  readonly types: ReadonlyMap<string, StructuredType | EnumType>;
  readonly functions: readonly BoundFunction[];
  /** Entity sets and singletons by name, as navigation from the service root. */
  readonly container: ReadonlyMap<string, Property>;
}

const types = new Map<string, StructuredType | EnumType>();
for (const { name, members } of enums) {
  const sentinel = members.includes('unknownFutureValue') ? 'unknownFutureValue' : undefined;
  const visible = sentinel === undefined ? members : members.slice(0, members.indexOf(sentinel) + 1);
  types.set(name, {
    kind: 'enum',
    name,
    members: members.map((member, value) => ({ name: member, value })),
    sentinel,
    visible: new Set(visible),
  });
}
const rows = [identities, notifications, errors, calls, sessions, media, logRows].flat();
const rowsByName = new Map(rows.map((row) => [row.name, row]));
for (const row of rows) types.set(row.name, structuredFrom(row));

function structuredFrom({ kind, name, base, abstract, open, rows: own }: StructuredRow): StructuredType {
  const properties = propertiesOf(name);
  const ownNames = new Set(own.filter((row) => row.kind !== 'inherited').map((row) => row.name));
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

function propertiesOf(name: string): Map<string, Property> {
  const row = rowsByName.get(name);
  if (row === undefined) throw new Error(`No table has the type '${name}'.`);
  const inherited = row.base === undefined ? new Map<string, Property>() : propertiesOf(row.base);
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

const namespace = 'microsoft.graph.callRecords';
const span = [
  { name: 'fromDateTime', type: 'Edm.DateTimeOffset' },
  { name: 'toDateTime', type: 'Edm.DateTimeOffset' },
];
const functions: readonly BoundFunction[] = [
  {
    name: 'getDirectRoutingCalls',
    boundTo: `${namespace}.callRecord`,
    parameters: span,
    returns: `${namespace}.directRoutingLogRow`,
  },
  {
    name: 'getPstnCalls',
    boundTo: `${namespace}.callRecord`,
    parameters: span,
    returns: `${namespace}.pstnCallLogRow`,
  },
];

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

/** Members of the two versions are the same for calls, sessions and media (typings of both, 2026). */
export const edms: Readonly<Record<Edm['version'], Edm>> = {
  'v1.0': { version: 'v1.0', types, functions, container },
  beta: { version: 'beta', types, functions, container },
};

export function structuredType(edm: Edm, name: string): StructuredType {
  const type = edm.types.get(name);
  if (type === undefined || type.kind === 'enum')
    throw new Error(`'${name}' is not a structured type of the model.`);
  return type;
}

/** Types that derive from a type, nearest first. */
export function derivedTypes(edm: Edm, name: string): StructuredType[] {
  const direct = [...edm.types.values()].filter(
    (type) => type.kind !== 'enum' && type.base === name,
  ) as StructuredType[];
  return direct.flatMap((type) => [type, ...derivedTypes(edm, type.name)]);
}
