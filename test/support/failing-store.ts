/** Wraps a store whose methods, including those of its parts, can be made to throw a StoreError. */
import type { CallRecordStore } from '../../src/store/store.ts';
import { StoreError } from '../../src/store/store-errors.ts';

interface FailingStore {
  readonly store: CallRecordStore;
  isFailing: boolean;
  /** Returns the number of failed calls. */
  readonly failed: () => number;
}

/** Wraps a store. @param mayFail The names of methods that can fail; all when absent. */
export function failingStore(
  inner: CallRecordStore,
  mayFail: (name: string | symbol) => boolean = () => true,
): FailingStore {
  let failed = 0;
  const state = { isFailing: false };
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value === 'object' && value !== null) return wrap(value);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (state.isFailing && name !== Symbol.asyncDispose && mayFail(name)) {
            failed++;
            return Promise.reject(new StoreError('The store is away.'));
          }
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
  return Object.assign(state, { store: wrap(inner), failed: () => failed });
}
