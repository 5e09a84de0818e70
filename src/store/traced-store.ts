/** Wraps a store so that every method call is a span, named after the method and without its arguments. */
import type { CallRecordStore } from './store.ts';
import { inSpan, isTracing } from '../base/tracing/tracing.ts';

/** Parts of a store with methods that are traced. */
const parts = ['evidence', 'subscriptions', 'upstream', 'leases', 'retention', 'search'] as const;
/** Answered from memory at every request, so not traced. */
const untraced: ReadonlySet<string> = new Set(['revision', 'servers', 'replicas', 'secret']);

/**
 * Returns a traced store.
 *
 * @param system `sqlite` or `postgresql`: the `db.system` of the semantic conventions.
 * @returns The store itself while tracing is off.
 */
export function tracedStore(store: CallRecordStore, system: string): CallRecordStore {
  if (!isTracing()) return store;
  const ofParts = new Map<string, object>(
    parts.map((part) => [part, tracedMethods(store[part], system, `${part}.`)]),
  );
  return tracedMethods(store, system, '', (name) => ofParts.get(name));
}

type Ask = (...args: unknown[]) => unknown;

function traced(ask: Ask, operation: string, system: string): Ask {
  const attributes = { 'db.system.name': system, 'db.operation.name': operation };
  const options = { name: operation, kind: 'client', attributes } as const;
  return (...args) => inSpan(options, () => ask(...args));
}

function tracedMethods<T extends object>(
  target: T,
  system: string,
  prefix: string,
  partOf: (name: string) => object | undefined = () => undefined,
): T {
  const methods = new Map<PropertyKey, unknown>();
  return new Proxy(target, {
    get(_, name) {
      const part = typeof name === 'string' ? partOf(name) : undefined;
      if (part !== undefined) return part;
      const known = methods.get(name);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const method = value as Ask; // every member of a part is a method
      const ask = (...args: unknown[]) => method.apply(target, args);
      const own = typeof name !== 'string' || untraced.has(name) ? ask : traced(ask, prefix + name, system);
      methods.set(name, own);
      return own;
    },
  });
}
