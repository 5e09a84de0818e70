/** Requests held against Graph's limits without refusing any: the largest count that stood in any span of each. */
import type { Caller } from '../graph/caller.ts';
import { createByteCache } from '../base/byte-cache.ts';
import type { Target } from '../query/plan/target.ts';
import { type Limit, throttlingLimits } from '../contract/throttling-limits.ts';
import { countersOf } from './throttle.ts';

export interface LimitUsage extends Pick<Limit, 'name' | 'requests' | 'seconds'> {
  /** The largest number of requests in any span of so many seconds; no more than twice the limit is counted. */
  readonly largest: number;
  readonly isExceeded: boolean;
}

/** Bytes of the remembered callers, tenants and calls, each with its times. */
const maxBytes = 32 * 2 ** 20;

/** When requests came, oldest first; those before `from` have left the span. */
interface Recent {
  times: number[];
  from: number;
  /** Times that room is reckoned for. */
  room: number;
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

export class LimitMonitor {
  readonly #now: () => Date;
  readonly #recent = createByteCache<Recent>({ maxBytes, bytesOf: ({ room }) => 8 * room });
  readonly #largest = new Map<string, number>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  count(caller: Pick<Caller, 'appId' | 'tenantId'>, target: Pick<Target, 'template' | 'keys'>): void {
    const now = this.#now().getTime();
    for (const [key, { name, seconds, requests }] of countersOf(caller, target)) {
      let recent = this.#recent.get(key);
      if (recent === undefined) this.#recent.set(key, (recent = { times: [], from: 0, room: 4 }));
      const count = add(recent, now, seconds * 1000, 2 * requests);
      if (recent.times.length > recent.room) {
        recent.room = 2 * recent.times.length;
        this.#recent.delete(key); // its size is reckoned when it is set
        this.#recent.set(key, recent);
      }
      if (count > (this.#largest.get(name) ?? 0)) this.#largest.set(name, count);
    }
  }

  list(): LimitUsage[] {
    return Object.values(throttlingLimits).map(({ name, requests, seconds }) => {
      const largest = this.#largest.get(name) ?? 0;
      return { name, requests, seconds, largest, isExceeded: largest > requests };
    });
  }

  clear(): void {
    this.#recent.clear();
    this.#largest.clear();
  }
}
