/** Keeps the calls of one tenant: lists, fetches and follows, apart from every other tenant. */
import type { Clock } from '../clock.ts';
import { type CallRecordStore, StoreError } from '../store/store.ts';
import { Budget } from './budget.ts';
import { CallFetcher } from './call-fetcher.ts';
import type { Claimant } from './claimant.ts';
import { isPassing, UpstreamFailure } from './failure.ts';
import { Lister } from './lister.ts';
import { keptSince } from '../store/kept-since.ts';
import { msOf } from './listing-plan.ts';
import { dueDays, type LogName, readLogDay } from './log-days.ts';
import type { HttpClient } from '../http-client.ts';
import type { SlidingWindow } from './sliding-window.ts';
import { type Steadily, steadily } from './steady-store.ts';
import { forgetSubscription, SubscriptionKeeper } from './subscription-keeper.ts';
import type { LifecycleEvent, NotifiedTenant } from './notified-tenant.ts';
import { aborted, Wake } from './wake.ts';
import { TenantGate } from './tenant-gate.ts';
import type { Tokens } from './tokens.ts';
import { UpstreamClient } from './upstream-client.ts';

export interface TenantSyncOptions {
  readonly tenantId: string;
  readonly upstream: URL;
  readonly store: CallRecordStore;
  readonly claimant: Claimant;
  readonly connection: HttpClient;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly shared: SlidingWindow;
  readonly budgetScale: number;
  readonly concurrency: number;
  readonly sinceMs: number | undefined;
  readonly logs: readonly LogName[];
  readonly onEvent: (event: SyncEvent) => void;
}

/** What an operator is told: a state that holds until the next of its kind. */
export interface SyncEvent {
  readonly tenantId: string;
  readonly about: 'upstream' | 'store' | 'list' | 'log' | 'subscription';
  /** What is wrong; absent when it is well again. */
  readonly problem?: string;
}

export interface SyncCounts {
  /** Calls seen in lists. */
  seen: number;
  /** Calls fetched and stored with every page. */
  records: number;
  newVersions: number;
  participants: number;
  sessions: number;
  pages: number;
  logRows: number;
}

export interface TenantOutcome extends SyncCounts {
  readonly tenantId: string;
  readonly requests: number;
  /** Calls that upstream has and the store has not, or not wholly. */
  readonly incomplete: number;
  /** Calls that were seen and that upstream does not have any more. */
  readonly gone: number;
  /** Why not everything is there. */
  readonly problems: readonly string[];
  /** True when the tenant's upstream could not be asked at all. */
  readonly failed: boolean;
}

/** A sync that ends gives up on one call, on upstream and on the store after so many tries. */
const tries = { call: 4, list: 4, upstream: 6, store: 8 };
const afterFailedListMs = 60_000;
const betweenLogsMs = 3600_000;

/** Parts of a sync that is running. */
interface Running {
  readonly client: UpstreamClient;
  readonly budget: Budget;
  readonly gate: TenantGate;
  readonly fetcher: CallFetcher;
  readonly lister: Lister;
  readonly keep: Steadily;
  readonly signal: AbortSignal;
}

/** How a sync runs: until all is there, or for ever. */
interface RunPlan {
  /** Tries before the store is given up. */
  readonly storeTries: number;
  /** Told when upstream is not asked for a while: how often in a row, and why. */
  readonly onClosed: (closings: number, failure: UpstreamFailure) => void;
  readonly work: (running: Running) => readonly Promise<void>[];
  /** When everything was done. */
  readonly finish: (running: Running) => Promise<void>;
}

export interface FollowOptions {
  /** How often what upstream has is listed; absent when notifications alone are relied on. */
  readonly reconcileMs: number | undefined;
  /** Where upstream reaches the listener; absent when listing alone is relied on. */
  readonly notificationUrl: string | undefined;
}

/** How old a listing may be that is made after changes have gone by unnoticed. */
const unheardMs = 3600_000;

export class TenantSync implements NotifiedTenant {
  readonly counts: SyncCounts = {
    seen: 0,
    records: 0,
    newVersions: 0,
    participants: 0,
    sessions: 0,
    pages: 0,
    logRows: 0,
  };
  /** Requests that waited for a limit of upstream's, and how long in all. */
  readonly waits = { count: 0, ms: 0 };
  readonly #options: TenantSyncOptions;
  #client: UpstreamClient | undefined;
  #problems: string[] = [];
  #keeper: SubscriptionKeeper | undefined;
  #fetcher: CallFetcher | undefined;
  /** Fired when changes may have gone by unnoticed. */
  readonly #gap = new Wake();

