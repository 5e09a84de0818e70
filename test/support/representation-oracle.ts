/**
 * Computes the representation of a record under preferences and options in the most obvious way: it parses the text and changes
 * the tree step by step, without any code of the projection.
 */
import { derivedTypes, edms, type Property, structuredType } from '../../src/contract/edm.ts';
import {
  list,
  type Member,
  memberOf,
  nothing,
  object,
  string,
  textOf,
  token,
  type Tree,
  type TreeObject,
} from './json-tree.ts';

const edm = edms.beta;
const records = 'microsoft.graph.callRecords';
export const types = {
  callRecord: `${records}.callRecord`,
  participant: `${records}.participant`,
  organizer: `${records}.organizer`,
  session: `${records}.session`,
  segment: `${records}.segment`,
} as const;

export interface Look {
  readonly select: readonly string[] | undefined;
  readonly omitNulls: boolean;
  readonly includeUnknownEnumMembers: boolean;
  readonly metadata: 'none' | 'minimal' | 'full';
  readonly ieee754Compatible: boolean;
  readonly deprecated: 'as-before' | 'empty' | 'absent';
}

/** Stands for a text that the server generates: a URL. */
export const madeUp = token('*');

/**
 * Returns what the store keeps of an entity: without the control information of the response it came in, in wire order.
 */
export function received(entity: TreeObject, typeName: string): TreeObject {
  const properties = propertiesOf(typeName);
  const ofTheResponse =
    /@odata\.(context|nextLink|count|id|etag|editLink|readLink|navigationLink|associationLink)$/;
  const apart = typeName === types.callRecord ? ['sessions', 'participants_v2'] : ['segments'];
  const names = [...properties.keys()].filter((name) => !apart.includes(name));
  const kept = entity.members.filter(([name]) => !ofTheResponse.test(name) && !apart.includes(name));
  const place = ([name]: Member) => {
    if (name.startsWith('@')) return -1;
    const at = names.indexOf(name);
    return at < 0 ? names.length : at;
  };
  return object([...kept].sort((a, b) => place(a) - place(b)));
}

/** Returns the id that an entity is found by: the last, when it has several. */
export function keyOf(entity: TreeObject): string | undefined {
  const id = textOf(entity.members.findLast(([name]) => name === 'id')?.[1]);
  return id !== undefined && id !== '' && id.isWellFormed() ? id : undefined;
}

/** Applies the selection, the handling of nulls, and unknown enum names. */
export function preferred(entity: TreeObject, typeName: string, look: Look): TreeObject {
  const { select, omitNulls, includeUnknownEnumMembers } = look;
  const picked =
    select === undefined
      ? entity
      : object(entity.members.filter(([name]) => name.startsWith('@') || select.includes(name)));
  const known = includeUnknownEnumMembers ? picked : (masked(picked, typeName) as TreeObject);
  return omitNulls ? withoutNulls(known) : known;
}

/** Applies the rarer representations to a complete entity. */
export function controlled(entity: TreeObject, typeName: string, look: Look, path: string): TreeObject {
  const current = look.deprecated === 'as-before' ? entity : withoutDeprecated(entity, typeName, look);
  const quoted = look.ieee754Compatible ? (withQuotes(current, typeName) as TreeObject) : current;
  if (look.metadata === 'none') return withoutControl(quoted) as TreeObject;
  if (look.metadata === 'minimal') return quoted;
  const hasId = path !== '' && keyOf(quoted) !== undefined;
  const { members } = described(quoted, typeName) as TreeObject;
  const links: Member[] = hasId
    ? [
        ['@odata.id', madeUp],
        ['@odata.editLink', madeUp],
      ]
    : [];
  // The type precedes the links when the server states it; a received type follows them.
  return memberOf(quoted, '@odata.type') === undefined
    ? object([members[0]!, ...links, ...members.slice(1)])
    : object([...links, ...members]);
}

function propertiesOf(typeName: string): ReadonlyMap<string, Property> {
  const all = new Map<string, Property>();
  for (const type of [structuredType(edm, typeName), ...derivedTypes(edm, typeName)])
    for (const property of type.properties.values())
      if (!all.has(property.name)) all.set(property.name, property);
  return all;
}

const propertyCache = new Map<string, ReadonlyMap<string, Property>>();

/** Returns a property; `undefined` when the model does not know the member or its type. */
function propertyOf(typeName: string | undefined, name: string): Property | undefined {
  if (typeName === undefined || !isStructured(typeName)) return undefined;
  let properties = propertyCache.get(typeName);
  if (properties === undefined) propertyCache.set(typeName, (properties = propertiesOf(typeName)));
  return properties.get(name);
}

function isStructured(typeName: string): boolean {
  const type = edm.types.get(typeName);
  return type !== undefined && type.kind !== 'enum';
}

