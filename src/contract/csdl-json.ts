/** The model as a CSDL JSON document (OData CSDL JSON 4.01). */
import { annotationsOf, type Revision } from './annotations.ts';
import { byName, declaredProperties, namespacesOf } from './csdl-order.ts';
import type { BoundAction, BoundFunction, Edm, EnumType, Property, StructuredType } from './edm.ts';
import { namespaceOf, simpleName } from './names.ts';

export function formatCsdlJson(edm: Edm): string {
  const schemas = namespacesOf(edm).map((namespace) => [namespace, schema(edm, namespace)]);
  const document = {
    $Version: '4.01',
    $EntityContainer: 'microsoft.graph.GraphService',
    ...(Object.fromEntries(schemas) as object),
  };
  return JSON.stringify(document, null, 2);
}

function schema(edm: Edm, namespace: string): object {
  const types = byName([...edm.types.values()].filter((type) => namespaceOf(type.name) === namespace));
  const functions = edm.functions.filter((one) => namespaceOf(one.returns) === namespace);
  const isRoot = namespace === 'microsoft.graph';
  return {
    ...(isRoot ? { $Alias: 'graph' } : {}),
    ...Object.fromEntries(
      types.map((type) => [
        simpleName(type.name),
        type.kind === 'enum' ? enumType(type) : structuredType(type),
      ]),
    ),
    ...Object.fromEntries(functions.map((one) => [one.name, [boundFunction(one)]])),
    ...Object.fromEntries(
      edm.actions
        .filter((one) => namespaceOf(one.boundTo) === namespace)
        .map((one) => [one.name, [boundAction(one)]]),
    ),
    ...(isRoot ? { GraphService: container(edm), $Annotations: annotations() } : {}),
  };
}

function enumType({ members }: EnumType): object {
  return { $Kind: 'EnumType', ...Object.fromEntries(members.map(({ name, value }) => [name, value])) };
}

function structuredType(type: StructuredType): object {
  const { properties, navigation } = declaredProperties(type);
  return {
    $Kind: type.kind === 'entity' ? 'EntityType' : 'ComplexType',
    ...(type.base === undefined ? {} : { $BaseType: type.base }),
    ...(type.abstract ? { $Abstract: true } : {}),
    ...(type.open ? { $OpenType: true } : {}),
    ...(type.name === 'microsoft.graph.entity' ? { $Key: ['id'] } : {}),
    ...Object.fromEntries(properties.map((property) => [property.name, propertyObject(property)])),
    ...Object.fromEntries(
      navigation.map((property) => [
        property.name,
        { $Kind: 'NavigationProperty', ...propertyObject(property), $ContainsTarget: true },
      ]),
    ),
  };
}

/** Omits `Edm.String` and `Nullable=false`, the defaults of CSDL JSON. */
function propertyObject({ type, collection, nullable, anyScale }: Property): object {
  return {
    ...(collection ? { $Collection: true } : {}),
    ...(type === 'Edm.String' ? {} : { $Type: type }),
    ...(nullable ? { $Nullable: true } : {}),
    ...(anyScale ? { $Scale: 'variable' } : {}),
  };
}

function boundFunction({ boundTo, parameters, returns }: BoundFunction): object {
  return {
    $Kind: 'Function',
    $IsBound: true,
    $Parameter: [
      { $Name: 'bindingParameter', $Collection: true, $Type: boundTo },
      ...parameters.map(({ name, type }) => ({ $Name: name, $Type: type, $Nullable: true })),
    ],
    $ReturnType: { $Collection: true, $Type: returns },
  };
}

function boundAction({ boundTo }: BoundAction): object {
  return {
    $Kind: 'Action',
    $IsBound: true,
    $Parameter: [{ $Name: 'bindingParameter', $Type: boundTo, $Nullable: true }],
  };
}

function container(edm: Edm): object {
  const roots = [...edm.container.values()].map(({ name, type, collection }) => [
    name,
    { ...(collection ? { $Collection: true } : {}), $Type: type },
  ]);
  return { $Kind: 'EntityContainer', ...(Object.fromEntries(roots) as object) };
}

function annotations(): object {
  return Object.fromEntries(
    annotationsOf().map(({ target, term, value }) => [
      target,
      { [`@${term}`]: typeof value === 'object' ? [revision(value)] : value },
    ]),
  );
}

function revision({ date, description, removalDate, version }: Revision): object {
  return {
    Date: date,
    Description: description,
    Kind: 'Deprecated',
    RemovalDate: removalDate,
    Version: version,
  };
}
