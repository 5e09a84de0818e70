/**
 * Graph's limits, kept ahead of time (model/throttling-limits.ts): a request waits here until every window it falls under
 * has room, and so is never refused.
 *
 * What was sent is remembered across a restart, killed or not: before requests are sent, the store holds that they may
 * be. So it is written once for many requests, and the process that follows counts those that were not sent after all.
 */
import type { Clock } from '../../base/clock.ts';
import {
  type AppliedLimit,
  type Limit,
  type LimitedRequest,
  limitsOf,
  throttlingLimits,
} from '../../contract/throttling-limits.ts';
import type { Awaitable } from '../../base/awaitable.ts';
import { SlidingWindow, type WindowSnapshot } from './sliding-window.ts';
import { Signal } from './signal.ts';

/** Requests that may be sent until the store is written again. */
const allowanceSize = 128;
/**
 * Requests that may be sent until the store is written again: what a process that is killed leaves unknown of a call is so
 * little that the next one goes on with it at once. Lists and logs are asked for seldom: each request is written.
 */
const unwrittenAtMost = { record: 4, list: 0, log: 0, other: Number.POSITIVE_INFINITY };
/** A call with fewer requests is not written: most calls have fewer, and are soon forgotten. */
const callRequestsWritten = 4;
/** A request that waits for an answer of another looks again after so long at the latest. */
const longestWaitMs = 60_000;

interface RateLimiterOptions {
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
  readonly request: LimitedRequest;
  /** When the limit has room. */
  readonly untilMs: number;
}

/** What a process before this one left. */
interface SavedLimits {
  /** As it was saved last. */
  readonly text: string | undefined;
  /** Calls that it was fetching when it ended. */
  readonly interrupted: readonly string[];
}

/** The window that every tenant's requests of one application fall under. */
export function sharedWindow(scale: number): SlidingWindow {
  return windowOf(throttlingLimits.appInAllTenants, scale);
}

function windowOf({ requests, seconds }: Limit, scale: number): SlidingWindow {
  return new SlidingWindow(requests, seconds * 1000 * scale);
}

/** The window of a limit, and of one call or log where the limit counts each apart. */
interface Counter extends AppliedLimit {
  readonly window: SlidingWindow;
  /** Requests that the store does not hold yet. */
  unwritten: number;
}

/** What is saved. */
interface Saved {
  /** Requests that may have been sent and are in no window. */
  readonly allowance: number;
  readonly windows: readonly (readonly [limit: string, item: string | null, window: WindowSnapshot])[];
}

