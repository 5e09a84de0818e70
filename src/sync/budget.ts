/**
 * Upstream's limits, kept ahead of time (reference "Microsoft Graph service-specific throttling limits", call records):
 * a request waits here until every window it falls under has room, and so is never refused.
 *
 * What was sent is remembered across a restart, killed or not: before requests are sent, the store holds that they may
 * be. So it is written once for many requests, and a process that follows counts those that were not sent after all.
 * Processes that keep one tenant write into one text, and each counts what the others sent or may send as its own.
 */
import type { Clock } from '../clock.ts';
import type { Awaitable } from '../store/store.ts';
import { BudgetShares, emptyShare, type Share, type ShareLimits, type WindowLimit } from './budget-shares.ts';
import { emptySnapshot, joined, SlidingWindow, type WindowSnapshot } from './sliding-window.ts';
import { Wake } from './wake.ts';

export type BudgetedRequest =
  | { readonly of: 'record'; readonly page: 'first' | 'later'; readonly callId: string }
  | { readonly of: 'list'; readonly page: 'first' | 'later' }
  /** Whatever else the application asks for: it counts for the limits of the application alone. */
  | { readonly of: 'other' };

const shortSpanMs = 20_000;
const longSpanMs = 300_000;
const limits = {
  appInAllTenants: { requests: 15_000, spanMs: shortSpanMs },
  appInTenant: { requests: 1500, spanMs: shortSpanMs },
  recordfirst: { requests: 10, spanMs: shortSpanMs },
  recordlater: { requests: 50, spanMs: longSpanMs },
  listfirst: { requests: 15, spanMs: shortSpanMs },
  listlater: { requests: 55, spanMs: longSpanMs },
} as const;

/** Requests that may be sent until the store is written again: fewer when others would wait for them. */
const leaseSize = { alone: 128, among: 32 };
/**
 * Requests of one call that may be sent until the store is written again: what a process that is killed leaves unknown of a
 * call is so little that the next one goes on with it at once.
 */
const unwrittenAtMost = 4;
/** A call with fewer first requests, and no later ones, is not written: it is most of them, and soon forgotten. */
const firstsWritten = 4;
/** How often to look what others have sent meanwhile, while there is no room. */
const lookAgainMs = 1000;

export interface BudgetOptions {
  readonly clock: Clock;
  /** Factor on the spans: below 1 for an upstream that simulates Graph's limits over shorter ones. */
  readonly scale: number;
  /** What all tenants of the process share; see `sharedWindow`. */
  readonly shared: SlidingWindow;
  readonly claimant: BudgetClaimant;
  /** Changes what the processes of the tenant wrote down, none between another's reading and its writing. */
  readonly update: (change: (text: string | undefined) => string) => Awaitable<void>;
  /** Told how long a request waited for a limit. */
  readonly onWaited?: (ms: number) => void;
}

/** Who writes, and who else does. */
export interface BudgetClaimant {
  readonly name: string;
  readonly others: number;
  /** False once its claim has run out: what it leased is not its own any more. */
  readonly isHeld: boolean;
  isLive(claimant: string): boolean;
}

/** The window that every tenant's requests of one application fall under. */
export function sharedWindow(scale: number): SlidingWindow {
  return windowOf('appInAllTenants', scale);
}

function limitOf(limit: keyof typeof limits, scale: number): WindowLimit {
  return { requests: limits[limit].requests, spanMs: limits[limit].spanMs * scale };
}

function windowOf(limit: keyof typeof limits, scale: number): SlidingWindow {
  const { requests, spanMs } = limitOf(limit, scale);
  return new SlidingWindow(requests, spanMs);
}

interface PageWindows {
  readonly first: SlidingWindow;
  readonly later: SlidingWindow;
}

interface RecordWindows extends PageWindows {
  /** Requests of the call that the store does not hold yet. */
  unwritten: number;
}

export class Budget {
  readonly #options: BudgetOptions;
  readonly #limits: ShareLimits;
  readonly #app: SlidingWindow;
  readonly #lists: PageWindows;
  readonly #records = new Map<string, RecordWindows>();
  /** Wakes those who wait for an answer of any other. */
  readonly #answered = new Wake();
  /** Calls that others fetched lately. */
  #heard: ReadonlySet<string> = new Set();
  #lease = 0;
  #leaseAtRefresh = 0;
  #saving: Promise<void> | undefined;

