/** Decides how many calls are processed together: fewer where calls are large, so that memory stays bounded. */
import type { CallRecordStore } from './store.ts';

/** Calls in the first batch, while their size is unknown. */
const first = 4;
const most = 32;
/** Bytes of blocks that are processed together; one call may have more. */
const bytesAtOnce = 2 ** 20;

export class CallsAtOnce {
  #count = first;

  get count(): number {
    return this.#count;
  }

  /** Called with the size of the last batch, from which the next batch is sized. */
  had(calls: number, bytes: number): void {
    const fit = bytes === 0 ? most : Math.floor((calls * bytesAtOnce) / bytes);
    this.#count = Math.max(1, Math.min(most, fit, this.#count * 2));
  }
}

/** Yields the ids of a tenant's calls in batches. */
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