export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #counters = new Map<string, Counter>();
  readonly #shared: Counter;
  /** Wakes those who wait for an answer of any other. */
  readonly #answered = new Signal();
  /** Requests that the store holds as sent and that are not. */
  #allowance = 0;
  #saving: Promise<void> | undefined;

  private constructor(options: RateLimiterOptions) {
    this.#options = options;
    const limit = throttlingLimits.appInAllTenants;
    this.#shared = { limit, item: undefined, window: options.shared, unwritten: 0 };
  }

  static async open(options: RateLimiterOptions, { text, interrupted }: SavedLimits): Promise<RateLimiter> {
    const budget = new RateLimiter(options);
    for (const saved of savedIn(text)) budget.#restore(saved);
    budget.#interrupted(interrupted);
    await budget.#save(0);
    return budget;
  }

  /** How long a request would have to wait, by what is known now. */
  waitMs(request: LimitedRequest): number {
    const nowMs = this.#nowMs();
    return Math.max(...this.#countersOf(request).map(({ window }) => window.waitMs(nowMs)));
  }

  /**
   * Waits until the request may be sent.
   *
   * @returns To be called when it has been answered, or has failed.
   */
  async admit(request: LimitedRequest, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const begunMs = this.#nowMs();
    let hasWaited = false;
    for (let waitMs = this.waitMs(request); waitMs > 0; waitMs = this.waitMs(request)) {
      await this.#wait(waitMs, request, signal);
      signal.throwIfAborted();
      hasWaited = true;
    }
    if (hasWaited) this.#options.onWaited?.(this.#nowMs() - begunMs);
    const counters = this.#countersOf(request);
    for (const counter of counters) {
      counter.window.take();
      counter.unwritten++;
    }
    const end = () => {
      for (const { window } of counters) window.end(this.#nowMs());
      this.#answered.notify();
    };
    try {
      const narrowest = counters.at(-1)!; // every request falls under a limit
      await this.#cover(() => narrowest.unwritten > unwrittenAtMost[request.of]);
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

  async #wait(waitMs: number, request: LimitedRequest, signal: AbortSignal): Promise<void> {
    const { clock, onWaiting } = this.#options;
    // Woken by answers only while there is nothing to wait for but them.
    if (waitMs === Number.POSITIVE_INFINITY) {
      await clock.sleep(longestWaitMs, AbortSignal.any([this.#answered.signal, signal]));
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

  /** Writes after whatever is being written at the moment. */
  async #save(allowance: number): Promise<void> {
    while (this.#saving !== undefined) await this.#saving;
    this.#saving = this.#write(allowance).finally(() => (this.#saving = undefined));
    await this.#saving;
  }

  async #write(allowance: number): Promise<void> {
    const nowMs = this.#nowMs();
    const room = Math.min(...this.#countersOf({ of: 'other' }).map(({ window }) => window.room(nowMs)));
    const granted = Math.max(0, Math.min(allowance, room));
    const saved: Saved = { allowance: granted, windows: this.#snapshots(nowMs) };
    const written = [...this.#counters.values()].map((counter) => [counter, counter.unwritten] as const);
    await this.#options.save(JSON.stringify(saved));
    for (const [counter, count] of written) counter.unwritten -= count;
    this.#allowance = granted;
  }

  #snapshots(nowMs: number): Saved['windows'] {
    const snapshots: Saved['windows'][number][] = [];
    for (const [key, { limit, item, window }] of this.#counters) {
      const counted = window.counted(nowMs);
      if (counted === 0) this.#counters.delete(key);
      else if (limit !== throttlingLimits.callRecord || counted >= callRequestsWritten)
        snapshots.push([limit.name, item ?? null, window.snapshot(nowMs)]);
    }
    return snapshots;
  }

  #restore({ allowance, windows }: Saved): void {
    const nowMs = this.#nowMs();
    for (const [name, item, snapshot] of windows) {
      const limit = Object.values(throttlingLimits).find((one) => one.name === name);
      if (limit === undefined) continue; // a later release has it
      this.#counter({ limit, item: item ?? undefined }).window.restore(snapshot, nowMs);
      if (limit === throttlingLimits.appInTenant) this.#shared.window.restore(snapshot, nowMs);
    }
    for (const { window } of this.#countersOf({ of: 'other' })) window.count(allowance, nowMs);
  }

  /** Counts what the process before this one may have sent for calls, besides what it wrote, as sent just now. */
  #interrupted(callIds: readonly string[]): void {
    const nowMs = this.#nowMs();
    for (const callId of callIds) {
      const isWritten = this.#counters.has(keyOf(limitsOf({ of: 'record', callId }).at(-1)!)); // it has limits
      const { window } = this.#countersOf({ of: 'record', callId }).at(-1)!;
      window.count(unwrittenAtMost.record + (isWritten ? 0 : callRequestsWritten - 1), nowMs);
    }
  }

  #countersOf(request: LimitedRequest): readonly Counter[] {
    return limitsOf(request).map((applied) => this.#counter(applied));
  }

  #counter({ limit, item }: AppliedLimit): Counter {
    if (limit === throttlingLimits.appInAllTenants) return this.#shared;
    const key = keyOf({ limit, item });
    const known = this.#counters.get(key);
    if (known !== undefined) return known;
    const counter = { limit, item, window: windowOf(limit, this.#options.scale), unwritten: 0 };
    this.#counters.set(key, counter);
    return counter;
  }

  #nowMs(): number {
    return this.#options.clock.now().getTime();
  }
}

function keyOf({ limit, item }: AppliedLimit): string {
  return item === undefined ? limit.name : `${limit.name} ${item}`;
}

/** As earlier releases saved it: first and later pages apart. */
interface EarlierSaved {
  readonly app: WindowSnapshot;
  readonly lists: readonly WindowSnapshot[];
  readonly records: readonly (readonly [callId: string, ...windows: WindowSnapshot[]])[];
}

/** @param text As `#write` made it, or as an earlier release did, once with a part for each process that kept the tenant. */
function savedIn(text: string | undefined): readonly Saved[] {
  if (text === undefined) return [];
  const saved = JSON.parse(text) as
    Saved | EarlierSaved | { readonly shares: readonly (readonly [string, EarlierSaved])[] };
  if ('windows' in saved) return [saved];
  const earlier = 'shares' in saved ? saved.shares.map(([, share]) => share) : [saved];
  return earlier.map(({ app, lists, records }) => ({
    allowance: 0, // it is counted in `app`
    windows: [
      ['appInTenant', null, app],
      ...lists.map((window) => ['callRecordList', null, window] as const),
      ...records.flatMap(([callId, ...windows]) =>
        windows.map((window) => ['callRecord', callId, window] as const),
      ),
    ],
  }));
}
