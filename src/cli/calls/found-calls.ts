/** Walks the calls that a search finds, newest first over several tenants. */
import type { CallPosition } from '../../store/call-list.ts';
import type { CallSearch, FoundCall } from '../../store/search.ts';
import type { CallRecordStore } from '../../store/store.ts';

export interface TenantCall {
  readonly tenantId: string;
  readonly call: FoundCall;
}

const callsPerPage = 200;

export async function* walkFoundCalls(
  store: CallRecordStore,
  tenants: readonly string[],
  search: CallSearch,
  limit: number,
): AsyncGenerator<TenantCall> {
  const walks = tenants.map((tenantId) => walkTenant(store, tenantId, search, Math.min(limit, callsPerPage)));
  const heads: (TenantCall | undefined)[] = [];
  const advance = async (i: number) => {
    const next = await walks[i]!.next();
    heads[i] = next.done === true ? undefined : next.value;
  };
  for (const i of walks.keys()) await advance(i);
  for (;;) {
    let first: number | undefined;
    for (const [i, head] of heads.entries()) {
      if (head === undefined) continue;
      if (first === undefined || head.call.startTicks > heads[first]!.call.startTicks) first = i; // first has a head
    }
    if (first === undefined) return;
    yield heads[first]!; // it has a head
    await advance(first);
  }
}

async function* walkTenant(
  store: CallRecordStore,
  tenantId: string,
  search: CallSearch,
  size: number,
): AsyncGenerator<TenantCall> {
  let after: CallPosition | undefined;
  do {
    const { calls, next } = await store.search.find(tenantId, search, after, size);
    for (const call of calls) yield { tenantId, call };
    after = next;
  } while (after !== undefined);
}