/** Changes values of a type, outermost last. @param typeName `undefined` for types outside the model. */
function mapped(
  tree: Tree,
  typeName: string | undefined,
  change: (tree: Tree, typeName: string) => Tree,
): Tree {
  const inner = (one: Tree, of: string | undefined): Tree => mapped(one, of, change);
  let current = tree;
  if (tree.kind === 'list')
    return list(
      tree.items.map((item) =>
        inner(item, typeName !== undefined && isOfType(item, typeName) ? typeName : undefined),
      ),
    );
  if (tree.kind === 'object')
    current = object(
      tree.members.map(([name, value]) => {
        const property = propertyOf(typeName, name);
        return [
          name,
          inner(value, property !== undefined && fits(value, property) ? property.type : undefined),
        ];
      }),
    );
  return typeName === undefined ? current : change(current, typeName);
}

/** Returns true for a value in the property's JSON form: a list for a collection, otherwise its own type. */
function fits(value: Tree, { type, collection }: Property): boolean {
  if (value.kind === 'token' && value.text === 'null') return true;
  return collection ? value.kind === 'list' : value.kind !== 'list' && isOfType(value, type);
}

function isOfType(value: Tree, typeName: string): boolean {
  if (isStructured(typeName)) return value.kind === 'object';
  return value.kind === 'token';
}

function masked(tree: Tree, typeName: string): Tree {
  return mapped(tree, typeName, (value, name) => {
    const type = edm.types.get(name);
    if (type?.kind !== 'enum' || type.sentinel === undefined || value.kind !== 'token') return value;
    if (!value.text.startsWith('"') || type.visible.has(JSON.parse(value.text) as string)) return value;
    return string('unknownFutureValue');
  });
}

function withQuotes(tree: Tree, typeName: string): Tree {
  return mapped(tree, typeName, (value, name) => {
    const isWide = name === 'Edm.Int64' || name === 'Edm.Decimal';
    return isWide && value.kind === 'token' && /^[-\d]/.test(value.text) ? string(value.text) : value;
  });
}

/** Removes nulls, empty lists and the resulting empty objects; list elements stay. */
function withoutNulls(tree: TreeObject): TreeObject {
  const element = (item: Tree): Tree => {
    if (item.kind === 'object') return withoutNulls(item);
    return item.kind === 'list' ? list(item.items.map(element)) : item;
  };
  return object(
    tree.members.flatMap(([name, value]): Member[] => {
      if (value.kind === 'token') return value.text === 'null' ? [] : [[name, value]];
      const left = element(value);
      const isEmpty =
        left.kind === 'list' ? left.items.length === 0 : left.kind === 'object' && left.members.length === 0;
      return isEmpty ? [] : [[name, left]];
    }),
  );
}

function withoutDeprecated(
  entity: TreeObject,
  typeName: string,
  { omitNulls, deprecated }: Look,
): TreeObject {
  const isAbsent = deprecated === 'absent' || omitNulls;
  const without = mapped(entity, typeName, (value, name) => {
    if (value.kind !== 'object') return value;
    return object(
      value.members.flatMap(([member, held]): Member[] => {
        const property = propertyOf(name, member);
        if (property?.replacement === undefined) return [[member, held]];
        if (isAbsent) return [];
        return [[member, property.collection ? list([]) : nothing]];
      }),
    );
  }) as TreeObject;
  return omitNulls ? withoutNulls(without) : without;
}

/** Removes control information at every depth, except counts and next links. */
function withoutControl(tree: Tree): Tree {
  if (tree.kind === 'list') return list(tree.items.map(withoutControl));
  if (tree.kind !== 'object') return tree;
  const kept = tree.members.filter(
    ([name]) => !/@(odata|rollcall)\./.test(name) || /@odata\.(nextLink|count)$/.test(name),
  );
  return object(kept.map(([name, value]) => [name, withoutControl(value)]));
}

/** Adds the type of every object of the model, and of every value whose type JSON does not determine. */
function described(tree: Tree, typeName: string): Tree {
  return mapped(tree, typeName, (value, name) => {
    if (value.kind !== 'object') return value;
    const typeOf = (member: string) => typeAnnotation(propertyOf(name, member));
    const members = value.members.flatMap(([member, held]): Member[] => {
      const [described, annotation] = member.split(/@(.*)/s);
      // The model's type replaces a received one.
      if (annotation === 'odata.type' && typeOf(described!) !== undefined) return [];
      const type = typeOf(member);
      return type === undefined
        ? [[member, held]]
        : [
            [`${member}@odata.type`, string(type)],
            [member, held],
          ];
    });
    if (memberOf(value, '@odata.type') !== undefined) return object(members);
    return object([['@odata.type', string(`#${name}`)], ...members]);
  });
}

function typeAnnotation(property: Property | undefined): string | undefined {
  if (property === undefined) return undefined;
  if (property.collection) return `#Collection(${property.type.replace('Edm.', '')})`;
  if (isStructured(property.type) || ['Edm.String', 'Edm.Boolean', 'Edm.Double'].includes(property.type))
    return undefined;
  return `#${property.type.replace('Edm.', '')}`;
}
