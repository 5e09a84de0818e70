/** Wraps a store so that it can be made to fail: every call, also of its parts, then throws a StoreError. */
import type { CallRecordStore } from '../../src/store/store.ts';
import { StoreError } from '../../src/store/store-errors.ts';

interface FailingStore {
  readonly store: CallRecordStore;
  isFailing: boolean;
  /** Questions that were failed. */
  readonly failed: () => number;
}

/** @param mayFail Which questions can be made to fail, by the name of their method; all when absent. */
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
