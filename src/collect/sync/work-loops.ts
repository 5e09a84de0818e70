/** Runs a tenant's work while its lease is held: once to the end, or continuously. */
import { UpstreamFailure } from './failure.ts';
import { tenantProblem } from './problem.ts';
import type { UpstreamLog } from './log-days.ts';
import { readLog } from './read-log.ts';
import { CallFetcher } from './call-fetcher.ts';
import { endRound, listAllCalls, reconcileCalls } from './lister.ts';
import { listOnceRetry, listRetry, withRetry } from './with-retry.ts';
import { SubscriptionKeeper } from './subscription-keeper.ts';
import type { TenantWork } from './tenant-work.ts';
import { together } from './together.ts';
import { aborted, Signal } from './signal.ts';

export interface FollowOptions {
  /** The interval of listings; absent when the sync relies on notifications alone. */
  readonly reconcileMs: number | undefined;
  /** The URL at which upstream reaches the listener; absent when the sync relies on listings alone. */
  readonly notificationUrl: string | undefined;
}

const betweenLogsMs = 3600_000;
/** The maximum age of a listing that follows missed notifications. */
const unheardMs = 3600_000;

/** Lists everything, reads the logs, and fetches the pending calls. */
export async function workOnce(work: TenantWork): Promise<void> {
  const { store, tenantId, wakes, signal } = work;
  const fetcher = new CallFetcher(work);
  const listing = { isOver: false, isWhole: false };
  const list = async () => {
    try {
      listing.isWhole = await listAll(work);
    } finally {
      listing.isOver = true;
      wakes.calls.notify();
    }
  };
  const isDone = async () =>
    listing.isOver && (await store.upstream.counts(tenantId)).pending <= fetcher.leftForNextRun;
  await together([list, () => fetcher.run(isDone), () => readLogs(work)], work.end);
  if (!signal.aborted && listing.isWhole) await endRound(work);
}

/** Lists, reads the logs, keeps the subscription and fetches pending calls until it is stopped. */
export async function workOn(work: TenantWork, options: FollowOptions): Promise<void> {
  /** Notified when changes may have been missed. */
  const gap = new Signal();
  await together(
    [
      () => new CallFetcher(work).run(() => Promise.resolve(false)),
      () => reconcile(work, options, gap),
      () => followLogs(work),
      () => subscribe(work, options, gap),
    ],
    work.end,
  );
}

/** @returns Whether everything was listed to its end. */
async function listAll(work: TenantWork): Promise<boolean> {
  const { report, gate, signal } = work;
  const list = async () => {
    await gate.open(signal);
    return (await listAllCalls(work)) === undefined;
  };
  try {
    return await withRetry(list, work, listOnceRetry);
  } catch (error) {
    if (!(error instanceof UpstreamFailure)) throw error;
    report.problem(tenantProblem(`The list of calls could not be read to its end. ${error.message}`));
    return false;
  }
}

async function reconcile(work: TenantWork, { reconcileMs }: FollowOptions, gap: Signal): Promise<void> {
  const { clock, report, gate, wakes, signal } = work;
  const onError = (failure: UpstreamFailure) => {
    report.report('list', failure.message);
    wakes.calls.notify();
  };
  const rule = listRetry(reconcileMs, onError);
  // What happened before the start, or went by unnoticed, is listed whatever was listed a moment ago.
  let freshForMs = 0;
  while (!signal.aborted) {
    const missed = gap.signal;
    const list = async () => {
      await gate.open(signal);
      const failure = await reconcileCalls(work, freshForMs);
      if (failure !== undefined) throw failure;
    };
    await withRetry(list, work, rule);
    report.report('list');
    wakes.calls.notify();
    const ended = AbortSignal.any([missed, signal]);
    if (reconcileMs === undefined) await aborted(ended);
    else await clock.sleep(reconcileMs, ended);
    freshForMs = missed.aborted ? 0 : (reconcileMs ?? unheardMs);
  }
}

async function followLogs(work: TenantWork): Promise<void> {
  const { logs, clock, signal } = work;
  if (logs.length === 0) return;
  while (!signal.aborted) {
    await readLogs(work);
    await clock.sleep(betweenLogsMs, signal);
  }
}

function readLogs(work: TenantWork): Promise<void> {
  return together(
    work.logs.map((log) => () => readOneLog(log, work)),
    work.end,
  );
}

/** A log that cannot be read is reported and read again later; calls go on without it. */
async function readOneLog(log: UpstreamLog, work: TenantWork): Promise<void> {
  const failure = await readLog(log, work);
  // The failure of every request is reported by itself.
  if (failure?.concernsToken === true) return;
  work.report.report('log', failure && `Could not read the log ${log.name}. ${failure.message}`);
}

async function subscribe(work: TenantWork, { notificationUrl }: FollowOptions, gap: Signal): Promise<void> {
  const { tenantId, store, askStore } = work;
  // Nobody is notified: what is left of a subscription is not waited for.
  if (notificationUrl === undefined)
    await askStore(() => store.upstream.setState(tenantId, 'subscription', undefined));
  else await new SubscriptionKeeper(work, notificationUrl, gap).run();
}
