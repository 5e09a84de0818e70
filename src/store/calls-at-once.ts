/** Decides how many calls are processed together: few where they are large, so that memory does not grow with the store. */
import type { CallRecordStore } from './store.ts';

/** Until it is known how large they are. */
const first = 4;
const most = 32;
/** Of the blocks of calls that are worked at together; a call may have more. */
const bytesAtOnce = 2 ** 20;

export class CallsAtOnce {
  #count = first;

  get count(): number {
    return this.#count;
  }

  /** Called with the size of the last calls: the next are taken to be as large. */
  had(calls: number, bytes: number): void {
    const fit = bytes === 0 ? most : Math.floor((calls * bytesAtOnce) / bytes);
    this.#count = Math.max(1, Math.min(most, fit, this.#count * 2));
  }
}

/** Some at a time. */
export async function* callIds(
  { evidence }: CallRecordStore,
  tenantId: string,
  atOnce: CallsAtOnce,
  from?: string,
): AsyncGenerator<readonly string[]> {
  for (let after = from; ;) {
    const ids = await evidence.calls(tenantId, after, atOnce.count);
    after = ids.at(-1);
    if (after === undefined) return;
    yield ids;
  }
}
