/**
 * Applies Graph's limits before requests are sent (contract/throttling-limits.ts): a request waits until every window
 * it counts in has room, so Graph does not throttle it.
 *
 * The count survives restarts and kills: before requests are sent, the store records that they may be. One write covers
 * many requests, and the next process also counts those that were never sent.
 */
import { type Clock, nowOf } from '../../base/clock.ts';
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

/** Requests that one write of the store covers. */
const allowanceSize = 128;
/**
 * Requests per kind that may be sent without a write. A killed process leaves so few requests of a call unknown that
 * the next one continues at once. Lists and logs are requested rarely, so each request is written.
 */
const unwrittenAtMost = { record: 4, list: 0, log: 0, other: Number.POSITIVE_INFINITY };
/** Calls with fewer requests are not written: most have fewer and soon leave the window. */
const callRequestsWritten = 4;
/** The longest wait for a response to another request before the limit is checked again. */
const longestWaitMs = 60_000;

interface RateLimiterOptions {
  readonly clock: Clock;
  /** Scales the spans: below 1 for an upstream that simulates Graph's limits over shorter ones. */
  readonly scale: number;
  /** The window that all tenants of the process share; see `sharedWindow`. */
  readonly shared: SlidingWindow;
  /** Saves what was sent and what may be. */
  readonly save: (text: string) => Awaitable<void>;
  /** Throws when this process may no longer send requests for the tenant. */
  readonly check: () => void;
  /** Called with how long a request waited for a limit. */
  readonly onWaited?: (ms: number) => void;
  /** Called when a request starts to wait for a limit. @returns Called when the wait ends. */
  readonly onWaiting?: (wait: LimitWait) => () => unknown;
}

/** A request that waits for an upstream limit. */
export interface LimitWait {
  readonly request: LimitedRequest;
  /** When the limit has room. */
  readonly untilMs: number;
}

/** The state that an earlier process saved. */
interface SavedLimits {
  readonly text: string | undefined;
  /** Calls that it was fetching when it ended. */
  readonly interrupted: readonly string[];
}

/** Creates the window shared by all tenants' requests of one application. */
export function sharedWindow(scale: number): SlidingWindow {
  return windowOf(throttlingLimits.appInAllTenants, scale);
}

function windowOf({ requests, seconds }: Limit, scale: number): SlidingWindow {
  return new SlidingWindow(requests, seconds * 1000 * scale);
}

/** The window of a limit, per call or log when the limit counts each separately. */
interface Counter extends AppliedLimit {
  readonly window: SlidingWindow;
  /** Requests that are not yet in the store. */
  unwritten: number;
}

interface Saved {
  /** Requests that may have been sent and are in no window. */
  readonly allowance: number;
  readonly windows: readonly (readonly [limit: string, item: string | null, window: WindowSnapshot])[];
}

