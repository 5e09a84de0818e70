/** Reads the evidence about a tenant and decides its state. */
import type { Clock } from '../../base/clock.ts';
import type { TenantStanding } from '../../contract/completeness-state.ts';
import { expectedLagMinutes } from '../../store/recency.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { StoreDamaged } from '../../store/store-errors.ts';
import type { ListedSpan } from '../../store/upstream.ts';
import type { Listings } from './listings.ts';
import {
  type Checked,
  hoursStanding,
  type ListingEvidence,
  type StoredEvidence,
  storedStanding,
  tenantStanding,
} from './standing.ts';

/** Before the time of every call or log row; a row without a time has 0. */
const firstCall = -(2n ** 62n);
const firstRow = 1n;
/** After every time. */
const end = 2n ** 62n;

interface TenantEvidence extends Pick<StoredEvidence, 'incomplete' | 'setAside'> {
  readonly calls: number;
  readonly listings: Listings;
  readonly hoursMissingFrom: string | undefined;
  readonly checked: Checked | undefined;
}

export async function standingOf(
  store: CallRecordStore,
  tenantId: string,
  clock: Clock,
  { calls, incomplete, setAside, listings, hoursMissingFrom, checked }: TenantEvidence,
): Promise<TenantStanding> {
  const changes = await store.evidence.changes(tenantId);
  const isEmpty = calls === 0 && changes.logChanges === 0;
  const stored = storedStanding({ isEmpty, changes, incomplete, setAside }, checked);
  const logs: ListingEvidence[] = [];
  for (const { kind, spans } of listings.logs) logs.push(await logListing(store, tenantId, kind, spans));
  const hours = hoursStanding({
    nowMs: clock.now().getTime(),
    longestLagMs: expectedLagMinutes * 60_000,
    calls: await callListing(store, tenantId, listings.calls.spans),
    logs,
    gapFrom: hoursMissingFrom,
  });
  return tenantStanding(stored, hours);
}

async function callListing(
  store: CallRecordStore,
  tenantId: string,
  spans: readonly ListedSpan[],
): Promise<ListingEvidence> {
  const query = { participantId: undefined, withFound: false, endedBy: undefined, at: undefined };
  const before = spans[0]?.from ?? end;
  const asOf = await store.newestEdition(tenantId);
  const [oldest] = await store.callsPage(tenantId, { ...query, from: firstCall, before }, asOf, undefined, 1);
  return { spans, oldestTicks: oldest?.startTicks };
}

async function logListing(
  store: CallRecordStore,
  tenantId: string,
  kind: string,
  spans: readonly ListedSpan[],
): Promise<ListingEvidence> {
  const before = spans[0]?.from ?? end;
  try {
    const rows = await store.logRows(tenantId, { kind, from: firstRow, before, skip: 0, limit: 1 });
    return { spans, oldestTicks: rows.length === 0 ? undefined : firstRow };
  } catch (error) {
    // A damaged row counts as one.
    if (!(error instanceof StoreDamaged)) throw error;
    return { spans, oldestTicks: firstRow };
  }
}
