/** Records requests: their number and answers for each endpoint, and how near their callers come to Graph's limits. */
import { callRecordsPath } from '../../query/odata/context-url.ts';
import type { RequestFacts } from '../request-facts.ts';
import { LimitMonitor, type LimitUsage } from '../limit-monitor.ts';

interface EndpointCount {
  requests: number;
  readonly statuses: Record<string, number>;
}

export interface RequestReport {
  readonly requests: number;
  /** Answers with 429, including injected ones. */
  readonly throttled: number;
  readonly endpoints: readonly {
    readonly method: string;
    readonly endpoint: string;
    readonly requests: number;
    /** By status; `cut` where no whole answer was sent. */
    readonly statuses: Readonly<Record<string, number>>;
  }[];
  readonly limits: readonly LimitUsage[];
}

type Endpoint = Pick<RequestFacts, 'method' | 'endpoint'>;
type Counted = Endpoint & Pick<RequestFacts, 'tenantId' | 'appId' | 'callId'>;

export class RequestRecorder {
  readonly #limits: LimitMonitor;
  readonly #endpoints = new Map<string, EndpointCount>();

  constructor(now: () => Date) {
    this.#limits = new LimitMonitor(now);
  }

  /** A factor on the spans of the limits, as of `--throttle SCALE`. */
  set limitScale(scale: number) {
    this.#limits.scale = scale;
  }

  recordRequest(facts: Counted): void {
    this.#countOf(facts).requests++;
    const { tenantId, appId = '', callId, endpoint } = facts;
    if (tenantId === undefined || !endpoint.startsWith(callRecordsPath)) return;
    const keys = callId === undefined ? [] : [callId];
    this.#limits.count({ tenantId, appId }, { template: endpoint, keys });
  }

  /** @param status Absent when the answer was cut off. */
  recordAnswer(facts: Endpoint, status: number | undefined): void {
    const { statuses } = this.#countOf(facts);
    const name = String(status ?? 'cut');
    statuses[name] = (statuses[name] ?? 0) + 1;
  }

  report(): RequestReport {
    const endpoints = [...this.#endpoints].map(([key, count]) => {
      const [method = '', endpoint = ''] = key.split(' ', 2);
      return { method, endpoint, requests: count.requests, statuses: { ...count.statuses } };
    });
    return {
      requests: sum(endpoints.map(({ requests }) => requests)),
      throttled: sum(endpoints.map(({ statuses }) => statuses['429'] ?? 0)),
      endpoints,
      limits: this.#limits.list(),
    };
  }

  clear(): void {
    this.#endpoints.clear();
    this.#limits.clear();
  }

  #countOf({ method, endpoint }: Endpoint): EndpointCount {
    const key = `${method} ${endpoint}`;
    const known = this.#endpoints.get(key);
    if (known !== undefined) return known;
    const count = { requests: 0, statuses: {} };
    this.#endpoints.set(key, count);
    return count;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
