/** $metadata as tools read it that we have no part in: what they found is what Graph's CSDL says. */
import { parse } from '@sap-ux/edmx-parser';
import csdl from 'odata-csdl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edmFacts } from '../../support/edm-facts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const versions = ['v1.0', 'beta'] as const;

describe.each(versions)('the $metadata of %s', (version) => {
  const facts = edmFacts[version];
  let xml: string;
  beforeAll(async () => {
    xml = await (await fetch(`${server.url}/${version}/$metadata`)).text();
  });

  it('is turned by the OASIS converter into the JSON that the server gives', async () => {
    const messages: { message: string }[] = [];
    const converted = csdl.xml2json(xml, { messages, strict: true });
    expect(messages).toEqual([]);
    const given = await (await fetch(`${server.url}/${version}/$metadata?$format=json`)).json();
    expect(inOneNotation(converted)).toEqual(inOneNotation(given));
  });

  it('has for SAP’s parser the types, properties and navigation of Graph', () => {
    const { schema } = parsed(xml);
    const found = [...schema.entityTypes, ...schema.complexTypes].map((type) => {
      const properties = type.entityProperties ?? type.properties ?? [];
      return [
        type.fullyQualifiedName,
        {
          properties: properties.map(({ name, type }) => [name, type]).sort(),
          navigation: type.navigationProperties
            .map(({ name, targetTypeName, isCollection, containsTarget }) => {
              const target = isCollection ? `Collection(${targetTypeName})` : targetTypeName;
              return [name, target, ...(containsTarget ? ['contained'] : [])];
            })
            .sort(),
        },
      ];
    });
    const expected = Object.entries(facts.types)
      .filter(([, { kind }]) => kind !== 'enum')
      .map(([name, { properties = [], navigation = [] }]) => [
        name,
        {
          properties: properties.map(([property, type]) => [property, type]).sort(),
          navigation: [...navigation].sort(),
        },
      ]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });

  it('has for SAP’s parser the enumerations, functions, actions and container of Graph', () => {
    const { schema } = parsed(xml);
    const enums = schema.enumTypes.map(({ fullyQualifiedName, members }) => [
      fullyQualifiedName,
      Object.fromEntries(members.map(({ name, value }) => [name, Number(value)])),
    ]);
    expect(Object.fromEntries(enums)).toEqual(
      Object.fromEntries(
        Object.entries(facts.types)
          .filter(([, { kind }]) => kind === 'enum')
          .map(([name, { members }]) => [name, members]),
      ),
    );
    // The parser calls functions actions; only they return something.
    const actions = schema.actions.filter(({ returnType }) => returnType === '');
    expect(actions.map(({ name, isBound, parameters }) => [name, isBound, parameters[0]?.type])).toEqual([
      ['reauthorize', true, 'microsoft.graph.subscription'],
    ]);
    const functions = schema.actions
      .filter((one) => !actions.includes(one))
      .map(({ name, isBound, parameters, returnType }) => [
        name,
        { bound: isBound, parameters: parameters.map(({ name, type }) => [name, type]), returns: returnType },
      ]);
    expect(Object.fromEntries(functions)).toEqual(
      Object.fromEntries(
        Object.entries(facts.functions).map(([name, { bound, parameters, returns }]) => [
          name,
          { bound, parameters: parameters.map(([parameter, type]) => [parameter, type]), returns },
        ]),
      ),
    );
    const named = (all: Parsed['schema']['singletons']) =>
      Object.fromEntries(all.map(({ name, entityTypeName }) => [name, entityTypeName]));
    expect([named(schema.singletons), named(schema.entitySets)]).toEqual([
      facts.container.singletons,
      facts.container.entitySets,
    ]);
  });
});

/** Without what the converter writes otherwise: the alias, the version, default precision and scale, nullable items. */
function inOneNotation(document: unknown): unknown {
  const text = JSON.stringify(document).replaceAll('"graph.', '"microsoft.graph.');
  return JSON.parse(text, (name, value: unknown) => {
    if (name === '$Version' || name === '$Precision' || value === 'variable') return undefined;
    if (typeof value !== 'object' || value === null || !('$Collection' in value)) return value;
    return { ...value, $Nullable: undefined };
  });
}

/** What is used here of the parser's result: its types are in a package that is not among its dependencies. */
interface Parsed {
  readonly schema: {
    readonly entityTypes: readonly ParsedType[];
    readonly complexTypes: readonly ParsedType[];
    readonly enumTypes: readonly {
      readonly fullyQualifiedName: string;
      readonly members: readonly { readonly name: string; readonly value: string | number }[];
    }[];
    readonly actions: readonly {
      readonly name: string;
      readonly isBound: boolean;
      readonly parameters: readonly { readonly name: string; readonly type: string }[];
      readonly returnType: string;
    }[];
    readonly singletons: readonly { readonly name: string; readonly entityTypeName: string }[];
    readonly entitySets: Parsed['schema']['singletons'];
  };
}
interface ParsedType {
  readonly fullyQualifiedName: string;
  readonly entityProperties?: readonly { readonly name: string; readonly type: string }[];
  readonly properties?: ParsedType['entityProperties'];
  readonly navigationProperties: readonly {
    readonly name: string;
    readonly targetTypeName: string;
    readonly isCollection: boolean;
    readonly containsTarget: boolean;
  }[];
}
function parsed(xml: string): Parsed {
  const read: unknown = parse(xml);
  return read as Parsed; // the tests compare all of it that they use
}