export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #counters = new Map<string, Counter>();
  readonly #shared: Counter;
  /** Wakes requests that wait for a response to another. */
  readonly #answered = new Signal();
  /** Requests that the store records as sent but that are not sent yet. */
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

  waitMs(request: LimitedRequest): number {
    const nowMs = nowOf(this.#options);
    return Math.max(...this.#countersOf(request).map(({ window }) => window.waitMs(nowMs)));
  }

  /** Waits until the request may be sent. @returns Called when the response has arrived or the request has failed. */
  async admit(request: LimitedRequest, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const begunMs = nowOf(this.#options);
    let hasWaited = false;
    for (let waitMs = this.waitMs(request); waitMs > 0; waitMs = this.waitMs(request)) {
      await this.#wait(waitMs, request, signal);
      signal.throwIfAborted();
      hasWaited = true;
    }
    if (hasWaited) this.#options.onWaited?.(nowOf(this.#options) - begunMs);
    const counters = this.#countersOf(request);
    for (const counter of counters) {
      counter.window.take();
      counter.unwritten++;
    }
    const end = () => {
      for (const { window } of counters) window.end(nowOf(this.#options));
      this.#answered.notify();
    };
    try {
      const narrowest = counters.at(-1)!; // every request has a limit
      await this.#cover(() => narrowest.unwritten > unwrittenAtMost[request.of]);
      signal.throwIfAborted();
      this.#options.check();
    } catch (error) {
      end();
      throw error;
    }
    return end;
  }

  /** Saves what was sent and is in flight, without an allowance. */
  async close(): Promise<void> {
    await this.#saving;
    await this.#save(0);
  }

  async #wait(waitMs: number, request: LimitedRequest, signal: AbortSignal): Promise<void> {
    const { clock, onWaiting } = this.#options;
    // Responses wake it only when nothing else can.
    if (waitMs === Number.POSITIVE_INFINITY) {
      await clock.sleep(longestWaitMs, AbortSignal.any([this.#answered.signal, signal]));
      return;
    }
    const end = onWaiting?.({ request, untilMs: nowOf(this.#options) + waitMs });
    try {
      await clock.sleep(waitMs, signal);
    } finally {
      end?.();
    }
  }

  /** Saves the state if necessary. @param mustWrite Returns true when the allowance does not cover the request. */
  async #cover(mustWrite: () => boolean): Promise<void> {
    for (;;) {
      if (this.#saving === undefined) {
        if (!mustWrite() && this.#allowance > 0) {
          this.#allowance--;
          return;
        }
        // This request is saved as in flight.
        await this.#save(allowanceSize);
        return;
      }
      await this.#saving;
    }
  }

  /** Saves after the current write has finished. */
  async #save(allowance: number): Promise<void> {
    while (this.#saving !== undefined) await this.#saving;
    this.#saving = this.#write(allowance).finally(() => (this.#saving = undefined));
    await this.#saving;
  }

  async #write(allowance: number): Promise<void> {
    const nowMs = nowOf(this.#options);
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
    const nowMs = nowOf(this.#options);
    for (const [name, item, snapshot] of windows) {
      const limit = Object.values(throttlingLimits).find((one) => one.name === name);
      if (limit === undefined) continue; // a later release wrote it
      this.#counter({ limit, item: item ?? undefined }).window.restore(snapshot, nowMs);
      if (limit === throttlingLimits.appInTenant) this.#shared.window.restore(snapshot, nowMs);
    }
    for (const { window } of this.#countersOf({ of: 'other' })) window.count(allowance, nowMs);
  }

  /** Counts requests that the previous process may have sent without saving them, as sent at present. */
  #interrupted(callIds: readonly string[]): void {
    const nowMs = nowOf(this.#options);
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
}

function keyOf({ limit, item }: AppliedLimit): string {
  return item === undefined ? limit.name : `${limit.name} ${item}`;
}

/** The format of earlier releases: first and later pages separate. */
interface EarlierSaved {
  readonly app: WindowSnapshot;
  readonly lists: readonly WindowSnapshot[];
  readonly records: readonly (readonly [callId: string, ...windows: WindowSnapshot[]])[];
}

/**
 * Parses saved states. @param text Written by `#write` or by an earlier release, which had one part per process of the
 * tenant.
 */
function savedIn(text: string | undefined): readonly Saved[] {
  if (text === undefined) return [];
  const saved = JSON.parse(text) as
    Saved | EarlierSaved | { readonly shares: readonly (readonly [string, EarlierSaved])[] };
  if ('windows' in saved) return [saved];
  const earlier = 'shares' in saved ? saved.shares.map(([, share]) => share) : [saved];
  return earlier.map(({ app, lists, records }) => ({
    allowance: 0, // counted in `app`
    windows: [
      ['appInTenant', null, app],
      ...lists.map((window) => ['callRecordList', null, window] as const),
      ...records.flatMap(([callId, ...windows]) =>
        windows.map((window) => ['callRecord', callId, window] as const),
      ),
    ],
  }));
}
