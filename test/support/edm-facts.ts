/** Reads facts of Graph's published CSDL, written down independently of the model's tables. */
import { readFileSync } from 'node:fs';

interface TypeFacts {
  kind: string;
  base?: string;
  abstract?: true;
  open?: true;
  key?: string[];
  members?: Record<string, number>;
  /** Name, type, and whether it is `required`. */
  properties?: string[][];
  navigation?: string[][];
}

export interface EdmFacts {
  types: Record<string, TypeFacts>;
  functions: Record<string, { bound: boolean; parameters: string[][]; returns: string }>;
  container: { name: string; entitySets: Record<string, string>; singletons: Record<string, string> };
  annotations: Record<string, string[]>;
  revisions: Record<string, Record<string, string>>;
}

const vector = (name: string) =>
  JSON.parse(readFileSync(new URL(`../vectors/edm/${name}.json`, import.meta.url), 'utf8')) as unknown;
const published = vector('v1.0') as EdmFacts;
/** Differences of beta from v1.0, from its typings and reference pages. */
const ofBeta = vector('beta') as Pick<EdmFacts, 'types' | 'functions'>;

export const edmFacts: Readonly<Record<'v1.0' | 'beta', EdmFacts>> = {
  'v1.0': published,
  beta: {
    ...published,
    types: { ...published.types, ...ofBeta.types },
    functions: { ...published.functions, ...ofBeta.functions },
  },
};

/** Returns the declared properties of a type and of its base types. */
export function declaredProperties(version: 'v1.0' | 'beta', type: string): readonly string[] {
  const { base, properties = [] } = edmFacts[version].types[type]!;
  return [
    ...(base === undefined ? [] : declaredProperties(version, base)),
    ...properties.map(([name]) => name!),
  ];
}
