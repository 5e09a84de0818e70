/**
 * Upstream's limits, kept ahead of time (reference "Microsoft Graph service-specific throttling limits", call records):
 * a request waits here until every window it falls under has room, and so is never refused.
 *
 * What was sent is remembered across a restart, killed or not: before requests are sent, the store holds that they may
 * be. So it is written once for many requests, and the process that follows counts those that were not sent after all.
 */
import type { Clock } from '../clock.ts';
import type { Awaitable } from '../store/store.ts';
import { SlidingWindow, type WindowSnapshot } from './sliding-window.ts';
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

/** Requests that may be sent until the store is written again. */
const allowanceSize = 128;
/**
 * Requests of one call that may be sent until the store is written again: what a process that is killed leaves unknown of a
 * call is so little that the next one goes on with it at once.
 */
const unwrittenAtMost = 4;
/** A call with fewer first requests, and no later ones, is not written: it is most of them, and soon forgotten. */
const firstsWritten = 4;

interface BudgetOptions {
  readonly clock: Clock;
  /** Factor on the spans: below 1 for an upstream that simulates Graph's limits over shorter ones. */
  readonly scale: number;
  /** What all tenants of the process share; see `sharedWindow`. */
  readonly shared: SlidingWindow;
  /** Writes down what was sent and what may be. */
  readonly save: (text: string) => Awaitable<void>;
  /** Throws when this process is not to send anything for the tenant any more. */
  readonly check: () => void;
  /** Called with how long a request waited for a limit. */
  readonly onWaited?: (ms: number) => void;
  /** Called when a request begins to wait for a limit. @returns Called when that wait ends. */
  readonly onWaiting?: (wait: LimitWait) => () => unknown;
}

/** A request that waits for a limit of upstream. */
export interface LimitWait {
  readonly request: BudgetedRequest;
  /** When the limit has room. */
  readonly untilMs: number;
}

/** What a process before this one left. */
interface SpentBudget {
  /** As it was saved last. */
  readonly text: string | undefined;
  /** Calls that it was fetching when it ended. */
  readonly interrupted: readonly string[];
}

/** The window that every tenant's requests of one application fall under. */
export function sharedWindow(scale: number): SlidingWindow {
  return windowOf('appInAllTenants', scale);
}

function windowOf(limit: keyof typeof limits, scale: number): SlidingWindow {
  const { requests, spanMs } = limits[limit];
  return new SlidingWindow(requests, spanMs * scale);
}

interface PageWindows {
  readonly first: SlidingWindow;
  readonly later: SlidingWindow;
}

interface RecordWindows extends PageWindows {
  /** Requests of the call that the store does not hold yet. */
  unwritten: number;
}

/** What of the windows is saved. */
interface Saved {
  readonly app: WindowSnapshot;
  readonly lists: readonly [first: WindowSnapshot, later: WindowSnapshot];
  readonly records: readonly (readonly [callId: string, first: WindowSnapshot, later: WindowSnapshot])[];
}

export class Budget {
  readonly #options: BudgetOptions;
  readonly #app: SlidingWindow;
  readonly #lists: PageWindows;
  readonly #records = new Map<string, RecordWindows>();
  /** Wakes those who wait for an answer of any other. */
  readonly #answered = new Wake();
  /** Requests that the store holds as sent and that are not. */
  #allowance = 0;
  #saving: Promise<void> | undefined;

  private constructor(options: BudgetOptions) {
    this.#options = options;
    const { scale } = options;
    this.#app = windowOf('appInTenant', scale);
    this.#lists = { first: windowOf('listfirst', scale), later: windowOf('listlater', scale) };
  }

