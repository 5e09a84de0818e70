/** Orders the model for a CSDL document. */
import type { Edm, Property, StructuredType } from './edm.ts';
import { namespaceOf } from './names.ts';

export function namespacesOf(edm: Edm): string[] {
  return [...new Set([...edm.types.keys()].map((name) => namespaceOf(name)))].sort();
}

export function byName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  const key = (item: T) => item.name.toLowerCase();
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Returns the properties that a type itself declares; dynamic properties are not declared. */
export function declaredProperties(type: StructuredType): { properties: Property[]; navigation: Property[] } {
  return {
    properties: byName(type.own.filter((one) => one.kind === 'property')),
    navigation: byName(type.own.filter((one) => one.kind === 'navigation')),
  };
}
