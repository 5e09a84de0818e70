/** Requests that another process met, kept there until they are told: for a stage that counts those of all its workers. */
import type { Counted, Endpoint, RequestCounts } from './request-counts.ts';

/** Requests that are alike, and when they came, in milliseconds since 1970. */
export interface MetRequests {
  readonly asked: readonly { readonly facts: Counted; readonly times: readonly number[] }[];
  readonly answered: readonly {
    readonly facts: Endpoint;
    readonly status: number | undefined;
    readonly count: number;
  }[];
}

export class MetRequestLog implements Pick<RequestCounts, 'asked' | 'answered'> {
  readonly #now: () => Date;
  readonly #most: number;
  readonly #onFull: (met: MetRequests) => void;
  #asked = new Map<string, { readonly facts: Counted; readonly times: number[] }>();
  #answered = new Map<string, { readonly facts: Endpoint; status: number | undefined; count: number }>();
  #size = 0;

  /** @param most Requests to keep. @param onFull Given them when there are more. */
  constructor(now: () => Date, most: number, onFull: (met: MetRequests) => void) {
    this.#now = now;
    this.#most = most;
    this.#onFull = onFull;
  }

  asked({ method, endpoint, tenantId, appId, callId, isLaterPage }: Counted): void {
    const key = `${method} ${endpoint} ${isLaterPage} ${tenantId} ${appId} ${callId}`;
    let known = this.#asked.get(key);
    if (known === undefined) {
      const facts = { method, endpoint, tenantId, appId, callId, isLaterPage };
      this.#asked.set(key, (known = { facts, times: [] }));
    }
    known.times.push(this.#now().getTime());
    if (++this.#size > this.#most) this.#onFull(this.take());
  }

  answered({ method, endpoint }: Endpoint, status: number | undefined): void {
    const key = `${method} ${endpoint} ${status}`;
    const known = this.#answered.get(key);
    if (known !== undefined) known.count++;
    else this.#answered.set(key, { facts: { method, endpoint }, status, count: 1 });
  }

  /** What was met since the last time. */
  take(): MetRequests {
    const met = { asked: [...this.#asked.values()], answered: [...this.#answered.values()] };
    this.#asked = new Map();
    this.#answered = new Map();
    this.#size = 0;
    return met;
  }
}

/** Counts what other processes met as if this one had. */
export function countMet(counts: RequestCounts, all: readonly MetRequests[]): void {
  // By time: the spans of Graph's limits are counted as the requests came, whoever met them.
  const asked = all
    .flatMap((met) => met.asked)
    .flatMap(({ facts, times }) => times.map((time) => ({ facts, time })))
    .sort((a, b) => a.time - b.time);
  for (const { facts, time } of asked) counts.asked(facts, time);
  for (const { facts, status, count } of all.flatMap((met) => met.answered))
    counts.answered(facts, status, count);
}
