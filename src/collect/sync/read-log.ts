/**
 * Reads an upstream log: its newest 90 days in runs of days, then windows of older days until two consecutive ones are
 * empty (docs/decisions/0039-how-far-back-logs-go.md). An odd row loses only itself, and an unreadable day only that
 * day: a run with either is read again day by day.
 */
import { nowOf } from '../../base/clock.ts';
import type { Span } from '../../store/spans.ts';
import type { ListedSpan } from '../../store/upstream.ts';
import { formatTicks } from '../../base/ticks.ts';
import { isTransient, UpstreamFailure } from './failure.ts';
import { daysIn, dueDays, type LogBackfill, type UpstreamLog, olderWindows, runsOf } from './log-days.ts';
import { type LogPage, readLogSpan } from './log-span.ts';
import { type LostSpan, noteLost, setAsidePage } from './lost-spans.ts';
import { nextSteps, setAsideStep } from './problem.ts';
import type { TenantWork } from './tenant-work.ts';

const dayMs = 24 * 3600_000;
/** The minimum interval between requests for older days: upstream may not serve them at all. */
const olderAgainMs = dayMs;
/** Consecutive windows without rows after which older ones are not requested. */
const emptyWindows = 2;
/** Consecutive failing days after which the rest are skipped in this run. */
const failedDays = { passing: 3, content: 30 };

/**
 * Reads the due days of a log. Reports each quarantined row and each span of days that could not be read.
 *
 * @returns Why some days could not be read; `undefined` when all were.
 */
export async function readLog(log: UpstreamLog, work: TenantWork): Promise<UpstreamFailure | undefined> {
  const lost: LostSpan[] = [];
  if (await readNewestDays(log, work, lost)) await readOlderDays(log, work, lost);
  if (!work.signal.aborted) await reportLost(log, work, lost);
  return lost[0]?.failure;
}

/** Reads the newest days. @returns False when it stopped before the last day. */
async function readNewestDays(log: UpstreamLog, work: TenantWork, lost: LostSpan[]): Promise<boolean> {
  const nowMs = nowOf(work);
  const days = dueDays(nowMs, work.earliestMs, await listedOf(log, work));
  const spans = runsOf(log, days, nowMs);
  let failuresInARow = 0;
  for (let span = spans.shift(); span !== undefined; span = spans.shift()) {
    const single = daysIn(span);
    const { failure } = await readSpan(log, span, work, failuresInARow === 0, single.length > 1);
    if (failure === undefined) {
      failuresInARow = 0;
      continue;
    }
    if (single.length > 1 && !failure.concernsTenant) {
      spans.unshift(...single);
      continue;
    }
    failuresInARow++;
    lost.push({ ...span, failure, piece: await setAsidePage(failure, work) });
    if (!isGivenUp(failure, failuresInARow)) continue;
    lost.push(...spans.map((later) => ({ ...later, failure })));
    return false;
  }
  return true;
}

function isGivenUp(failure: UpstreamFailure, failuresInARow: number): boolean {
  if (failure.concernsTenant) return true;
  return failuresInARow >= (isTransient(failure) ? failedDays.passing : failedDays.content);
}

async function readOlderDays(log: UpstreamLog, work: TenantWork, lost: LostSpan[]): Promise<void> {
  const { askStore, store, tenantId, sinceMs, earliestMs } = work;
  const nowMs = nowOf(work);
  const name = `logBackfill:${log.name}` as const;
  const text = await askStore(() => store.upstream.state(tenantId, name));
  const known = text === undefined ? undefined : (JSON.parse(text) as LogBackfill); // as written below
  // With `--since` the user requests days that a run without it may not have reached.
  const isAsked = sinceMs !== undefined;
  const isReached = known !== undefined && (!isAsked || known.reachedMs <= (earliestMs ?? 0));
  if (isReached && nowMs - known.askedMs < olderAgainMs) return;
  let reachedMs = known?.reachedMs ?? Number.POSITIVE_INFINITY;
  let empty = 0;
  const reached = isAsked ? undefined : known?.reachedMs;
  const windows = olderWindows(nowMs, earliestMs, reached, await listedOf(log, work));
  for (const { fromMs, holes } of windows) {
    let isEmpty = holes.length > 0;
    for (const hole of holes) {
      const { rows, failure } = await readSpan(log, hole, work, true, false);
      if (failure !== undefined && !isRefusal(failure)) {
        lost.push({ ...hole, failure, piece: await setAsidePage(failure, work) });
        if (!failure.isOfContent) return;
      }
      isEmpty &&= rows === 0 && (failure === undefined || isRefusal(failure));
    }
    reachedMs = Math.min(reachedMs, fromMs);
    empty = isEmpty ? empty + 1 : 0;
    if (!isAsked && empty >= emptyWindows) break;
  }
  if (reachedMs === Number.POSITIVE_INFINITY) return;
  const backfill: LogBackfill = { reachedMs, askedMs: nowMs };
  await askStore(() => store.upstream.setState(tenantId, name, JSON.stringify(backfill)));
}

