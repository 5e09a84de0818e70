/** Stops asking upstream for a while when every request fails: one look after each wait, not a storm of them. */
import type { Clock } from '../../base/clock.ts';
import { isPassing, type UpstreamFailure } from './failure.ts';
import { Wake } from './signal.ts';

/** Failures one after another that are taken for a failure of all. */
const streakLimit = 4;
const shortestMs = 2000;
const longestMs = 300_000;

interface TenantGateOptions {
  readonly clock: Clock;
  /** Told when the gate closes, why and for how long, and with `undefined` when requests succeed again. */
  readonly onChange: (closed: { failure: UpstreamFailure; forMs: number } | undefined) => void;
}

export class TenantGate {
  readonly #options: TenantGateOptions;
  readonly #changed = new Wake();
  #openMs = 0;
  #streak = 0;
  #closings = 0;

  constructor(options: TenantGateOptions) {
    this.#options = options;
  }

  /** How often it was closed since anything succeeded. */
  get closings(): number {
    return this.#closings;
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
    if (this.#closings === 0) return;
    this.#closings = 0;
    this.#openMs = 0;
    this.#changed.fire();
    this.#options.onChange(undefined);
  }

  failed(failure: UpstreamFailure): void {
    if (!failure.concernsTenant && !isPassing(failure)) {
      // Upstream has answered, if only that this one is not there.
      if (failure.reason === 'notFound') this.succeeded();
      return;
    }
    this.#streak++;
    if (!failure.concernsTenant && this.#streak < streakLimit) return;
    // Requests that were under way when it closed say nothing new.
    if (this.#openMs > this.#nowMs()) return;
    const forMs = Math.max(Math.min(shortestMs * 2 ** this.#closings, longestMs), failure.retryAfterMs ?? 0);
    this.#closings++;
    this.#openMs = this.#nowMs() + forMs;
    this.#options.onChange({ failure, forMs });
  }

  #nowMs(): number {
    return this.#options.clock.now().getTime();
  }
}
