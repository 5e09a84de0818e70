/** Syncs one tenant independently of the others: acquires its lease, works while it holds it, and waits again. */
import { countFailure } from '../../base/background.ts';
import type { Clock } from '../../base/clock.ts';
import { LeaseHolder, LeaseLost } from '../../store/lease-holder.ts';
import { StoreError } from '../../store/store-errors.ts';
import { isTransient, type UpstreamFailure } from './failure.ts';
import { type LeftWork, leftWork } from './left-work.ts';
import { TenantNotifications } from './notified-tenant.ts';
import { outcomeOf } from './outcome.ts';
import { tenantProblem } from './problem.ts';
import { attemptsOfOnce, storeRetry } from './with-retry.ts';
import { type ReportOptions, type TenantOutcome, TenantReport } from './tenant-report.ts';
import { openWork, type SyncedTenant, type TenantWork } from './tenant-work.ts';
import { together } from './together.ts';
import { Signal } from './signal.ts';
import { type FollowOptions, workOn, workOnce } from './work-loops.ts';

interface TenantSyncOptions extends SyncedTenant, ReportOptions {
  /** The machine's clock, which the leases of all processes use. */
  readonly leaseClock: Clock;
}

/** The lease after which another process takes over from a dead one, plus one poll. */
const leaseTimes = { forMs: 9000, renewMs: 2500 };
/** The interval at which a process on standby tries to acquire the lease. */
const standByMs = 1000;
/** How long `--once` waits for the lease: long enough for that of a killed process, not of a running one. */
const onceStandByMs = 15_000;

const standBy =
  'Another process syncs this tenant. This process is on standby and takes over when the other one ends.';
const leaseLost =
  'The lease of the tenant ended before this process renewed it. Its work for the tenant stops.';
const heldElsewhere =
  'Another process syncs this tenant. Run the command again when the other process has ended.';

interface RunPlan {
  /** True when it ends after everything is stored. */
  readonly isOnce: boolean;
  readonly work: (work: TenantWork) => Promise<void>;
  /** Called when the circuit opens, with the number of consecutive times and the failure. */
  readonly onClosed: (closings: number, failure: UpstreamFailure) => void;
}

export class TenantSync {
  readonly report: TenantReport;
  readonly notifications: TenantNotifications;
  readonly #options: TenantSyncOptions;
  readonly #lease: LeaseHolder;
  readonly #wakes = { calls: new Signal(), events: new Signal() };

  constructor(options: TenantSyncOptions) {
    const { tenantId, store, clock, leaseClock } = options;
    this.#options = options;
    this.report = new TenantReport(options);
    this.notifications = new TenantNotifications({ tenantId, store, clock, wakes: this.#wakes });
    this.#lease = new LeaseHolder({ store, name: `sync ${tenantId}`, ...leaseTimes, clock: leaseClock });
  }

  /** True while this process holds the tenant's lease. */
  get isHolder(): boolean {
    return this.#lease.isHeld;
  }

  async wanted(): Promise<number> {
    const { store, tenantId } = this.#options;
    return (await store.upstream.counts(tenantId)).pending;
  }

  left(): Promise<LeftWork> {
    const { store, tenantId, clock, sinceMs } = this.#options;
    return leftWork(store, tenantId, { nowMs: clock.now().getTime(), sinceMs });
  }

  /** Lists everything, fetches the pending calls, and ends. */
  async once(signal: AbortSignal): Promise<TenantOutcome> {
    const given = new AbortController();
    const stop = AbortSignal.any([signal, given.signal]);
    let failed = false;
    const fail = (problem: string) => {
      failed = true;
      this.report.problem(tenantProblem(problem));
    };
    try {
      const isDone = await this.#run(stop, {
        isOnce: true,
        work: workOnce,
        onClosed: (closings, failure) => {
          // Rejected credentials stay rejected, so a retry is useless.
          if (isTransient(failure) && closings < attemptsOfOnce.upstream) return;
          fail(failure.message);
          given.abort();
        },
      });
      if (!isDone && !stop.aborted) fail(heldElsewhere);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      fail(error.message);
    }
    const { store, tenantId } = this.#options;
    return outcomeOf(store, tenantId, this.report, failed);
  }