  private constructor(options: BudgetOptions) {
    this.#options = options;
    const { scale } = options;
    this.#limits = {
      app: limitOf('appInTenant', scale),
      lists: [limitOf('listfirst', scale), limitOf('listlater', scale)],
      records: [limitOf('recordfirst', scale), limitOf('recordlater', scale)],
    };
    this.#app = windowOf('appInTenant', options.scale);
    this.#lists = {
      first: windowOf('listfirst', options.scale),
      later: windowOf('listlater', options.scale),
    };
  }

  /** @param interrupted Calls that a process before this one was fetching when it ended. */
  static async open(options: BudgetOptions, interrupted: readonly string[]): Promise<Budget> {
    const budget = new Budget(options);
    const nowMs = options.clock.now().getTime();
    const { app } = await budget.#write(0);
    options.shared.restore(joined([options.shared.snapshot(nowMs), app]), nowMs);
    budget.interrupted(interrupted);
    return budget;
  }

  /** Counts what a process that is gone may have sent for calls, besides what it wrote, as sent just now. */
  interrupted(callIds: readonly string[]): void {
    const nowMs = this.#nowMs();
    for (const callId of callIds) {
      const { first, later } = this.#windowsOfRecord(callId);
      const isWritten = this.#heard.has(callId);
      first.count(unwrittenAtMost + (isWritten ? 0 : firstsWritten - 1), nowMs);
      later.count(unwrittenAtMost, nowMs);
    }
  }

  /** Tells others what was answered since, hears of them, and gives back what is leased to no purpose. */
  async refresh(): Promise<void> {
    const isIdle = this.#lease === this.#leaseAtRefresh;
    await this.#save(isIdle ? 0 : Math.min(this.#lease, leaseSize.among));
    this.#leaseAtRefresh = this.#lease;
  }

  /** How long a request would have to wait, by what is known now. */
  waitMs(request: BudgetedRequest): number {
    const nowMs = this.#nowMs();
    return Math.max(...this.#windowsOf(request).map((window) => window.waitMs(nowMs)));
  }

  /**
   * Waits until the request may be sent.
   *
   * @returns To be called when it has been answered, or has failed.
   */
  async admit(request: BudgetedRequest, signal: AbortSignal): Promise<() => void> {
    const windows = this.#windowsOf(request);
    let waitedMs = 0;
    for (;;) {
      signal.throwIfAborted();
      const waitMs = this.waitMs(request);
      if (waitMs > 0) {
        const begunMs = this.#nowMs();
        await this.#wait(waitMs, windows, signal);
        waitedMs += this.#nowMs() - begunMs;
        continue;
      }
      for (const window of windows) window.take();
      const record = request.of === 'record' ? this.#windowsOfRecord(request.callId) : undefined;
      if (record !== undefined) record.unwritten++;
      const end = () => {
        for (const window of windows) window.end(this.#nowMs());
        this.#answered.fire();
      };
      try {
        // Lists are asked for seldom: they are written each.
        await this.#cover(() => request.of === 'list' || (record?.unwritten ?? 0) > unwrittenAtMost);
      } catch (error) {
        end();
        throw error;
      }
      if (windows.every((window) => window.room(this.#nowMs()) >= 0)) {
        if (waitedMs > 0) this.#options.onWaited?.(waitedMs);
        return end;
      }
      // Others have sent meanwhile what this one was to send.
      for (const window of windows) window.untake();
    }
  }

  /** Writes what was sent and what is still under way; nothing is leased any more. */
  async close(): Promise<void> {
    await this.#saving;
    await this.#save(0);
  }

  async #wait(waitMs: number, windows: readonly SlidingWindow[], signal: AbortSignal): Promise<void> {
    const { clock, scale } = this.#options;
    if (windows.some((window) => window.waitsForOthers)) {
      await clock.sleep(Math.min(waitMs, Math.max(lookAgainMs * scale, 1)), signal);
      if (!signal.aborted) await this.#save(this.#lease);
      return;
    }
    const anyAnswer = this.#answered.signal;
    // Woken by answers only while there is nothing to wait for but them.
    const wake = waitMs === Number.POSITIVE_INFINITY ? AbortSignal.any([anyAnswer, signal]) : signal;
    await clock.sleep(waitMs === Number.POSITIVE_INFINITY ? longSpanMs : waitMs, wake);
  }

  /** @param mustWrite Whether the lease does not cover the request. */
  async #cover(mustWrite: () => boolean): Promise<void> {
    for (;;) {
      if (this.#saving === undefined) {
        if (!mustWrite() && this.#lease > 0 && this.#options.claimant.isHeld) {
          this.#lease--;
          return;
        }
        // What is under way is written with it: this request is.
        await this.#save(this.#options.claimant.others > 0 ? leaseSize.among : leaseSize.alone);
        return;
      }
      await this.#saving;
    }
  }

  /** Writes after whoever writes at the moment. */
  async #save(lease: number): Promise<void> {
    while (this.#saving !== undefined) await this.#saving;
    this.#saving = this.#write(lease).then(
      () => (this.#saving = undefined),
      (error: unknown) => {
        this.#saving = undefined;
        throw error;
      },
    );
    await this.#saving;
  }

  /** @returns What others sent. */
  async #write(lease: number): Promise<Share> {
    const { claimant, update } = this.#options;
    let others = emptyShare;
    let granted = 0;
    let written: readonly (readonly [RecordWindows, number])[] = [];
    await update((text) => {
      const nowMs = this.#nowMs();
      const shares = new BudgetShares(text);
      others = shares.others(claimant.name, (name) => claimant.isLive(name), this.#limits, nowMs);
      this.#hear(others, nowMs);
      granted = Math.max(0, Math.min(lease, this.#app.room(nowMs)));
      shares.set(claimant.name, this.#share(granted, nowMs));
      written = [...this.#records.values()].map((windows) => [windows, windows.unwritten]);
      return shares.format();
    });
    for (const [windows, count] of written) windows.unwritten -= count;
    this.#lease = granted;
    return others;
  }

  #hear({ app, lists, records }: Share, nowMs: number): void {
    this.#app.hear(app, nowMs);
    this.#lists.first.hear(lists[0], nowMs);
    this.#lists.later.hear(lists[1], nowMs);
    const heard = new Map(records.map(([callId, ...windows]) => [callId, windows]));
    for (const callId of new Set([...this.#heard, ...heard.keys()])) {
      const windows = this.#windowsOfRecord(callId);
      const [first = emptySnapshot, later = emptySnapshot] = heard.get(callId) ?? [];
      windows.first.hear(first, nowMs);
      windows.later.hear(later, nowMs);
    }
    this.#heard = new Set(heard.keys());
  }

  #share(lease: number, nowMs: number): Share {
    const records: [string, WindowSnapshot, WindowSnapshot][] = [];
    for (const [callId, { first, later }] of this.#records) {
      if (first.isIdle(nowMs) && later.isIdle(nowMs)) {
        if (!this.#heard.has(callId)) this.#records.delete(callId);
      } else if (!later.isIdle(nowMs) || first.counted(nowMs) >= firstsWritten)
        records.push([callId, first.snapshot(nowMs), later.snapshot(nowMs)]);
    }
    const app = this.#app.snapshot(nowMs);
    return {
      app: { ...app, underWay: app.underWay + lease },
      lists: [this.#lists.first.snapshot(nowMs), this.#lists.later.snapshot(nowMs)],
      records,
    };
  }

  #windowsOf(request: BudgetedRequest): readonly SlidingWindow[] {
    const app = [this.#options.shared, this.#app];
    switch (request.of) {
      case 'record':
        return [...app, this.#windowsOfRecord(request.callId)[request.page]];
      case 'list':
        return [...app, this.#lists[request.page]];
      case 'other':
        return app;
    }
  }

  #windowsOfRecord(callId: string): RecordWindows {
    const { scale } = this.#options;
    const windows = this.#records.get(callId) ?? {
      first: windowOf('recordfirst', scale),
      later: windowOf('recordlater', scale),
      unwritten: 0,
    };
    this.#records.set(callId, windows);
    return windows;
  }

  #nowMs(): number {
    return this.#options.clock.now().getTime();
  }
}
