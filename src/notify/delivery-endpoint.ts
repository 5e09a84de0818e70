/**
 * Tracks an endpoint for the dispatcher: its deliveries in flight and its health (page "Receive change notifications
 * through webhooks", copy of 2026-04-22). Over ten minutes, more than 10% slow responses delay new notifications, and
 * more than 15% late responses drop them. After ten minutes a few notifications are sent as a probe, and their
 * responses decide. An older copy of the page starts counting at 100 notifications; the newer has no such minimum,
 * which would let one slow response penalize an endpoint.
 */
import type { DeliveryTimes } from './delivery-times.ts';

/** `slow` delays new notifications, `drop` drops them, `probe` sends a few to test the endpoint. */
export type EndpointState = 'good' | 'slow' | 'drop' | 'probe';

const windowMs = 600_000;
/** Responses within one span are counted together. */
const spanMs = 10_000;
const countedFrom = 100;

interface Span {
  readonly startMs: number;
  count: number;
  slow: number;
  late: number;
}

interface Penalty {
  readonly state: 'slow' | 'drop';
  readonly untilMs: number;
}

export class EndpointHealth {
  readonly #times: DeliveryTimes;
  #spans: Span[] = [];
  #penalty: Penalty | undefined;

  constructor(times: DeliveryTimes) {
    this.#times = times;
  }

  /**
   * Counts a response to this many notifications. @param tookMs The response time, or the time waited when none came.
   */
  record(nowMs: number, notifications: number, tookMs: number): void {
    const isProbe = this.state(nowMs) === 'probe';
    // A probe's result replaces earlier counts.
    if (isProbe) this.#spans = [];
    this.#prune(nowMs);
    const startMs = nowMs - (nowMs % spanMs);
    let span = this.#spans.at(-1);
    if (span?.startMs !== startMs) {
      span = { startMs, count: 0, slow: 0, late: 0 };
      this.#spans.push(span);
    }
    span.count += notifications;
    if (tookMs >= this.#times.firstMs) span.slow += notifications;
    if (tookMs >= this.#times.retryMs) span.late += notifications;
    if (isProbe) this.#penalty = undefined;
    this.#classify(nowMs, isProbe ? 1 : countedFrom);
  }

  state(nowMs: number): EndpointState {
    if (this.#penalty === undefined) return 'good';
    return nowMs < this.#penalty.untilMs ? this.#penalty.state : 'probe';
  }

  /** Returns true when a probe decides whether new notifications are still dropped. */
  isProbedForDrop(nowMs: number): boolean {
    return this.#penalty?.state === 'drop' && nowMs >= this.#penalty.untilMs;
  }

  /** Returns true when no counts are left and no penalty holds or ended within ten minutes. */
  isForgotten(nowMs: number): boolean {
    this.#prune(nowMs);
    return this.#spans.length === 0 && nowMs >= (this.#penalty?.untilMs ?? -Infinity) + windowMs;
  }

  #prune(nowMs: number): void {
    this.#spans = this.#spans.filter(({ startMs }) => startMs > nowMs - windowMs);
  }

  /** Updates the state. A penalty lasts its full time, but a slow endpoint may be escalated to `drop`. */
  #classify(nowMs: number, fewest: number): void {
    const sum = (of: 'count' | 'slow' | 'late') => this.#spans.reduce((total, span) => total + span[of], 0);
    const count = sum('count');
    if (count < fewest || this.#penalty?.state === 'drop') return;
    const untilMs = nowMs + windowMs;
    if (sum('late') / count > 0.15) this.#penalty = { state: 'drop', untilMs };
    else if (sum('slow') / count > 0.1) this.#penalty ??= { state: 'slow', untilMs };
  }
}

/**
 * Maximum concurrent requests to one endpoint; one while it fails, so that it does not use up the capacity of others.
 */
const concurrency = 4;

export class DeliveryEndpoint {
  readonly health: EndpointHealth;
  /** Numbers of the entries that were taken and not yet settled. */
  readonly taken = new Set<number>();
  #underWay = 0;
  isFailing = false;

  constructor(times: DeliveryTimes) {
    this.health = new EndpointHealth(times);
  }

  /** Returns how many more requests may be sent to the endpoint. */
  free(nowMs: number): number {
    const isAlone = this.isFailing || this.health.state(nowMs) === 'probe';
    return (isAlone ? 1 : concurrency) - this.#underWay;
  }

  /** Returns true when the state can be discarded. @param isWanted Whether a notification waits to be sent there. */
  isForgettable(nowMs: number, isWanted: boolean): boolean {
    const isRemembered = isWanted && this.isFailing;
    return this.#underWay === 0 && this.taken.size === 0 && !isRemembered && this.health.isForgotten(nowMs);
  }

  begin(): void {
    this.#underWay++;
  }

  end(hasFailed: boolean): void {
    this.#underWay--;
    this.isFailing = hasFailed;
  }
}
