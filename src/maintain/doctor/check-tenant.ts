/** Checks how complete and how recent a tenant's calls are. */
import type { Clock } from '../../base/clock.ts';
import type { StateReason } from '../../contract/completeness-state.ts';
import { stateWords } from '../../contract/completeness-words.ts';
import { listingLagMs } from '../../store/recency.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { lastReport } from '../verify/last-report.ts';
import { completenessOf } from '../verify/report.ts';
import { attention, type Finding, well, wrong } from './finding.ts';

const verifiedEveryMs = 31 * 86_400_000;

/** Checks a tenant. @param longestLagMs The maximum age of the newest listing's end; `undefined` sets no limit. */
export async function checkTenant(
  store: CallRecordStore,
  tenantId: string,
  clock: Clock,
  longestLagMs: number | undefined,
): Promise<readonly Finding[]> {
  const nowMs = clock.now().getTime();
  return [
    ...(await calls(store, tenantId, clock)),
    await recency(store, tenantId, nowMs, longestLagMs),
    await verification(store, tenantId, nowMs),
  ].filter((finding) => finding !== undefined);
}

async function calls(store: CallRecordStore, tenantId: string, clock: Clock): Promise<readonly Finding[]> {
  const checked = (await lastReport(store, tenantId))?.checked;
  const report = await completenessOf(store, tenantId, clock, { most: 0, checked });
  const { records, incomplete, gapCount, unhealableGapCount: lost, calls: standing } = report;
  const found: Finding[] = [];
  if (standing.state === 'verified')
    found.push(well('calls', `${records} calls, all verified: nothing is known to be missing.`));
  else if (standing.state === 'unverified')
    // Unverified calls are not reported as ok: the finding about the verification has the next step.
    found.push(...(checked === undefined ? [] : [well('calls', unverifiedText(records, standing.reason))]));
  if (incomplete + gapCount > 0)
    found.push(
      attention(
        'calls',
        `${records} calls: ${incomplete} are incomplete, with ${gapCount} gaps.`,
        'Run rollcall sync to fetch what upstream still has, and rollcall verify to list each gap.',
      ),
    );
  if (lost > 0)
    found.push(
      wrong(
        'calls',
        `${lost} gaps are older than what upstream keeps.`,
        'Import the calls from an export or a backup if you have one. Keep rollcall sync running to prevent more gaps.',
      ),
    );
  return found;
}

function unverifiedText(records: number, reason: StateReason): string {
  return `${records} calls, not all verified. ${stateWords[reason]}`;
}

async function recency(
  { upstream }: CallRecordStore,
  tenantId: string,
  nowMs: number,
  longestLagMs = Number.POSITIVE_INFINITY,
): Promise<Finding | undefined> {
  const agoMs = await listingLagMs(upstream, tenantId, nowMs);
  if (agoMs === undefined) return undefined; // no sync ever ran: calls were imported or generated
  const hours = Math.round(agoMs / 360_000) / 10;
  if (agoMs > longestLagMs)
    return wrong(
      'sync',
      `Sync last listed the calls of upstream ${hours} hours ago.`,
      'Check that rollcall sync runs, and read its log. Upstream deletes a call after 30 days.',
    );
  const { pending: wanted } = await upstream.counts(tenantId);
  return well(
    'sync',
    `Sync listed the calls of upstream ${hours} hours ago; ${wanted} calls are still to be fetched.`,
  );
}

async function verification(
  store: CallRecordStore,
  tenantId: string,
  nowMs: number,
): Promise<Finding | undefined> {
  const last = await lastReport(store, tenantId);
  const remedy = 'Run rollcall verify, for example every week by a timer.';
  if (last === undefined) {
    const { calls: count } = await store.evidence.tally(tenantId);
    return count === 0
      ? undefined
      : attention('verification', 'No verification has run on this store.', remedy);
  }
  const { corrupt } = last.report;
  if (corrupt > 0)
    return wrong(
      'verification',
      `The last verification found ${corrupt} damaged parts.`,
      'Restore a backup, or import or sync the calls again into a new store. Check the health of the disk.',
    );
  const days = Math.floor((nowMs - last.endedMs) / 86_400_000);
  if (nowMs - last.endedMs > verifiedEveryMs)
    return attention('verification', `The last verification was ${days} days ago.`, remedy);
  return well('verification', `Verified ${days} days ago; no damage was found.`);
}
