/** The store revision, read once per event-loop tick and shared by all requests of the tick. */
import type { Awaitable } from '../base/awaitable.ts';
import type { CallRecordStore } from '../store/store.ts';

export function createTickRevision(store: Pick<CallRecordStore, 'revision'>) {
  let asked: { readonly revision: Awaitable<number | undefined> } | undefined;
  return (): Awaitable<number | undefined> => {
    if (asked === undefined) {
      asked = { revision: store.revision() };
      setImmediate(() => (asked = undefined));
    }
    return asked.revision;
  };
}
