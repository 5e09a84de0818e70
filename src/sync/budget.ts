/**
 * Upstream's limits, kept ahead of time (reference "Microsoft Graph service-specific throttling limits", call records):
 * a request waits here until every window it falls under has room, and so is never refused.
 *
 * What was sent is remembered across a restart, killed or not: before requests are sent, the store holds that they may
 * be. So it is written once for many requests, and a process that follows counts those that were not sent after all.
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
const leaseSize = 128;

export interface BudgetOptions {
  readonly clock: Clock;
  /** Factor on the spans: below 1 for an upstream that simulates Graph's limits over shorter ones. */
  readonly scale: number;
  /** What all tenants of the process share; see `sharedWindow`. */
  readonly shared: SlidingWindow;
  readonly load: () => Awaitable<string | undefined>;
  readonly save: (text: string) => Awaitable<void>;
}

interface Saved {
  readonly app: WindowSnapshot;
  readonly lists: readonly [first: WindowSnapshot, later: WindowSnapshot];
  readonly records: readonly (readonly [callId: string, first: WindowSnapshot, later: WindowSnapshot])[];
}

/** The window that every tenant's requests of one application fall under. */
export function sharedWindow(scale: number): SlidingWindow {
  return windowOf('appInAllTenants', scale);
}

function windowOf(limit: keyof typeof limits, scale: number): SlidingWindow {
  return new SlidingWindow(limits[limit].requests, limits[limit].spanMs * scale);
}

interface RecordWindows {
  readonly first: SlidingWindow;
  readonly later: SlidingWindow;
}

export class Budget {
  readonly #options: BudgetOptions;
  readonly #app: SlidingWindow;
  readonly #lists: RecordWindows;
  readonly #records = new Map<string, RecordWindows>();
  /** Wakes those who wait for an answer of any other. */
  readonly #answered = new Wake();
  #lease = 0;
  #saving: Promise<void> | undefined;

  private constructor(options: BudgetOptions) {
    this.#options = options;
    this.#app = windowOf('appInTenant', options.scale);
    this.#lists = {
      first: windowOf('listfirst', options.scale),
      later: windowOf('listlater', options.scale),
    };
  }

  /** @param interrupted Calls that a process before this one was fetching when it ended: their limits count as reached. */
  static async open(options: BudgetOptions, interrupted: readonly string[]): Promise<Budget> {
    const budget = new Budget(options);
    const nowMs = options.clock.now().getTime();
    const text = await options.load();
    if (text !== undefined) {
      const saved = JSON.parse(text) as Saved; // written by #save
      budget.#app.restore(saved.app, nowMs);
      options.shared.restore(joined(options.shared.snapshot(nowMs), budget.#app.snapshot(nowMs)), nowMs);
      budget.#lists.first.restore(saved.lists[0], nowMs);
      budget.#lists.later.restore(saved.lists[1], nowMs);
      for (const [callId, first, later] of saved.records) {
        const windows = budget.#windowsOfRecord(callId);
        windows.first.restore(first, nowMs);
        windows.later.restore(later, nowMs);
      }
    }
    for (const callId of interrupted) {
      const windows = budget.#windowsOfRecord(callId);
      windows.first.restore({ underWay: Number.POSITIVE_INFINITY, answered: [] }, nowMs);
      windows.later.restore({ underWay: Number.POSITIVE_INFINITY, answered: [] }, nowMs);
    }
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
    const windows = this.#windowsOf(request);
    for (;;) {
      signal.throwIfAborted();
      const waitMs = this.waitMs(request);
      if (waitMs <= 0) break;
      const anyAnswer = this.#answered.signal;
      // Woken by answers only while there is nothing to wait for but them.
      const wake = waitMs === Number.POSITIVE_INFINITY ? AbortSignal.any([anyAnswer, signal]) : signal;
      await this.#options.clock.sleep(waitMs === Number.POSITIVE_INFINITY ? longSpanMs : waitMs, wake);
    }
    for (const window of windows) window.take();
    const end = () => {
      for (const window of windows) window.end(this.#nowMs());
      this.#answered.fire();
    };
    try {
      // Lists are asked for seldom: they are written each.
      await this.#cover(request.of === 'list');
    } catch (error) {
      end();
      throw error;
    }
    return end;
  }

  /** Writes what was sent and what is still under way; nothing is leased any more. */
  async close(): Promise<void> {
    await this.#saving;
    await this.#save(0);
  }

  async #cover(always: boolean): Promise<void> {
    for (;;) {
      if (this.#saving === undefined) {
        if (!always && this.#lease > 0) {
          this.#lease--;
          return;
        }
        // What is under way is written with it: this request is.
        this.#saving = this.#save(leaseSize).finally(() => (this.#saving = undefined));
        await this.#saving;
        return;
      }
      await this.#saving;
    }
  }

  async #save(lease: number): Promise<void> {
    const nowMs = this.#nowMs();
    const records: [string, WindowSnapshot, WindowSnapshot][] = [];
    for (const [callId, { first, later }] of this.#records) {
      if (first.isIdle(nowMs) && later.isIdle(nowMs)) this.#records.delete(callId);
      else if (!later.isIdle(nowMs)) records.push([callId, first.snapshot(nowMs), later.snapshot(nowMs)]);
    }
    const app = this.#app.snapshot(nowMs);
    const saved: Saved = {
      app: { ...app, underWay: app.underWay + lease },
      lists: [this.#lists.first.snapshot(nowMs), this.#lists.later.snapshot(nowMs)],
      records,
    };
    await this.#options.save(JSON.stringify(saved));
    this.#lease = lease;
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
    };
    this.#records.set(callId, windows);
    return windows;
  }

  #nowMs(): number {
    return this.#options.clock.now().getTime();
  }
}

function joined(a: WindowSnapshot, b: WindowSnapshot): WindowSnapshot {
  const answered = [...a.answered, ...b.answered].sort(([one], [other]) => one - other);
  return { underWay: a.underWay + b.underWay, answered };
}
