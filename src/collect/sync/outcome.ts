/** Reports the outcome of a finished sync: counts, and each item that is not stored as upstream has it. */
import type { CallRecordStore } from '../../store/store.ts';
import { reasonText } from './failure.ts';
import { callProblem, nextSteps, type SyncProblem } from './problem.ts';
import { mostProblems, type TenantOutcome, type TenantReport } from './tenant-report.ts';

export async function outcomeOf(
  store: CallRecordStore,
  tenantId: string,
  report: TenantReport,
  failed: boolean,
): Promise<TenantOutcome> {
  const { pending: incomplete, expiredUpstream: gone } = await store.upstream.counts(tenantId);
  const { listItem, logRow, page, body } = await store.quarantine.count(tenantId);
  const { named, count, hasLoss } = report.problems;
  const gave = [...report.unstored.values()].filter(({ next }) => next === nextSteps.gone);
  const queued = await queuedProblems(store, tenantId, report);
  return {
    tenantId,
    ...report.counts,
    incomplete,
    gone,
    setAside: listItem + logRow + page + body,
    problems: [...named, ...gave, ...queued.named].slice(0, mostProblems),
    problemCount: count + gave.length + queued.count,
    hasLoss,
    failed,
  };
}

/** Maximum pages of the queue to read for the outcome. */
const mostPages = 100;
const pageSize = 500;

/**
 * Returns why the queued calls are not stored or incomplete: as known to this run, otherwise as recorded in the queue.
 */
async function queuedProblems(
  { upstream }: CallRecordStore,
  tenantId: string,
  { unstored }: TenantReport,
): Promise<{ readonly named: readonly SyncProblem[]; readonly count: number }> {
  const named: SyncProblem[] = [];
  let count = 0;
  let after: string | undefined;
  for (let pages = 0; pages < mostPages; pages++) {
    const page = await upstream.pending(tenantId, after, pageSize);
    for (const { callId, reason, expiredUpstream: gone } of page) {
      // A call that was not yet fetched counts as incomplete but has no problem.
      if (gone || reason === undefined) continue;
      count++;
      if (named.length < mostProblems)
        named.push(unstored.get(callId) ?? callProblem(callId, 'call', { message: reasonText(reason) }));
    }
    if (page.length < pageSize) break;
    after = page.at(-1)?.callId;
  }
  return { named, count };
}
