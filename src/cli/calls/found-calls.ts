/** Finds the newest calls of several tenants, and reads what their rows show. */
import { type FoundRow, foundRows } from '../../serve/internal/search/find-calls.ts';
import type { CallPosition } from '../../store/call-list.ts';
import type { CallSearch, FoundCall } from '../../store/search.ts';
import { collectCalls } from '../../store/sorted-calls.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { FoundTotal } from './total-line.ts';

interface TenantCall {
  readonly tenantId: string;
  readonly call: FoundCall;
}

export interface TenantCallRow {
  readonly tenantId: string;
  readonly row: FoundRow;
}

const callsPerPage = 200;

/** Returns the newest calls, at most as many as the limit, and how many match. */
export async function findNewest(
  store: CallRecordStore,
  tenants: readonly string[],
  search: CallSearch,
  limit: number,
): Promise<{ readonly calls: readonly TenantCall[]; readonly total: FoundTotal }> {
  const calls: TenantCall[] = [];
  for await (const call of walkTenants(store, tenants, search)) {
    if (calls.length === limit) return { calls, total: await countAll(store, tenants, search, limit) };
    calls.push(call);
  }
  return { calls, total: { count: calls.length, isExact: true } };
}

/** Counts the matching calls, up to a limit of each tenant. @param least How many there are at least, without one */
async function countAll(
  store: CallRecordStore,
  tenants: readonly string[],
  search: CallSearch,
  least: number,
): Promise<FoundTotal> {
  let count = 0;
  let isExact = true;
  for (const tenantId of tenants) {
    const { calls, isAll } = await collectCalls(store.search, tenantId, search, '-start');
    count += calls.length;
    isExact &&= isAll;
  }
  return { count: Math.max(count, least + 1), isExact };
}

/** Yields the rows of calls in the same order, some at a time. */
export async function* rowsOfCalls(
  store: CallRecordStore,
  search: CallSearch,
  calls: readonly TenantCall[],
): AsyncGenerator<readonly TenantCallRow[]> {
  for (let at = 0; at < calls.length; at += callsPerPage) {
    const some = calls.slice(at, at + callsPerPage);
    const byTenant = Map.groupBy(some, ({ tenantId }) => tenantId);
    const rows = new Map<FoundCall, FoundRow>();
    for (const [tenantId, own] of byTenant) {
      const read = await foundRows(
        store,
        tenantId,
        search,
        own.map(({ call }) => call),
      );
      for (const row of read) rows.set(row.call, row);
    }
    yield some.map(({ tenantId, call }) => ({ tenantId, row: rows.get(call)! })); // each call has one
  }
}

/** Yields the calls of all tenants, newest first. */
async function* walkTenants(
  store: CallRecordStore,
  tenants: readonly string[],
  search: CallSearch,
): AsyncGenerator<TenantCall> {
  const walks = tenants.map((tenantId) => walkTenant(store, tenantId, search));
  const heads: (TenantCall | undefined)[] = [];
  const advance = async (i: number) => {
    const next = await walks[i]!.next();
    heads[i] = next.done === true ? undefined : next.value;
  };
  for (const i of walks.keys()) await advance(i);
  for (;;) {
    let newest: number | undefined;
    for (const [i, head] of heads.entries()) {
      if (head === undefined) continue;
      if (newest === undefined || head.call.startTicks > heads[newest]!.call.startTicks) newest = i; // it has a head
    }
    if (newest === undefined) return;
    yield heads[newest]!; // as above
    await advance(newest);
  }
}

async function* walkTenant(
  store: CallRecordStore,
  tenantId: string,
  search: CallSearch,
): AsyncGenerator<TenantCall> {
  let after: CallPosition | undefined;
  do {
    const { calls, next } = await store.search.find(tenantId, search, after, callsPerPage);
    for (const call of calls) yield { tenantId, call };
    after = next;
  } while (after !== undefined);
}
