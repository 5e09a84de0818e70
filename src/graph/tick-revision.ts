/** The revision of the store for all requests that come in one turn of the event loop: it is asked after each of them came. */
import type { Awaitable } from '../base/awaitable.ts';
import type { CallRecordStore } from '../store/store.ts';

export function createTurnRevision(store: Pick<CallRecordStore, 'revision'>) {
  let asked: { readonly revision: Awaitable<number | undefined> } | undefined;
  return (): Awaitable<number | undefined> => {
    if (asked === undefined) {
      asked = { revision: store.revision() };
      setImmediate(() => (asked = undefined));
    }
    return asked.revision;
  };
}
