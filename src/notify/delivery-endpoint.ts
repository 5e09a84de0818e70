/**
 * An endpoint as the dispatcher knows it: what is under way to it, and its health. Graph counts answers that took longer than ten
 * seconds within ten minutes: above a tenth, each notification is delayed; above 15 in 100, new ones are dropped for up
 * to ten minutes. The older copy of the page says that it begins to count at 100 notifications; the newer is silent,
 * and a single late answer would condemn an endpoint (reference "Receive change notifications through webhooks").
 */
export type EndpointState = 'good' | 'slow' | 'drop';

const windowMs = 600_000;
/** What came within one span is counted together. */
const spanMs = 10_000;
const countedFrom = 100;

interface Span {
  readonly startMs: number;
  count: number;
  late: number;
}

export class EndpointHealth {
  #spans: Span[] = [];
  #droppingSinceMs: number | undefined;

  /** Counts an answer to so many notifications, or that there was none in time. */
  record(nowMs: number, notifications: number, isLate: boolean): void {
    const startMs = nowMs - (nowMs % spanMs);
    let span = this.#spans.at(-1);
    if (span?.startMs !== startMs) {
      span = { startMs, count: 0, late: 0 };
      this.#spans.push(span);
    }
    span.count += notifications;
    if (isLate) span.late += notifications;
  }

  /** True when nothing is counted any more. */
  isForgotten(nowMs: number): boolean {
    return this.state(nowMs) === 'good' && this.#spans.length === 0;
  }

  state(nowMs: number): EndpointState {
    if (this.#droppingSinceMs !== undefined && nowMs >= this.#droppingSinceMs + windowMs) this.#spans = [];
    this.#spans = this.#spans.filter(({ startMs }) => startMs > nowMs - windowMs);
    const count = this.#spans.reduce((sum, span) => sum + span.count, 0);
    const late = this.#spans.reduce((sum, span) => sum + span.late, 0);
    const share = count < countedFrom ? 0 : late / count;
    if (share > 0.15) {
      this.#droppingSinceMs ??= nowMs;
      return 'drop';
    }
    this.#droppingSinceMs = undefined;
    return share > 0.1 ? 'slow' : 'good';
  }
}

/** Bodies under way to one endpoint at once; one alone while it fails, so that it does not take the places of others. */
const concurrency = 4;

export class DeliveryEndpoint {
  readonly health = new EndpointHealth();
  /** Numbers of the entries that were taken and are not settled yet. */
  readonly taken = new Set<number>();
  #underWay = 0;
  #isFailing = false;

  get free(): number {
    return (this.#isFailing ? 1 : concurrency) - this.#underWay;
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
