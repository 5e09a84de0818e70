/** Returns the completely listed spans of a tenant's calls and logs, within the retention period. */
import { formatTicks } from '../../base/ticks.ts';
import { edms } from '../../contract/edm.ts';
import { simpleName } from '../../contract/names.ts';
import { retentionWatermark } from '../../store/retention-watermark.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { unlistedSpans } from '../../store/unlisted-spans.ts';
import type { ListedSpan, FetchFailureReason } from '../../store/upstream.ts';

export interface Listing {
  readonly spans: readonly ListedSpan[];
  /** Spans that a sync requested and could not read, each with its reason. */
  readonly unlisted: readonly (Span & { readonly reason: FetchFailureReason })[];
}

interface LogListing extends Listing {
  /** The function that returns the log. */
  readonly name: string;
  /** The type of its rows. */
  readonly kind: string;
}

export interface Listings {
  readonly calls: Listing;
  readonly logs: readonly LogListing[];
}

type Span = Pick<ListedSpan, 'from' | 'before'>;

/** Returns the listings. @param kept The retention limit: earlier calls were deleted. */
export async function listingsOf(store: CallRecordStore, tenantId: string, kept: bigint): Promise<Listings> {
  const listing = async (what: string): Promise<Listing> => ({
    spans: keptSpans(await store.upstream.listed(tenantId, what), kept),
    unlisted: keptSpans(await unlistedSpans(store, tenantId, what), kept),
  });
  const calls = await listing('calls');
  const logs: LogListing[] = [];
  for (const { name, returns } of edms.beta.functions)
    logs.push({ name, kind: simpleName(returns), ...(await listing(name)) });
  return { calls, logs };
}

function keptSpans<T extends Span>(spans: readonly T[], kept: bigint): readonly T[] {
  return spans
    .filter(({ before }) => before > kept)
    .map((span) => ({ ...span, from: span.from < kept ? kept : span.from }));
}

/** Null when a sync has listed no calls. */
export interface ListedHours {
  readonly listedFromDateTime: string | null;
  readonly listedToDateTime: string | null;
}

/** Returns the first and the last time that was listed in every tenant. Holes between the two are gaps of the report. */
export async function listedHours(store: CallRecordStore, tenants: readonly string[]): Promise<ListedHours> {
  let from: bigint | undefined;
  let to: bigint | undefined;
  for (const tenantId of tenants) {
    const kept = await retentionWatermark(store, tenantId);
    const { spans } = (await listingsOf(store, tenantId, kept)).calls;
    const first = spans[0];
    const last = spans.at(-1);
    if (first === undefined || last === undefined)
      return { listedFromDateTime: null, listedToDateTime: null };
    if (from === undefined || first.from > from) from = first.from;
    if (to === undefined || last.before < to) to = last.before;
  }
  return {
    listedFromDateTime: from === undefined ? null : formatTicks(from),
    listedToDateTime: to === undefined ? null : formatTicks(to),
  };
}
