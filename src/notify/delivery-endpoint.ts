/**
 * An endpoint as the dispatcher knows it: what is under way to it, and its health (page "Receive change notifications
 * through webhooks", copy of 2026-04-22). Of the answers within ten minutes, more than a tenth slow: new notifications
 * are delayed; more than 15 in 100 late: new ones are dropped. After ten minutes a few notifications are sent, and their
 * answers decide. An older copy of the page begins to count at 100 notifications; the newer is silent, and a single slow
 * answer would condemn an endpoint.
 */
import type { DeliveryTimes } from './delivery-times.ts';

/** `slow` delays new notifications, `drop` drops them, `probe` sends a few. */
export type EndpointState = 'good' | 'slow' | 'drop' | 'probe';

const windowMs = 600_000;
/** What came within one span is counted together. */
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

  /** Counts an answer to so many notifications. @param tookMs As long as it was waited for, where none came. */
  record(nowMs: number, notifications: number, tookMs: number): void {
    const isProbe = this.state(nowMs) === 'probe';
    // A probe decides alone.
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

  /** True when a probe decides whether new notifications are still dropped. */
  isProbedForDrop(nowMs: number): boolean {
    return this.#penalty?.state === 'drop' && nowMs >= this.#penalty.untilMs;
  }

  /** True when nothing is counted any more, and no penalty holds or ended within ten minutes. */
  isForgotten(nowMs: number): boolean {
    this.#prune(nowMs);
    return this.#spans.length === 0 && nowMs >= (this.#penalty?.untilMs ?? -Infinity) + windowMs;
  }

  #prune(nowMs: number): void {
    this.#spans = this.#spans.filter(({ startMs }) => startMs > nowMs - windowMs);
  }

  /** A penalty lasts its time, whatever is answered meanwhile; but a slow endpoint may come to be dropped. */
  #classify(nowMs: number, fewest: number): void {
    const sum = (of: 'count' | 'slow' | 'late') => this.#spans.reduce((total, span) => total + span[of], 0);
    const count = sum('count');
    if (count < fewest || this.#penalty?.state === 'drop') return;
    const untilMs = nowMs + windowMs;
    if (sum('late') / count > 0.15) this.#penalty = { state: 'drop', untilMs };
    else if (sum('slow') / count > 0.1) this.#penalty ??= { state: 'slow', untilMs };
  }
}

/** Bodies under way to one endpoint at once; one alone while it fails, so that it does not take the places of others. */
const concurrency = 4;

export class DeliveryEndpoint {
  readonly health: EndpointHealth;
  /** Numbers of the entries that were taken and are not settled yet. */
  readonly taken = new Set<number>();
  #underWay = 0;
  #isFailing = false;

  constructor(times: DeliveryTimes) {
    this.health = new EndpointHealth(times);
  }

  /** How many more bodies may be sent to it. */
  free(nowMs: number): number {
    const isAlone = this.#isFailing || this.health.state(nowMs) === 'probe';
    return (isAlone ? 1 : concurrency) - this.#underWay;
  }

  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** As good as unknown. @param isWanted Whether something waits to be sent there. */
  isForgettable(nowMs: number, isWanted: boolean): boolean {
    const isRemembered = isWanted && this.#isFailing;
    return this.#underWay === 0 && this.taken.size === 0 && !isRemembered && this.health.isForgotten(nowMs);
  }

  begin(): void {
    this.#underWay++;
  }

  end(hasFailed: boolean): void {
    this.#underWay--;
    this.#isFailing = hasFailed;
  }
}
