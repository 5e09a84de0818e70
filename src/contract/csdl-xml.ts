/** The model as a CSDL XML document (OData CSDL XML 4.01), in alphabetical order like Graph's own. */
import {
  type BoundAction,
  type BoundFunction,
  type Edm,
  type EnumType,
  type Property,
  type StructuredType,
} from './edm.ts';
import { namespaceOf, simpleName } from './names.ts';
import { annotationsOf } from './annotations.ts';
import { byName, declaredProperties, namespacesOf } from './csdl-order.ts';

export function formatCsdlXml(edm: Edm): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">',
    '  <edmx:DataServices>',
    ...namespacesOf(edm).flatMap((namespace) => schema(edm, namespace)),
    '  </edmx:DataServices>',
    '</edmx:Edmx>',
    '',
  ].join('\n');
}

function schema(edm: Edm, namespace: string): string[] {
  const types = [...edm.types.values()].filter((type) => namespaceOf(type.name) === namespace);
  const enums = types.filter((type) => type.kind === 'enum');
  const structured = types.filter((type) => type.kind !== 'enum');
  const isRoot = namespace === 'microsoft.graph';
  return [
    `    <Schema Namespace="${namespace}"${isRoot ? ' Alias="graph"' : ''} xmlns="http://docs.oasis-open.org/odata/ns/edm">`,
    ...byName(enums).flatMap((type) => enumType(type)),
    ...byName(structured.filter((type) => type.kind === 'complex')).flatMap((type) => structuredType(type)),
    ...byName(structured.filter((type) => type.kind === 'entity')).flatMap((type) => structuredType(type)),
    ...edm.functions
      .filter((one) => namespaceOf(one.returns) === namespace)
      .flatMap((one) => boundFunction(one)),
    ...edm.actions.filter((one) => namespaceOf(one.boundTo) === namespace).flatMap((one) => boundAction(one)),
    ...(isRoot ? [...container(edm), ...annotations()] : []),
    '    </Schema>',
  ];
}

function enumType({ name, members }: EnumType): string[] {
  return [
    `      <EnumType Name="${simpleName(name)}">`,
    ...members.map((member) => `        <Member Name="${member.name}" Value="${member.value}" />`),
    '      </EnumType>',
  ];
}

function structuredType(type: StructuredType): string[] {
  const tag = type.kind === 'entity' ? 'EntityType' : 'ComplexType';
  const attributes = [
    `Name="${simpleName(type.name)}"`,
    ...(type.base === undefined ? [] : [`BaseType="${type.base}"`]),
    ...(type.abstract ? ['Abstract="true"'] : []),
    ...(type.open ? ['OpenType="true"'] : []),
  ].join(' ');
  const { properties, navigation } = declaredProperties(type);
  const isKeyed = type.name === 'microsoft.graph.entity';
  const content = [
    ...(isKeyed ? ['        <Key>', '          <PropertyRef Name="id" />', '        </Key>'] : []),
    ...properties.map((property) => `        <Property ${propertyAttributes(property)} />`),
    ...navigation.map(
      (property) => `        <NavigationProperty ${propertyAttributes(property)} ContainsTarget="true" />`,
    ),
  ];
  return content.length === 0
    ? [`      <${tag} ${attributes} />`]
    : [`      <${tag} ${attributes}>`, ...content, `      </${tag}>`];
}

function propertyAttributes({ name, type, collection, nullable, anyScale }: Property): string {
  const typeText = collection ? `Collection(${type})` : type;
  return `Name="${name}" Type="${typeText}"${nullable ? '' : ' Nullable="false"'}${anyScale ? ' Scale="variable"' : ''}`;
}

function boundFunction({ name, boundTo, parameters, returns }: BoundFunction): string[] {
  return [
    `      <Function Name="${name}" IsBound="true">`,
    `        <Parameter Name="bindingParameter" Type="Collection(${boundTo})" />`,
    ...parameters.map(
      (parameter) => `        <Parameter Name="${parameter.name}" Type="${parameter.type}" />`,
    ),
    `        <ReturnType Type="Collection(${returns})" />`,
    '      </Function>',
  ];
}

function boundAction({ name, boundTo }: BoundAction): string[] {
  return [
    `      <Action Name="${name}" IsBound="true">`,
    `        <Parameter Name="bindingParameter" Type="${boundTo}" />`,
    '      </Action>',
  ];
}

function container(edm: Edm): string[] {
  return [
    '      <EntityContainer Name="GraphService">',
    ...[...edm.container.values()].map(({ name, type, collection }) =>
      collection
        ? `        <EntitySet Name="${name}" EntityType="${type}" />`
        : `        <Singleton Name="${name}" Type="${type}" />`,
    ),
    '      </EntityContainer>',
  ];
}

function annotations(): string[] {
  return annotationsOf().flatMap(({ target, term, value }) => [
    `      <Annotations Target="${target}">`,
    ...(typeof value === 'object'
      ? [
          `        <Annotation Term="${term}">`,
          '          <Collection>',
          '            <Record>',
          `              <PropertyValue Property="Date" Date="${value.date}" />`,
          `              <PropertyValue Property="Description" String="${value.description}" />`,
          '              <PropertyValue Property="Kind">',
          '                <EnumMember>Org.OData.Core.V1.RevisionKind/Deprecated</EnumMember>',
          '              </PropertyValue>',
          `              <PropertyValue Property="RemovalDate" Date="${value.removalDate}" />`,
          `              <PropertyValue Property="Version" String="${value.version}" />`,
          '            </Record>',
          '          </Collection>',
          '        </Annotation>',
        ]
      : [
          `        <Annotation Term="${term}" ${typeof value === 'boolean' ? `Bool="${value}"` : `String="${value}"`} />`,
        ]),
    '      </Annotations>',
  ]);
}
