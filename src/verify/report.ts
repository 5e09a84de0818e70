/** What is proved of a tenant, and what is known to be missing. */
import type { Clock } from '../clock.ts';
import type { Tally } from '../store/evidence.ts';
import { type CallRecordStore, StoreDamaged, StoreError } from '../store/store.ts';
import { ticksOf } from '../text/ticks.ts';
import { corruptParts } from './check-call.ts';
import { type Gap, gapsOf } from './gaps.ts';

export interface Report {
  /** Calls. */
  readonly records: number;
  readonly versions: number;
  /** Received, in the newest edition of each call. */
  readonly participants: number;
  /** Calls that lack something, or of which upstream has a version that was not fetched. */
  readonly incomplete: number;
  /** Participants whom the sessions of a call show and its list lacks. */
  readonly missingParticipants: number;
  readonly gaps: readonly Gap[];
}

export interface VerifiedReport extends Report {
  /** Parts whose bytes, order or checksums are not what was stored. */
  readonly corrupt: number;
}

/**
 * What the store tells without reading what it keeps: costs what is missing, not what is there.
 *
 * @param tally Of the tenant, where it was read already.
 */
export async function completenessOf(
  store: CallRecordStore,
  tenantId: string,
  clock: Clock,
  tally?: Tally,
): Promise<Report> {
  const { calls, versions, participants, found } = tally ?? (await store.evidence.tally(tenantId));
  const gaps: Gap[] = [];
  for await (const gap of gapsOf(store, tenantId, ticksOf(clock.now()))) gaps.push(gap);
  return {
    records: calls,
    versions,
    participants,
    // Of a call that lacks something, and of a version of it that was not fetched besides, there are two gaps.
    incomplete: new Set(gaps.flatMap(({ callId }) => callId ?? [])).size,
    missingParticipants: found,
    gaps,
  };
}

/** Calls read at once. */
const chunk = 200;

/**
 * Reads everything of a tenant, call by call, and recomputes what was written of it.
 *
 * @param onRead Told how many calls more were read.
 */
export async function verifyTenant(
  store: CallRecordStore,
  tenantId: string,
  { clock, onRead }: { readonly clock: Clock; readonly onRead: (calls: number) => void },
): Promise<VerifiedReport> {
  const counted = { calls: 0, editions: 0, versions: 0, participants: 0, incomplete: 0, found: 0 };
  let corrupt = 0;
  for (let after: string | undefined; ;) {
    const ids = await store.evidence.calls(tenantId, after, chunk);
    for (const id of ids) {
      const editions = await editionsOf(store, tenantId, id);
      if (editions === undefined) {
        corrupt++;
        continue;
      }
      corrupt += await corruptParts(store, editions);
      const newest = editions.at(-1);
      if (newest === undefined) throw new StoreError('A call is gone from the store while it is read.');
      counted.calls++;
      counted.editions += editions.length;
      counted.versions += new Set(editions.map(({ version }) => version)).size;
      counted.participants += newest.participants?.count ?? 0;
      counted.incomplete += Number(newest.lacking.length > 0);
      counted.found += newest.found?.count ?? 0;
    }
    onRead(ids.length);
    if (ids.length < chunk) break;
    after = ids.at(-1);
  }
  // The counts that are kept must be those that are counted; they are read together with the rest, or may have grown.
  const kept = await store.evidence.tally(tenantId);
  if (kept.editions === counted.editions && JSON.stringify(sorted(kept)) !== JSON.stringify(sorted(counted)))
    corrupt++;
  return { ...(await completenessOf(store, tenantId, clock)), corrupt };
}

/** @returns `undefined` where what is recorded of one of them is damaged */
async function editionsOf(store: CallRecordStore, tenantId: string, callId: string) {
  try {
    return await store.evidence.editions(tenantId, callId);
  } catch (error) {
    if (error instanceof StoreDamaged) return undefined;
    throw error;
  }
}

function sorted(counts: object): [string, unknown][] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
}

export function sumOf(reports: readonly VerifiedReport[], engineFaults: number): VerifiedReport {
  const sum = (of: (report: VerifiedReport) => number) => reports.reduce((all, one) => all + of(one), 0);
  return {
    records: sum(({ records }) => records),
    versions: sum(({ versions }) => versions),
    participants: sum(({ participants }) => participants),
    incomplete: sum(({ incomplete }) => incomplete),
    missingParticipants: sum(({ missingParticipants }) => missingParticipants),
    gaps: reports.flatMap(({ gaps }) => gaps),
    corrupt: sum(({ corrupt }) => corrupt) + engineFaults,
  };
}
