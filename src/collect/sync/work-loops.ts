/** Runs a tenant's work while its lease is held: once to the end, or continuously. */
import { UpstreamFailure } from './failure.ts';
import { tenantProblem } from './problem.ts';
import type { UpstreamLog } from './log-days.ts';
import { readLog } from './read-log.ts';
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
  const { tenant, lister, fetcher, wakes, signal } = work;
  const { store, tenantId } = tenant;
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
  await together([list, () => fetcher.run(isDone, signal), () => readLogs(work)], work.end);
  if (!signal.aborted && listing.isWhole) await lister.endRound();
}

/** Lists, reads the logs, keeps the subscription and fetches pending calls until it is stopped. */
export async function workOn(work: TenantWork, options: FollowOptions): Promise<void> {
  const { fetcher, signal } = work;
  /** Notified when changes may have been missed. */
  const gap = new Signal();
  await together(
    [
      () => fetcher.run(() => Promise.resolve(false), signal),
      () => reconcile(work, options, gap),
      () => followLogs(work),
      () => subscribe(work, options, gap),
    ],
    work.end,
  );
}

/** @returns Whether everything was listed to its end. */
async function listAll({ tenant, report, lister, gate, signal }: TenantWork): Promise<boolean> {
  const list = async () => {
    await gate.open(signal);
    return (await lister.listAll(signal)) === undefined;
  };
  try {
    return await withRetry(list, { clock: tenant.clock, signal, ...listOnceRetry });
  } catch (error) {
    if (!(error instanceof UpstreamFailure)) throw error;
    report.problem(tenantProblem(`The list of calls could not be read to its end. ${error.message}`));
    return false;
  }
}

async function reconcile(work: TenantWork, { reconcileMs }: FollowOptions, gap: Signal): Promise<void> {
  const { tenant, report, lister, gate, wakes, signal } = work;
  const { clock } = tenant;
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
      const failure = await lister.reconcile(freshForMs, signal);
      if (failure !== undefined) throw failure;
    };
    await withRetry(list, { clock, signal, ...rule });
    report.report('list');
    wakes.calls.notify();
    const ended = AbortSignal.any([missed, signal]);
    if (reconcileMs === undefined) await aborted(ended);
    else await clock.sleep(reconcileMs, ended);
    freshForMs = missed.aborted ? 0 : (reconcileMs ?? unheardMs);
  }
}

async function followLogs(work: TenantWork): Promise<void> {
  const { tenant, signal } = work;
  if (tenant.logs.length === 0) return;
  while (!signal.aborted) {
    await readLogs(work);
    await tenant.clock.sleep(betweenLogsMs, signal);
  }
}

function readLogs(work: TenantWork): Promise<void> {
  return together(
    work.tenant.logs.map((log) => () => readOneLog(log, work)),
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
  const { tenant, report, wakes, client, gate, askStore, signal } = work;
  const { tenantId, store, clock } = tenant;
  if (notificationUrl === undefined) {
    // Nobody is notified: what is left of a subscription is not waited for.
    await askStore(() => store.upstream.setState(tenantId, 'subscription', undefined));
    return;
  }
  const keeper = new SubscriptionKeeper({
    ...{ tenantId, store, client, clock, gate, askStore, notificationUrl, wake: wakes.events },
    onGap: () => gap.notify(),
    onFailure: (failure) =>
      report.report(
        'subscription',
        failure && `Sync could not create or renew its subscription at upstream. ${failure.message}`,
      ),
    onWarning: (warning) => report.report('subscription', warning),
  });
  await keeper.run(signal);
}