/** Returns true when upstream rejects requests for such days: whether it had rows of them is unknown. */
function isRefusal({ reason, body }: UpstreamFailure): boolean {
  return reason === 'notFound' || (reason === 'notUnderstood' && body === undefined);
}

interface SpanRead {
  readonly rows: number;
  readonly failure: UpstreamFailure | undefined;
}

/**
 * Reads a span.
 *
 * @param isRepeated True when a response that is not JSON is requested again at once.
 * @param isRun True when an odd row fails the span: the row is then reported by its day.
 */
async function readSpan(
  log: UpstreamLog,
  span: Span,
  work: TenantWork,
  isRepeated: boolean,
  isRun: boolean,
): Promise<SpanRead> {
  const { store, tenantId, clock, report, client, gate, askStore, signal } = work;
  const listedMs = nowOf(work);
  await gate.open(signal);
  let rows = 0;
  const request = {
    ...{ client, clock, signal },
    async onPage(page: LogPage) {
      if (isRun && hasOdd(page)) throw new UpstreamFailure('notUnderstood');
      if (page.rows.length > 0) await askStore(() => store.addLogRows(tenantId, page.rows));
      rows += page.rows.length;
      await reportOdd(log, span, page, work);
    },
  };
  let failure: UpstreamFailure | undefined;
  try {
    await readLogSpan(log, span, request, isRepeated);
    await askStore(() => store.upstream.addListed(tenantId, log.name, { ...span, listedMs }));
  } catch (error) {
    if (!(error instanceof UpstreamFailure)) throw error;
    if (error.concernsToken) gate.failed(error);
    failure = error;
  }
  // Rows that are read again day by day are counted then.
  if (!isRun || failure === undefined) report.counts.logRows += rows;
  return { rows, failure };
}

function hasOdd({ rows, odd }: LogPage): boolean {
  return odd.length > 0 || rows.some((row) => row.odd.includes('timeMissing'));
}

async function reportOdd(log: UpstreamLog, span: Span, { odd }: LogPage, work: TenantWork): Promise<void> {
  const { quarantine, report } = work;
  for (const { text, reason } of odd) {
    const id = await quarantine.add({ unit: 'logRow', reason, text });
    report.problem({
      ...{ call: undefined, unit: 'logRow', isLoss: true },
      reason: `A row of the log ${log.name} for ${daysText(span)} could not be stored. ${reason}`,
      next: setAsideStep(id),
    });
  }
}

async function reportLost(log: UpstreamLog, work: TenantWork, lost: readonly LostSpan[]): Promise<void> {
  for (const { failure, ...span } of await noteLost(log.name, lost, nowOf(work), work))
    // A failure of every request is reported separately.
    if (!failure.concernsToken)
      work.report.problem({
        ...{ call: undefined, unit: 'logDay', isLoss: true },
        reason: `Could not read the log ${log.name} for ${daysText(span)}. ${failure.message}`,
        next: nextSteps.listAgain,
      });
}

function daysText({ from, before }: Span): string {
  const [first, last] = [from, before - 1n].map((ticks) => formatTicks(ticks).slice(0, 10));
  return first === last ? first! : `${first} to ${last}`;
}

function listedOf(
  { name }: UpstreamLog,
  { askStore, store, tenantId }: TenantWork,
): Promise<readonly ListedSpan[]> {
  return askStore(() => store.upstream.listed(tenantId, name));
}
