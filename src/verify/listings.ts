/** What a sync has listed to its end of a tenant, of its calls and of each log, since calls are kept. */
import { edms } from '../model/edm.ts';
import { simpleName } from '../model/names.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { ListedSpan } from '../store/upstream.ts';

interface LogListing {
  /** The function that returns the log. */
  readonly name: string;
  /** The type of its rows. */
  readonly kind: string;
  readonly spans: readonly ListedSpan[];
}

export interface Listings {
  readonly calls: readonly ListedSpan[];
  readonly logs: readonly LogListing[];
}

/** @param kept What began before was dropped. */
export async function listingsOf(
  { upstream }: CallRecordStore,
  tenantId: string,
  kept: bigint,
): Promise<Listings> {
  const listed = async (what: string) => keptSpans(await upstream.listed(tenantId, what), kept);
  const calls = await listed('calls');
  const logs: LogListing[] = [];
  for (const { name, returns } of edms.beta.functions)
    logs.push({ name, kind: simpleName(returns), spans: await listed(name) });
  return { calls, logs };
}

function keptSpans(spans: readonly ListedSpan[], kept: bigint): readonly ListedSpan[] {
  return spans
    .filter(({ before }) => before > kept)
    .map((span) => ({ ...span, from: span.from < kept ? kept : span.from }));
}