  static async open(options: BudgetOptions, { text, interrupted }: SpentBudget): Promise<Budget> {
    const budget = new Budget(options);
    for (const saved of savedIn(text)) budget.#restore(saved);
    budget.#interrupted(interrupted);
    await budget.#save(0);
    return budget;
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
    signal.throwIfAborted();
    const begunMs = this.#nowMs();
    let hasWaited = false;
    for (let waitMs = this.waitMs(request); waitMs > 0; waitMs = this.waitMs(request)) {
      await this.#wait(waitMs, request, signal);
      signal.throwIfAborted();
      hasWaited = true;
    }
    if (hasWaited) this.#options.onWaited?.(this.#nowMs() - begunMs);
    const windows = this.#windowsOf(request);
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
      signal.throwIfAborted();
      this.#options.check();
    } catch (error) {
      end();
      throw error;
    }
    return end;
  }

  /** Writes what was sent and what is still under way, and nothing that may be sent besides. */
  async close(): Promise<void> {
    await this.#saving;
    await this.#save(0);
  }

  async #wait(waitMs: number, request: BudgetedRequest, signal: AbortSignal): Promise<void> {
    const { clock, onWaiting } = this.#options;
    // Woken by answers only while there is nothing to wait for but them.
    if (waitMs === Number.POSITIVE_INFINITY) {
      await clock.sleep(longSpanMs, AbortSignal.any([this.#answered.signal, signal]));
      return;
    }
    const end = onWaiting?.({ request, untilMs: this.#nowMs() + waitMs });
    try {
      await clock.sleep(waitMs, signal);
    } finally {
      end?.();
    }
  }

  /** @param mustWrite Whether the allowance does not cover the request. */
  async #cover(mustWrite: () => boolean): Promise<void> {
    for (;;) {
      if (this.#saving === undefined) {
        if (!mustWrite() && this.#allowance > 0) {
          this.#allowance--;
          return;
        }
        // What is under way is written with it: this request is.
        await this.#save(allowanceSize);
        return;
      }
      await this.#saving;
    }
  }

  /** Writes after whoever writes at the moment. */
  async #save(allowance: number): Promise<void> {
    while (this.#saving !== undefined) await this.#saving;
    this.#saving = this.#write(allowance).finally(() => (this.#saving = undefined));
    await this.#saving;
  }

  async #write(allowance: number): Promise<void> {
    const nowMs = this.#nowMs();
    const granted = Math.max(0, Math.min(allowance, this.#app.room(nowMs)));
    const saved = this.#saved(granted, nowMs);
    const written = [...this.#records.values()].map((windows) => [windows, windows.unwritten] as const);
    await this.#options.save(JSON.stringify(saved));
    for (const [windows, count] of written) windows.unwritten -= count;
    this.#allowance = granted;
  }

  #restore({ app, lists, records }: Saved): void {
    const nowMs = this.#nowMs();
    this.#options.shared.restore(app, nowMs);
    this.#app.restore(app, nowMs);
    this.#lists.first.restore(lists[0], nowMs);
    this.#lists.later.restore(lists[1], nowMs);
    for (const [callId, first, later] of records) {
      const windows = this.#windowsOfRecord(callId);
      windows.first.restore(first, nowMs);
      windows.later.restore(later, nowMs);
    }
  }

  /** Counts what the process before this one may have sent for calls, besides what it wrote, as sent just now. */
  #interrupted(callIds: readonly string[]): void {
    const nowMs = this.#nowMs();
    for (const callId of callIds) {
      const isWritten = this.#records.has(callId);
      const { first, later } = this.#windowsOfRecord(callId);
      first.count(unwrittenAtMost + (isWritten ? 0 : firstsWritten - 1), nowMs);
      later.count(unwrittenAtMost, nowMs);
    }
  }

  #saved(allowance: number, nowMs: number): Saved {
    const records: [string, WindowSnapshot, WindowSnapshot][] = [];
    for (const [callId, { first, later }] of this.#records) {
      const [firsts, laters] = [first.counted(nowMs), later.counted(nowMs)];
      if (firsts + laters === 0) this.#records.delete(callId);
      else if (laters > 0 || firsts >= firstsWritten)
        records.push([callId, first.snapshot(nowMs), later.snapshot(nowMs)]);
    }
    const app = this.#app.snapshot(nowMs);
    return {
      app: { ...app, underWay: app.underWay + allowance },
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

/** @param text As `#write` made it, or as an earlier release did: with a part for each process that kept the tenant. */
function savedIn(text: string | undefined): readonly Saved[] {
  if (text === undefined) return [];
  const saved = JSON.parse(text) as Saved | { readonly shares: readonly (readonly [string, Saved])[] };
  return 'shares' in saved ? saved.shares.map(([, share]) => share) : [saved];
}
