/** How a CSDL document orders the model. */
import type { Edm, Property, StructuredType } from './edm.ts';
import { namespaceOf } from './names.ts';

export function namespacesOf(edm: Edm): string[] {
  return [...new Set([...edm.types.keys()].map((name) => namespaceOf(name)))].sort();
}

/** By alphabet, whatever the case. */
export function byName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  const key = (item: T) => item.name.toLowerCase();
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** What a type declares itself; dynamic properties are not declared. */
export function declaredProperties(type: StructuredType): { properties: Property[]; navigation: Property[] } {
  return {
    properties: byName(type.own.filter((one) => one.kind === 'property')),
    navigation: byName(type.own.filter((one) => one.kind === 'navigation')),
  };
}