  constructor(options: TenantSyncOptions) {
    this.#options = options;
  }

  /** Requests sent to upstream. */
  get requests(): number {
    return this.#client?.requests ?? 0;
  }

  /** Calls that are wanted at present. */
  async wanted(): Promise<number> {
    const { store, tenantId } = this.#options;
    return (await store.upstream.counts(tenantId)).wanted;
  }

  /** Lists everything, fetches what is wanted, and ends. */
  async once(signal: AbortSignal): Promise<TenantOutcome> {
    const given = new AbortController();
    const stopped = AbortSignal.any([signal, given.signal]);
    let failed = false;
    try {
      await this.#run(stopped, {
        storeTries: tries.store,
        onClosed: (closings, failure) => {
          // Refused credentials stay refused: there is nothing to wait for.
          if (isPassing(failure) && closings < tries.upstream) return;
          failed = true;
          this.#problems.push(failure.message);
          given.abort();
        },
        work: (running) => this.#once(running),
        finish: (running) => (this.#problems.length === 0 ? running.lister.endRound() : Promise.resolve()),
      });
    } catch (error) {
      if (error instanceof StoreError) {
        failed = true;
        this.#problems.push(error.message);
      } else if (!given.signal.aborted) throw error;
    }
    return this.#outcome(failed);
  }

  /** Goes on until it is stopped. */
  async follow(options: FollowOptions, signal: AbortSignal): Promise<void> {
    await this.#run(signal, {
      storeTries: Number.POSITIVE_INFINITY,
      onClosed: () => undefined,
      work: (running) => [
        running.fetcher.run(() => Promise.resolve(false), running.signal),
        this.#reconcile(running, options),
        this.#followLogs(running),
        ...this.#subscribe(running, options),
      ],
      finish: () => Promise.resolve(),
    });
  }

  get clientStateDigest(): string | undefined {
    return this.#keeper?.clientStateDigest;
  }

  async refresh(): Promise<void> {
    await this.#keeper?.refresh();
  }

  async notified(callIds: readonly string[]): Promise<void> {
    const { store, tenantId, clock } = this.#options;
    const sightings = callIds.map((callId) => ({ callId, version: undefined, startTicks: undefined }));
    await store.upstream.sighted(tenantId, sightings, clock.now().getTime());
    this.#fetcher?.wake.fire();
  }

  lifecycle(event: LifecycleEvent, subscriptionId: string): void {
    this.#keeper?.lifecycle(event, subscriptionId);
  }

  #subscribe({ client, gate, keep, signal }: Running, { notificationUrl }: FollowOptions): Promise<void>[] {
    const { tenantId, store, claimant, clock } = this.#options;
    if (notificationUrl === undefined) return [keep(() => forgetSubscription(store, tenantId, claimant))];
    this.#keeper = new SubscriptionKeeper({
      ...{ tenantId, store, claimant, client, clock, gate, steadily: keep, notificationUrl },
      onGap: () => this.#gap.fire(),
      onTrouble: (failure) =>
        this.#tell('subscription', failure && `There is no subscription. ${failure.message}`),
    });
    return [this.#keeper.run(signal)];
  }

  #once(running: Running): readonly Promise<void>[] {
    const { store, tenantId, logs } = this.#options;
    const { fetcher, signal } = running;
    let listing = true;
    const list = async () => {
      try {
        await this.#listAll(running);
      } finally {
        listing = false;
        fetcher.wake.fire();
      }
    };
    const isDone = async () => {
      if (listing) return false;
      // What another process fetches is waited for: it is stored, or given back.
      return (await store.upstream.counts(tenantId)).wanted <= fetcher.leftForNextRun;
    };
    const readLogs = () => this.#readLogs(running, logs);
    return [list(), fetcher.run(isDone, signal), ...(logs.length > 0 ? [readLogs()] : [])];
  }

  async #listAll({ lister, signal, gate, keep }: Running): Promise<void> {
    const { claimant, tenantId } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        await gate.open(signal);
        await claimant.alone(tenantId, 'list', { steadily: keep, signal }, () => lister.listAll(signal));
        return;
      } catch (error) {
        if (!(error instanceof UpstreamFailure)) throw error;
        if (attempt < tries.list || error.concernsTenant) continue;
        this.#problems.push(`The list of calls broke off. ${error.message}`);
        return;
      }
    }
  }

  async #reconcile(
    { lister, signal, fetcher, gate, keep }: Running,
    { reconcileMs }: FollowOptions,
  ): Promise<void> {
    const { clock, claimant, tenantId } = this.#options;
    // What happened before the start, or went by unnoticed, is listed whatever was listed a moment ago.
    let freshForMs = 0;
    while (!signal.aborted) {
      const gap = this.#gap.signal;
      let waitMs = reconcileMs;
      try {
        await gate.open(signal);
        const list = () => lister.reconcile(freshForMs, signal);
        await claimant.alone(tenantId, 'list', { steadily: keep, signal }, list);
        freshForMs = reconcileMs ?? unheardMs;
        this.#tell('list');
      } catch (error) {
        if (!(error instanceof UpstreamFailure)) throw error;
        this.#tell('list', error.message);
        waitMs = Math.min(afterFailedListMs, reconcileMs ?? afterFailedListMs);
      }
      fetcher.wake.fire();
      if (waitMs === undefined) await aborted(AbortSignal.any([gap, signal]));
      else await clock.sleep(waitMs, AbortSignal.any([gap, signal]));
      if (gap.aborted) freshForMs = 0;
    }
  }

  async #followLogs(running: Running): Promise<void> {
    const { clock, logs } = this.#options;
    if (logs.length === 0) return;
    while (!running.signal.aborted) {
      await this.#readLogs(running, logs);
      await clock.sleep(betweenLogsMs, running.signal);
    }
  }

  async #readLogs(running: Running, logs: readonly LogName[]): Promise<void> {
    const { claimant, tenantId } = this.#options;
    const read = () =>
      together(
        logs.map((log) => this.#readLog(log, running)),
        new AbortController(),
      );
    await claimant.alone(tenantId, 'logs', { steadily: running.keep, signal: running.signal }, read);
  }

  /** A log that cannot be read is told of and tried again; calls go on without it. */
  async #readLog(log: LogName, { client, gate, keep, signal }: Running): Promise<void> {
    const { store, tenantId, clock } = this.#options;
    const sinceMs = await keep(() => this.#sinceMs());
    const listed = await keep(() => store.upstream.listed(tenantId, log.name));
    const read = { tenantId, store, client, clock, steadily: keep, signal };
    try {
      for (const day of dueDays(clock.now().getTime(), sinceMs, listed)) {
        await gate.open(signal);
        const rows = await readLogDay(log, day, read);
        this.counts.logRows += rows; // after the wait: logs are read side by side
      }
      this.#tell('log');
    } catch (error) {
      if (!(error instanceof UpstreamFailure)) throw error;
      if (error.concernsToken) {
        gate.failed(error);
        return;
      }
      const problem = `The log ${log.name} cannot be read. ${error.message}`;
      if (!this.#problems.includes(problem)) this.#problems.push(problem);
      this.#tell('log', problem);
    }
  }

  async #run(signal: AbortSignal, plan: RunPlan): Promise<void> {
    const { clock, claimant } = this.#options;
    const ended = new AbortController();
    const running = AbortSignal.any([signal, ended.signal]);
    const keep = steadily({
      clock,
      signal: running,
      tries: plan.storeTries,
      onTrouble: (error) => this.#tell('store', error?.message),
    });
    let parts: Running | undefined;
    try {
      await keep(() => claimant.enter());
      try {
        parts = await this.#parts(running, keep, plan);
        await this.#work(parts, plan, ended);
        if (!running.aborted) await plan.finish(parts);
      } finally {
        ended.abort();
        // What cannot be written down counts as sent when a sync starts again.
        await parts?.budget.close().catch((error: unknown) => {
          if (!(error instanceof StoreError) && !running.aborted) throw error;
        });
        await claimant.leave();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Everything there is to do, and what other processes leave undone. */
  async #work(parts: Running, plan: RunPlan, ended: AbortController): Promise<void> {
    const over = new AbortController();
    const work = together(plan.work(parts), ended).finally(() => over.abort());
    await together([work, this.#share(parts, AbortSignal.any([parts.signal, over.signal]))], ended);
  }

  /** Shares the budget with other processes, and takes over the calls that one which is gone was fetching. */
  async #share({ budget, fetcher }: Running, signal: AbortSignal): Promise<void> {
    const { claimant } = this.#options;
    for (;;) {
      const { changed, renewed } = claimant;
      await aborted(AbortSignal.any([changed, renewed, signal]));
      if (signal.aborted) return;
      if (changed.aborted || claimant.others > 0) await budget.refresh();
      if (!changed.aborted) continue;
      await fetcher.takeOver();
      fetcher.wake.fire();
    }
  }

  async #parts(running: AbortSignal, keep: Steadily, { storeTries, onClosed }: RunPlan): Promise<Running> {
    const { tenantId, store, claimant, clock, connection, tokens, upstream, concurrency } = this.#options;
    const interrupted = await keep(() => store.upstream.resume(tenantId, claimant.nowMs()));
    const budget = await Budget.open(
      {
        clock,
        scale: this.#options.budgetScale,
        shared: this.#options.shared,
        claimant,
        update: (change) => keep(() => store.upstream.updateState(tenantId, 'budget', change)),
        onWaited: (ms) => {
          this.waits.count++;
          this.waits.ms += ms;
        },
      },
      interrupted,
    );
    const client = new UpstreamClient({ upstream, connection, tokens, budget, clock });
    this.#client = client;
    const gate: TenantGate = new TenantGate({
      clock,
      onChange: (closed) => {
        if (closed === undefined) {
          this.#tell('upstream');
          return;
        }
        this.#tell('upstream', `${closed.failure.message} Next try in ${Math.ceil(closed.forMs / 1000)} s.`);
        onClosed(gate.closings, closed.failure);
      },
    });
    const shared = { tenantId, store, claimant, client, clock, gate, steadily: keep };
    const fetcher = new CallFetcher({
      ...shared,
      concurrency,
      tries: storeTries === Number.POSITIVE_INFINITY ? storeTries : tries.call,
      onTakenOver: (callIds) => budget.interrupted(callIds),
      onFetched: ({ participants, sessions, pages }) => {
        this.counts.participants += participants;
        this.counts.sessions += sessions;
        this.counts.pages += pages;
      },
      onStored: (newVersions, settled) => {
        this.counts.newVersions += newVersions;
        this.counts.records += settled.filter(({ outcome }) => outcome === 'stored').length;
      },
    });
    this.#fetcher = fetcher;
    const lister = new Lister({
      ...shared,
      sinceMs: await keep(() => this.#sinceMs()),
      onSighted: (seen, wanted) => {
        this.counts.seen += seen;
        if (wanted > 0) fetcher.wake.fire();
      },
    });
    return { client, budget, gate, fetcher, lister, keep, signal: running };
  }

  /** What retention has dropped is not fetched again. */
  async #sinceMs(): Promise<number | undefined> {
    const { store, tenantId, sinceMs } = this.#options;
    const kept = msOf(await keptSince(store, tenantId));
    return kept === 0 ? sinceMs : Math.max(sinceMs ?? 0, kept);
  }

  async #outcome(failed: boolean): Promise<TenantOutcome> {
    const { store, tenantId } = this.#options;
    const { wanted, gone } = await store.upstream.counts(tenantId);
    return {
      tenantId,
      ...this.counts,
      requests: this.requests,
      incomplete: wanted,
      gone,
      problems: this.#problems,
      failed,
    };
  }

  #tell(about: SyncEvent['about'], problem?: string): void {
    const { tenantId, onEvent } = this.#options;
    onEvent({ tenantId, about, ...(problem !== undefined && { problem }) });
  }
}

/** Waits for all; the first that fails ends the others, and none is left running. */
async function together(parts: readonly Promise<void>[], ended: AbortController): Promise<void> {
  const failures: unknown[] = [];
  await Promise.all(
    parts.map((part) =>
      part.catch((error: unknown) => {
        failures.push(error);
        ended.abort();
      }),
    ),
  );
  if (failures.length > 0) throw failures[0] as Error;
}
