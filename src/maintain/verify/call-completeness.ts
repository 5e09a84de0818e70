/** Determines how complete a call is, in its newest edition or an earlier one. */
import type { CallCompleteness, ListEvidence } from '../../contract/call-completeness.ts';
import type { Standing } from '../../contract/completeness-state.ts';
import { oddCount } from '../../contract/oddities.ts';
import { isLarger, shownId } from '../../store/quarantine.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { Edition, StoredList } from '../../store/edition.ts';
import { formatMs } from '../../base/ticks.ts';
import { lastReport } from './last-report.ts';
import { callStanding } from './standing.ts';

/**
 * Returns the completeness. @param isNewest False for an earlier state, for which a newer version at upstream is
 * irrelevant.
 */
export async function callCompleteness(
  store: CallRecordStore,
  edition: Edition,
  isNewest: boolean,
): Promise<CallCompleteness> {
  const { tenantId, lacking, participants, sessions, found, receivedMs, odd } = edition;
  const [standing] = await callStandings(store, tenantId, [edition], isNewest);
  const pieces = await store.quarantine.ofCalls(tenantId, [edition.callId]);
  return {
    ...standing!, // of one edition
    complete: lacking.length === 0,
    lacking,
    participants: evidenceOf(participants),
    sessions: evidenceOf(sessions),
    foundParticipants: found?.count ?? 0,
    odd: oddCount(odd),
    oddities: odd,
    quarantined: pieces.map(({ id, unit, reason }) => ({ id: shownId(id), unit, reason })),
    receivedDateTime: receivedMs === undefined ? null : formatMs(receivedMs),
  };
}

/** Returns the state of each call, in order. */
async function callStandings(
  store: CallRecordStore,
  tenantId: string,
  editions: readonly Edition[],
  areNewest = true,
): Promise<readonly Standing[]> {
  const checked = (await lastReport(store, tenantId))?.checked;
  const ids = areNewest ? editions.map(({ callId }) => callId) : [];
  const wanted = new Map(
    (await store.upstream.pendingOf(tenantId, ids)).map(({ callId, queuedMs }) => [callId, queuedMs]),
  );
  const pieces = await store.quarantine.ofCalls(tenantId, ids);
  const setAside = new Set(pieces.filter(isLarger).map(({ callId }) => callId));
  return editions.map((edition) => {
    const { callId } = edition;
    const evidence = { edition, queuedMs: wanted.get(callId), isSetAside: setAside.has(callId) };
    return callStanding(evidence, checked);
  });
}

/** Returns the states of calls by id. @param editions Their newest editions */
export async function standingsOf(
  store: CallRecordStore,
  tenantId: string,
  editions: readonly Edition[],
): Promise<ReadonlyMap<string, Standing>> {
  const standings = await callStandings(store, tenantId, editions);
  return new Map(editions.map(({ callId }, i) => [callId, standings[i]!])); // one for each
}

function evidenceOf(list: StoredList | undefined): ListEvidence | null {
  return list === undefined
    ? null
    : { count: list.count, complete: list.complete, pages: list.pages ?? null };
}
