/**
 * Compiles the model for the scanner: the JSON form of each member of a type.
 *
 * The members of a structured type include those of its derived types, because a payload may hold a derived instance
 * without a type annotation (`odata.metadata=none`). Undeclared members are open: kept as received.
 */
import { qualityLimits, type QualityRule } from '../../contract/call-quality.ts';
import { derivedTypes, edms, type EnumType, type Property, structuredType } from '../../contract/edm.ts';

type JsonForm = 'string' | 'number' | 'boolean' | 'object' | 'array' | 'any';

export interface Shape {
  readonly form: JsonForm;
  /** EDM name for messages: `Edm.String`, `Collection(graph.identitySet)`. */
  readonly typeName: string;
  readonly members: TypeMembers | undefined;
  readonly item: Shape | undefined;
  /** Enum names that every client may see; others are masked unless the client requests them. */
  readonly visible: ReadonlySet<string> | undefined;
  /** True for `Edm.Int64` and `Edm.Decimal`: quoted when the client requests `IEEE754Compatible=true`. */
  readonly wide: boolean;
  /** The empty value that replaces a deprecated property's value. */
  readonly emptied?: 'null' | '[]';
  /** The limit of a media metric, beyond which media may be poor. */
  readonly limit: QualityRule | undefined;
  /** True for a `failureInfo`. */
  readonly isFailure: boolean;
  /** True for the rating that a user gave a call. */
  readonly isRating: boolean;
}

export interface Member {
  readonly name: string;
  /** The bytes `"name":`, compared before any name is decoded. */
  readonly key: Uint8Array;
  readonly shape: Shape;
  /** Index in wire order, from 0. */
  readonly index: number;
}

export interface TypeMembers {
  readonly typeName: string;
  readonly inWireOrder: readonly Member[];
  readonly byName: ReadonlyMap<string, Member>;
}

/** Beta has every member of v1.0 and more, so stored text is walked with beta's model. */
const edm = edms.beta;
const compiled = new Map<string, TypeMembers>();

/** Returns the members of a structured type, by qualified name. */
export function membersOf(typeName: string): TypeMembers {
  const known = compiled.get(typeName);
  if (known) return known;
  const inWireOrder: Member[] = [];
  const byName = new Map<string, Member>();
  const members: TypeMembers = { typeName, inWireOrder, byName };
  compiled.set(typeName, members); // set before its properties, so that a type may contain itself
  const types = [structuredType(edm, typeName), ...derivedTypes(edm, typeName)];
  for (const property of types.flatMap((type) => [...type.properties.values()])) {
    if (byName.has(property.name)) continue;
    const member: Member = {
      name: property.name,
      key: Buffer.from(`${JSON.stringify(property.name)}:`),
      shape: shapeOf(property, typeName),
      index: inWireOrder.length,
    };
    inWireOrder.push(member);
    byName.set(property.name, member);
  }
  return members;
}

const streamType = 'microsoft.graph.callRecords.mediaStream';
const failureType = 'microsoft.graph.callRecords.failureInfo';
const ratingType = 'microsoft.graph.callRecords.userFeedbackRating';

function shapeOf(property: Property, ofType: string): Shape {
  const plain = singleShape(property.type);
  const limit = ofType === streamType ? qualityLimits.get(property.name) : undefined;
  const single = limit === undefined ? plain : { ...plain, limit };
  const shape = property.collection
    ? { ...leaf('array', `Collection(${property.type})`), item: single }
    : single;
  return property.replacement === undefined
    ? shape
    : { ...shape, emptied: property.collection ? '[]' : 'null' };
}

function singleShape(typeName: string): Shape {
  if (typeName.startsWith('Edm.')) return leaf(primitiveForm(typeName), typeName);
  const type = edm.types.get(typeName);
  if (type === undefined) throw new Error(`The model has no type '${typeName}'.`);
  if (type.kind === 'enum')
    return {
      ...leaf('string', typeName),
      visible: visibleNames(type),
      isRating: typeName === ratingType,
    };
  return lazyObject(typeName);
}

/** Returns a shape whose members are compiled on first use, because types refer to each other in cycles. */
function lazyObject(typeName: string): Shape {
  return {
    form: 'object',
    typeName,
    get members() {
      return membersOf(typeName);
    },
    item: undefined,
    visible: undefined,
    wide: false,
    limit: undefined,
    isFailure: typeName === failureType,
    isRating: false,
  };
}

function leaf(form: JsonForm, typeName: string): Shape {
  const wide = typeName === 'Edm.Int64' || typeName === 'Edm.Decimal';
  const none = {
    members: undefined,
    item: undefined,
    visible: undefined,
    limit: undefined,
    isFailure: false,
    isRating: false,
  };
  return { form, typeName, wide, ...none };
}

function visibleNames(type: EnumType): ReadonlySet<string> | undefined {
  return type.sentinel === undefined ? undefined : type.visible;
}

function primitiveForm(typeName: string): JsonForm {
  switch (typeName) {
    case 'Edm.Boolean':
      return 'boolean';
    case 'Edm.Int16':
    case 'Edm.Int32':
    case 'Edm.Int64':
    case 'Edm.Decimal':
      return 'number';
    case 'Edm.Single':
    case 'Edm.Double':
      return 'any'; // a number, or the strings NaN, INF and -INF (OData JSON Format 4.01, section 7.1)
    default:
      return 'string';
  }
}
