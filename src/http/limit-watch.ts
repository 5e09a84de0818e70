/** Requests held against Graph's limits without refusing any: the largest count that stood in any span of each. */
import { LRUCache } from 'lru-cache';
import type { Caller } from '../auth/caller.ts';
import type { Target } from '../plan/target.ts';
import { graphLimits, type Limit, limitsOf } from './throttle.ts';

export interface WatchedLimit extends Limit {
  /** The largest number of requests in any span of so many seconds; no more than twice the limit is counted. */
  readonly largest: number;
  readonly isExceeded: boolean;
}

/** Callers, tenants and calls remembered at once. */
const maxKeys = 100_000;

/** When requests came, oldest first; those before `from` have left the span. */
interface Recent {
  times: number[];
  from: number;
}

/** @returns How many requests stand in the span that ends with this one. */
function add(recent: Recent, now: number, spanMs: number, most: number): number {
  recent.times.push(now);
  while (recent.times[recent.from]! <= now - spanMs || recent.times.length - recent.from > most)
    recent.from++;
  if (recent.from > most) {
    recent.times = recent.times.slice(recent.from);
    recent.from = 0;
  }
  return recent.times.length - recent.from;
}

export class LimitWatch {
  readonly #now: () => Date;
  readonly #recent = new LRUCache<string, Recent>({ max: maxKeys });
  readonly #largest = new Map<string, number>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  count(
    caller: Pick<Caller, 'appId' | 'tenantId'>,
    target: Pick<Target, 'template' | 'keys'>,
    isLaterPage: boolean,
    now = this.#now().getTime(),
  ): void {
    for (const [key, { name, seconds, requests }] of limitsOf(caller, target, isLaterPage)) {
      let recent = this.#recent.get(key);
      if (recent === undefined) this.#recent.set(key, (recent = { times: [], from: 0 }));
      const count = add(recent, now, seconds * 1000, 2 * requests);
      if (count > (this.#largest.get(name) ?? 0)) this.#largest.set(name, count);
    }
  }

  list(): WatchedLimit[] {
    return graphLimits.map((limit) => {
      const largest = this.#largest.get(limit.name) ?? 0;
      return { ...limit, largest, isExceeded: largest > limit.requests };
    });
  }

  clear(): void {
    this.#recent.clear();
    this.#largest.clear();
  }
}
