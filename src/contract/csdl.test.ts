import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatCsdlJson } from './csdl-json.ts';
import { formatCsdlXml } from './csdl-xml.ts';
import { type Edm, edms, structuredType } from './edm.ts';
import { type EdmFacts, edmFacts } from '../../test/support/edm-facts.ts';

const vector = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../test/vectors/edm/${name}.json`, import.meta.url), 'utf8'),
  ) as unknown;
const versions = [
  ['v1.0', edmFacts['v1.0']],
  ['beta', edmFacts.beta],
] as const;

interface Element {
  tag: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

/** A minimal XML parser: elements and attributes, no entities, no namespaces. */
function readXml(xml: string): Element {
  const root: Element = { tag: '', attributes: {}, children: [], text: '' };
  const stack = [root];
  for (const [, closing, tag, attributes, text] of xml.matchAll(/<(\/?)([\w:]+)((?:[\s/][^>]*)?)>([^<]*)/g)) {
    if (closing) {
      stack.pop();
      continue;
    }
    const element: Element = { tag: tag!, attributes: {}, children: [], text: text!.trim() };
    for (const [, name, value] of attributes!.matchAll(/(?<![\w:])([\w:]+)="([^"]*)"/g))
      element.attributes[name!] = value!;
    stack.at(-1)!.children.push(element);
    if (!attributes!.endsWith('/')) stack.push(element);
  }
  expect(stack).toHaveLength(1);
  return root;
}

function find(element: Element, tag: string): Element[] {
  return element.children.flatMap((child) => [...(child.tag === tag ? [child] : []), ...find(child, tag)]);
}

function factsOfXml(xml: string): EdmFacts {
  const document = readXml(xml);
  const result: EdmFacts = {
    types: {},
    functions: {},
    container: { name: '', entitySets: {}, singletons: {} },
    annotations: {},
    revisions: {},
  };
  for (const schema of find(document, 'Schema')) {
    for (const type of schema.children) {
      const { attributes: at } = type;
      const name = `${schema.attributes['Namespace']!}.${at['Name'] ?? ''}`;
      const row = (one: Element) => [
        one.attributes['Name']!,
        one.attributes['Type']!,
        ...(one.attributes['Nullable'] === 'false' ? ['required'] : []),
        ...(one.attributes['Scale'] ? [`scale=${one.attributes['Scale']}`] : []),
      ];
      if (type.tag === 'EnumType') {
        const members = type.children.map((member) => [
          member.attributes['Name']!,
          Number(member.attributes['Value']),
        ]);
        result.types[name] = { kind: 'enum', members: Object.fromEntries(members) as Record<string, number> };
      } else if (type.tag === 'ComplexType' || type.tag === 'EntityType') {
        const navigation = find(type, 'NavigationProperty').map((one) => [
          ...row(one),
          ...(one.attributes['ContainsTarget'] ? ['contained'] : []),
        ]);
        result.types[name] = {
          kind: type.tag === 'EntityType' ? 'entity' : 'complex',
          ...(at['BaseType'] ? { base: at['BaseType'] } : {}),
          ...(at['Abstract'] ? { abstract: true } : {}),
          ...(at['OpenType'] ? { open: true } : {}),
          ...(find(type, 'PropertyRef').length > 0
            ? { key: find(type, 'PropertyRef').map((one) => one.attributes['Name']!) }
            : {}),
          properties: find(type, 'Property').map((one) => row(one)),
          ...(navigation.length > 0 ? { navigation } : {}),
        };
      } else if (type.tag === 'Function') {
        result.functions[at['Name']!] = {
          bound: at['IsBound'] === 'true',
          parameters: find(type, 'Parameter').map((one) => row(one)),
          returns: find(type, 'ReturnType')[0]!.attributes['Type']!,
        };
      }
    }
  }
  const container = find(document, 'EntityContainer')[0]!;
  result.container.name = container.attributes['Name']!;
  for (const one of find(container, 'EntitySet'))
    result.container.entitySets[one.attributes['Name']!] = one.attributes['EntityType']!;
  for (const one of find(container, 'Singleton'))
    result.container.singletons[one.attributes['Name']!] = one.attributes['Type']!;
  for (const target of find(document, 'Annotations')) {
    const name = target.attributes['Target']!;
    result.annotations[name] = find(target, 'Annotation').map((one) => one.attributes['Term']!);
    for (const record of find(target, 'Record')) {
      const values = record.children.map((one) => [
        one.attributes['Property']!,
        one.attributes['Date'] ?? one.attributes['String'] ?? find(one, 'EnumMember')[0]!.text,
      ]);
      result.revisions[name] = Object.fromEntries(
        values.filter(([property]) => property !== 'Description'),
      ) as Record<string, string>;
    }
  }
  return result;
}

describe.each(versions)('$metadata of %s', (version, published) => {
  it('has the content of the published CSDL in XML', () => {
    expect(factsOfXml(formatCsdlXml(edms[version]))).toEqual(published);
  });

  it('lists types and properties in the published order', () => {
    const written = factsOfXml(formatCsdlXml(edms[version]));
    for (const [name, type] of Object.entries(published.types))
      expect([name, written.types[name]?.properties]).toEqual([name, type.properties]);
  });

  it('lists functions by name', () => {
    const names = [...formatCsdlXml(edms[version]).matchAll(/<Function Name="(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(names).toEqual(Object.keys(published.functions).sort());
  });

  it('has the same content in JSON', () => {
    const json = JSON.parse(formatCsdlJson(edms[version])) as Record<
      string,
      Record<string, Record<string, unknown>>
    >;
    for (const [name, type] of Object.entries(published.types)) {
      const dot = name.lastIndexOf('.');
      const written = json[name.slice(0, dot)]![name.slice(dot + 1)]!;
      const { $Kind, $BaseType, $Abstract, $OpenType, $Key, ...members } = written;
      expect([name, $Kind, $BaseType, $Abstract, $OpenType, $Key]).toEqual([
        name,
        { enum: 'EnumType', complex: 'ComplexType', entity: 'EntityType' }[type.kind],
        type.base,
        type.abstract,
        type.open,
        type.key,
      ]);
      if (type.members) expect(members).toEqual(type.members);
      else
        expect(Object.keys(members)).toEqual(
          [...type.properties!, ...(type.navigation ?? [])].map(([one]) => one),
        );
    }
    expect(json['microsoft.graph']!['$Annotations']).toHaveProperty(
      ['microsoft.graph.callRecords.callRecord/organizer_v2', '@Org.OData.Core.V1.AutoExpand'],
      true,
    );
  });
});

describe('the model', () => {
  const wireOrder = Object.entries(vector('wire-order') as Record<string, string[]>);
  const wireOrderOfBeta = Object.entries(vector('wire-order-beta') as Record<string, string[]>);
  it.each([
    ...wireOrder.map(([name, order]) => ['v1.0', name, order] as const),
    ...[...wireOrder, ...wireOrderOfBeta].map(([name, order]) => ['beta', name, order] as const),
  ])('of %s orders %s as on the wire', (version, name, order) => {
    const names = [...structuredType(edms[version], name).properties.keys()];
    expect(names.filter((one) => order.includes(one))).toEqual(order);
  });

  it('has every member of v1.0 in beta, with the same type', () => {
    for (const type of edms['v1.0'].types.values()) {
      if (type.kind === 'enum') expect(edms.beta.types.get(type.name)).toEqual(type);
      else {
        const { properties } = structuredType(edms.beta, type.name);
        expect([...type.properties.keys()].map((name) => properties.get(name))).toEqual([
          ...type.properties.values(),
        ]);
      }
    }
  });

  it.each(['smsLogRow', 'pstnBlockedUsersLogRow', 'pstnOnlineMeetingDialoutReport', 'callLogRow'])(
    'has %s on beta alone',
    (name) => {
      const has = (edm: Edm) => edm.types.has(`microsoft.graph.callRecords.${name}`);
      expect([has(edms['v1.0']), has(edms.beta)]).toEqual([false, true]);
    },
  );

  it('refers to no type it does not have', () => {
    for (const edm of Object.values(edms)) {
      const types = [...edm.types.values()].flatMap((type) =>
        type.kind === 'enum'
          ? []
          : [...[...type.properties.values()].map((one) => one.type), type.base ?? 'Edm.'],
      );
      expect(types.filter((type) => !type.startsWith('Edm.') && !edm.types.has(type))).toEqual([]);
    }
  });

  it('shows a client only members up to the sentinel', () => {
    const type = edms['v1.0'].types.get('microsoft.graph.callRecords.productFamily');
    expect(type?.kind === 'enum' && [...type.visible]).toEqual([
      'unknown',
      'teams',
      'skypeForBusiness',
      'lync',
      'unknownFutureValue',
    ]);
  });
});
