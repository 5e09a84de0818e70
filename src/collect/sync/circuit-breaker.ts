/** Pauses requests to upstream when every request fails: after each wait, one request tests it. */
import { type Clock, nowOf } from '../../base/clock.ts';
import { isTransient, type UpstreamFailure } from './failure.ts';
import { Signal } from './signal.ts';

/** The number of consecutive failures that opens the circuit. */
const streakLimit = 4;
const shortestMs = 2000;
const longestMs = 300_000;

interface CircuitBreakerOptions {
  readonly clock: Clock;
  /** Called with the failure and the wait when the circuit opens, and with `undefined` when requests succeed again. */
  readonly onChange: (closed: { failure: UpstreamFailure; forMs: number } | undefined) => void;
}

export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  readonly #changed = new Signal();
  #openMs = 0;
  #streak = 0;
  /** How often the circuit opened since the last success. */
  trips = 0;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  async open(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const changed = this.#changed.signal;
      const waitMs = this.#openMs - nowOf(this.#options);
      if (waitMs <= 0) return;
      await this.#options.clock.sleep(waitMs, AbortSignal.any([changed, signal]));
    }
  }

  succeeded(): void {
    this.#streak = 0;
    if (this.trips === 0) return;
    this.trips = 0;
    this.#openMs = 0;
    this.#changed.notify();
    this.#options.onChange(undefined);
  }

  failed(failure: UpstreamFailure): void {
    if (!failure.concernsTenant && !isTransient(failure)) {
      // Upstream has responded, though this resource does not exist.
      if (failure.reason === 'notFound') this.succeeded();
      return;
    }
    this.#streak++;
    if (!failure.concernsTenant && this.#streak < streakLimit) return;
    // Failures of requests that were in flight when it opened do not count again.
    if (this.#openMs > nowOf(this.#options)) return;
    const forMs = Math.max(Math.min(shortestMs * 2 ** this.trips, longestMs), failure.retryAfterMs ?? 0);
    this.trips++;
    this.#openMs = nowOf(this.#options) + forMs;
    this.#options.onChange({ failure, forMs });
  }
}
