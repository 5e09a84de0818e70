/** A store whose every question is a span: named as the interface names it, without what was asked. */
import type { CallRecordStore } from './store.ts';
import { inSpan, isTracing } from '../base/tracing/tracing.ts';

/** Parts of a store that answer questions of their own. */
const parts = ['evidence', 'subscriptions', 'upstream', 'leases', 'retention', 'search'] as const;
/** Asked of memory at every request. */
const untraced: ReadonlySet<string> = new Set(['revision', 'servers', 'replicas', 'secret']);

/**
 * @param system `sqlite`, `postgresql`: what the semantic conventions call it.
 * @returns The store itself while nothing is traced.
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
      const method = value as Ask; // what every method is
      const ask = (...args: unknown[]) => method.apply(target, args);
      const own = typeof name !== 'string' || untraced.has(name) ? ask : traced(ask, prefix + name, system);
      methods.set(name, own);
      return own;
    },
  });
}