  /** Syncs until it is stopped. */
  async follow(options: FollowOptions, signal: AbortSignal): Promise<void> {
    const work = (parts: TenantWork) => workOn(parts, options);
    await this.#run(signal, { isOnce: false, work, onClosed: () => undefined });
  }

  /**
   * Runs the work under the lease. @returns True when it is done; false when it was stopped or the lease was not
   * acquired in time.
   */
  async #run(stop: AbortSignal, plan: RunPlan): Promise<boolean> {
    while (await this.#acquire(stop, plan)) {
      const isLost = await this.#workWhileHeld(stop, plan);
      if (!isLost) return !stop.aborted;
      this.report.lostLeases++;
      this.report.report('lease', leaseLost);
    }
    return false;
  }

  /** Waits for the lease. @returns False when it was stopped first, or after a limited time with `--once`. */
  async #acquire(stop: AbortSignal, { isOnce }: RunPlan): Promise<boolean> {
    const { leaseClock } = this.#options;
    const askStore = this.#storeRetry(stop, isOnce);
    let waitedMs = 0;
    try {
      while (!stop.aborted) {
        if (await askStore(() => this.#lease.acquire())) {
          for (const about of ['lease', 'standby'] as const) this.report.report(about);
          return true;
        }
        if (isOnce && waitedMs >= onceStandByMs) return false;
        this.report.report('standby', standBy);
        await leaseClock.sleep(standByMs, stop);
        waitedMs += standByMs;
      }
    } catch (error) {
      if (!stop.aborted) throw error;
    }
    return false;
  }

  /** Works while the lease is held. @returns True when the lease was lost: another process may work for the tenant. */
  async #workWhileHeld(stop: AbortSignal, plan: RunPlan): Promise<boolean> {
    const end = new AbortController();
    const over = new AbortController();
    const lost = new AbortController();
    const lose = () => {
      lost.abort();
      end.abort();
    };
    const work = () => this.#work(AbortSignal.any([stop, end.signal]), end, plan).finally(() => over.abort());
    try {
      await together([work, () => this.#renew(lose, over.signal)], end);
    } catch (error) {
      if (error instanceof LeaseLost) lost.abort();
      else if (!lost.signal.aborted && !stop.aborted) throw error;
    } finally {
      await this.#lease.release();
    }
    return lost.signal.aborted;
  }

  async #work(signal: AbortSignal, end: AbortController, { isOnce, work, onClosed }: RunPlan): Promise<void> {
    const { report } = this;
    const retried = this.#storeRetry(signal, isOnce);
    const check = () => this.#lease.check();
    const askStore: typeof retried = (ask) =>
      retried(() => {
        // A former holder must not write any more.
        check();
        return ask();
      });
    const parts = { ...this.#options, report, wakes: this.#wakes, askStore, check, end, signal };
    const opened = await openWork({ ...parts, isOnce, onClosed });
    try {
      await work(opened);
    } finally {
      end.abort();
      // If this fails, the next sync counts the whole allowance as sent.
      await opened.budget.close().catch((error: unknown) => {
        if (!(error instanceof StoreError || error instanceof LeaseLost) && !signal.aborted) throw error;
      });
    }
  }

  async #renew(lose: () => void, over: AbortSignal): Promise<void> {
    for (;;) {
      await this.#options.leaseClock.sleep(leaseTimes.renewMs, over);
      if (over.aborted) return;
      try {
        if (await this.#lease.renew()) {
          // A process on standby may have received notifications of calls.
          this.#wakes.calls.notify();
          continue;
        }
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        countFailure('lease');
        if (this.#lease.isHeld) continue;
      }
      lose();
      return;
    }
  }

  #storeRetry(signal: AbortSignal, isOnce: boolean) {
    const { clock } = this.#options;
    const attempts = isOnce ? attemptsOfOnce.store : Number.POSITIVE_INFINITY;
    return storeRetry(attempts, { clock, signal }, (error) => this.report.report('store', error?.message));
  }
}
