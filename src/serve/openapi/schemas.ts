/** Describes the types of the model as JSON Schemas (draft 2020-12) for the OpenAPI document. */
import {
  derivedTypes,
  type Edm,
  type EnumType,
  type Property,
  type StructuredType,
} from '../../contract/edm.ts';

export type Schema = Readonly<Record<string, unknown>>;

/**
 * Returns the components by qualified name.
 *
 * No member is required and others are allowed: a client may select properties or omit nulls, and members outside the
 * model are served as received.
 */
export function schemasOf(edm: Edm): Record<string, Schema> {
  const schemas: Record<string, Schema> = {};
  for (const type of edm.types.values()) {
    schemas[type.name] = type.kind === 'enum' ? enumSchema(type) : structuredSchema(type, edm);
  }
  return schemas;
}

export function reference(kind: 'schemas' | 'parameters' | 'responses' | 'headers', name: string): Schema {
  return { $ref: `#/components/${kind}/${name}` };
}

export const text = { type: 'string' };
export const yesOrNo = { type: 'boolean' };
export const whole = { type: 'integer', minimum: 0 };
export const wholeOrNone = { type: ['integer', 'null'], minimum: 0 };
export const integerOrNone = { type: ['integer', 'null'] };
/** Also of a time as received, in any time zone. */
export const textOrNone = { type: ['string', 'null'] };
/** A parameter's time. */
export const dateTimeText = { type: 'string', format: 'date-time' };

/** Returns an object schema that allows no other members. Each is required unless it is optional. */
export function closed(properties: Record<string, Schema>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { ...object(properties, required), additionalProperties: false };
}

/** Returns an object schema. @param required All members when absent. */
export function object(properties: Record<string, Schema>, required = Object.keys(properties)): Schema {
  return { type: 'object', required, properties };
}

export function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

export function orNone(schema: Schema): Schema {
  return { oneOf: [schema, { type: 'null' }] };
}

export function parameter(
  where: 'path' | 'query' | 'header',
  name: string,
  description: string,
  schema: Schema = text,
): Schema {
  return { name, in: where, ...(where === 'path' && { required: true }), description, schema };
}

export function queryParameter(name: string, description: string, schema?: Schema): Schema {
  return parameter('query', name, description, schema);
}

function structuredSchema(type: StructuredType, edm: Edm): Schema {
  // With odata.metadata=none an instance does not name its derived type, so this schema also has those properties.
  const types = [type, ...derivedTypes(edm, type.name)];
  const properties = new Map(types.flatMap((one) => [...one.properties]));
  return {
    type: 'object',
    description: `The ${type.kind} type ${type.name}${type.open ? ', an open type' : ''}.`,
    properties: Object.fromEntries(
      [...properties].map(([name, property]) => [name, propertySchema(property)]),
    ),
    additionalProperties: true,
  };
}

function propertySchema({ type, collection, nullable, replacement }: Property): Schema {
  const single = type.startsWith('Edm.')
    ? primitiveSchema(type, nullable && !collection)
    : reference('schemas', type);
  const isObject = !type.startsWith('Edm.');
  const schema: Schema = collection
    ? { type: nullable ? ['array', 'null'] : 'array', items: single }
    : isObject && nullable
      ? { anyOf: [single, { type: 'null' }] }
      : single;
  return replacement === undefined
    ? schema
    : { ...schema, deprecated: true, description: `Deprecated: use ${replacement.by}.` };
}

/** Returns the schema of an enum; a record may contain any name. */
function enumSchema({ name, members, sentinel }: EnumType): Schema {
  const names = members.map((member) => member.name);
  return {
    description: `The enumeration ${name}${sentinel === undefined ? '' : ', which may grow'}.`,
    anyOf: [{ type: 'string', enum: names }, { type: 'string' }],
  };
}

const dateTime = '^-?\\d{4,}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,12})?)?(Z|[+-]\\d\\d:\\d\\d)$';
const duration = '^-?P(\\d+D)?(T(\\d+H)?(\\d+M)?(\\d+(\\.\\d+)?S)?)?$';
const guid = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';
/** Numbers beyond 2^53 are strings under `IEEE754Compatible=true` (OData JSON Format 4.01, section 3.2). */
const primitives: Readonly<
  Record<string, { readonly type: readonly string[]; readonly [facet: string]: unknown }>
> = {
  'Edm.String': { type: ['string'] },
  'Edm.Boolean': { type: ['boolean'] },
  'Edm.Int32': { type: ['integer'], minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  'Edm.Int64': { type: ['integer', 'string'], pattern: '^-?\\d{1,19}$' },
  'Edm.Decimal': { type: ['number', 'string'], pattern: '^-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?$' },
  'Edm.Single': { type: ['number', 'string'], pattern: '^(NaN|-?INF)$' },
  'Edm.Double': { type: ['number', 'string'], pattern: '^(NaN|-?INF)$' },
  'Edm.DateTimeOffset': { type: ['string'], pattern: dateTime },
  'Edm.Duration': { type: ['string'], pattern: duration },
  'Edm.Guid': { type: ['string'], pattern: guid },
};

function primitiveSchema(name: string, nullable: boolean): Schema {
  const { type, ...facets } = primitives[name] ?? primitives['Edm.String']!;
  const types = nullable ? [...type, 'null'] : type;
  return { type: types.length === 1 ? types[0] : types, ...facets };
}
