/** Requests held against Graph's limits without refusing any: the largest count that stood in any span of each. */
import { LRUCache } from 'lru-cache';
import type { Caller } from '../auth/caller.ts';
import type { Target } from '../plan/target.ts';
import { graphLimits, type Limit, limitsOf } from './throttle.ts';

export interface WatchedLimit extends Limit {
  /** The largest number of requests in any span of so many seconds. */
  readonly largest: number;
  readonly isExceeded: boolean;
}

/** Callers, tenants and calls remembered at once. */
const maxKeys = 100_000;

export class LimitWatch {
  readonly #now: () => Date;
  readonly #times = new LRUCache<string, number[]>({ max: maxKeys });
  readonly #largest = new Map<string, number>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  count(
    caller: Pick<Caller, 'appId' | 'tenantId'>,
    target: Pick<Target, 'template' | 'keys'>,
    isLaterPage: boolean,
  ): void {
    const now = this.#now().getTime();
    for (const [key, { name, seconds }] of limitsOf(caller, target, isLaterPage)) {
      const times = this.#times.get(key) ?? [];
      const first = times.findIndex((time) => time > now - seconds * 1000);
      times.splice(0, first < 0 ? times.length : first);
      times.push(now);
      this.#times.set(key, times);
      this.#largest.set(name, Math.max(times.length, this.#largest.get(name) ?? 0));
    }
  }

  list(): WatchedLimit[] {
    return graphLimits.map((limit) => {
      const largest = this.#largest.get(limit.name) ?? 0;
      return { ...limit, largest, isExceeded: largest > limit.requests };
    });
  }

  clear(): void {
    this.#times.clear();
    this.#largest.clear();
  }
}
