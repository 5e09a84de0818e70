/** Measures the largest count of requests in any time span of each limit of Graph, without rejecting any. */
import type { Caller } from '../graph/caller.ts';
import { createByteCache } from '../base/byte-cache.ts';
import type { Target } from '../query/plan/target.ts';
import { type Limit, throttlingLimits } from '../contract/throttling-limits.ts';
import { countersOf } from './throttle.ts';

export interface LimitUsage extends Pick<Limit, 'name' | 'requests'> {
  /** The span that the limit applies to, with the scale of `--throttle`. */
  readonly seconds: number;
  /** The largest number of requests in any such span, up to twice the limit. */
  readonly largest: number;
  readonly isExceeded: boolean;
}

/** Bytes of the request times of all callers, tenants and calls. */
const maxBytes = 32 * 2 ** 20;

/** The times of requests, oldest first; those before `from` are outside the span. */
interface Recent {
  times: number[];
  from: number;
  /** The number of times that the cache counts bytes for. */
  room: number;
}

/** Adds a request and returns the number of requests in the span that ends with it. */
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
  /** A factor on the spans, as of `--throttle SCALE`. */
  scale = 1;
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
      const count = add(recent, now, seconds * 1000 * this.scale, 2 * requests);
      if (recent.times.length > recent.room) {
        recent.room = 2 * recent.times.length;
        this.#recent.delete(key); // the cache measures an entry when it is set
        this.#recent.set(key, recent);
      }
      if (count > (this.#largest.get(name) ?? 0)) this.#largest.set(name, count);
    }
  }

  list(): LimitUsage[] {
    return Object.values(throttlingLimits).map(({ name, requests, seconds }) => {
      const largest = this.#largest.get(name) ?? 0;
      return { name, requests, seconds: seconds * this.scale, largest, isExceeded: largest > requests };
    });
  }

  clear(): void {
    this.#recent.clear();
    this.#largest.clear();
  }
}
