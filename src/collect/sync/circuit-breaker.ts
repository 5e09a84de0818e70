/** Stops asking upstream for a while when every request fails: one look after each wait, not a storm of them. */
import type { Clock } from '../../base/clock.ts';
import { isTransient, type UpstreamFailure } from './failure.ts';
import { Signal } from './signal.ts';

/** Failures one after another that are taken for a failure of all. */
const streakLimit = 4;
const shortestMs = 2000;
const longestMs = 300_000;

interface CircuitBreakerOptions {
  readonly clock: Clock;
  /** Told when the gate closes, why and for how long, and with `undefined` when requests succeed again. */
  readonly onChange: (closed: { failure: UpstreamFailure; forMs: number } | undefined) => void;
}

export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  readonly #changed = new Signal();
  #openMs = 0;
  #streak = 0;
  #trips = 0;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  /** How often it was closed since anything succeeded. */
  get trips(): number {
    return this.#trips;
  }

  async open(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const changed = this.#changed.signal;
      const waitMs = this.#openMs - this.#nowMs();
      if (waitMs <= 0) return;
      await this.#options.clock.sleep(waitMs, AbortSignal.any([changed, signal]));
    }
  }

  succeeded(): void {
    this.#streak = 0;
    if (this.#trips === 0) return;
    this.#trips = 0;
    this.#openMs = 0;
    this.#changed.notify();
    this.#options.onChange(undefined);
  }

  failed(failure: UpstreamFailure): void {
    if (!failure.concernsTenant && !isTransient(failure)) {
      // Upstream has answered, if only that this one is not there.
      if (failure.reason === 'notFound') this.succeeded();
      return;
    }
    this.#streak++;
    if (!failure.concernsTenant && this.#streak < streakLimit) return;
    // Requests that were under way when it closed say nothing new.
    if (this.#openMs > this.#nowMs()) return;
    const forMs = Math.max(Math.min(shortestMs * 2 ** this.#trips, longestMs), failure.retryAfterMs ?? 0);
    this.#trips++;
    this.#openMs = this.#nowMs() + forMs;
    this.#options.onChange({ failure, forMs });
  }

  #nowMs(): number {
    return this.#options.clock.now().getTime();
  }
}
