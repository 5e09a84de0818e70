/** Creates the parts that work for a tenant while this process holds its lease. */
import type { Clock } from '../../base/clock.ts';
import type { HttpClient } from '../../base/http-client.ts';
import { retentionWatermark } from '../../store/retention-watermark.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { RateLimiter } from './rate-limiter.ts';
import { CallFetcher } from './call-fetcher.ts';
import type { UpstreamFailure } from './failure.ts';
import { Lister } from './lister.ts';
import { msOf } from './listing-plan.ts';
import type { UpstreamLog } from './log-days.ts';
import { type AskStore, attemptsOfOnce } from './with-retry.ts';
import { QuarantineWriter } from './quarantine-writer.ts';
import type { SlidingWindow } from './sliding-window.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import type { TenantReport } from './tenant-report.ts';
import type { Tokens } from './tokens.ts';
import { UpstreamClient } from './upstream-client.ts';
import type { Signal } from './signal.ts';

/** Settings that do not change while the process runs. */
export interface SyncedTenant {
  readonly tenantId: string;
  readonly upstream: URL;
  readonly store: CallRecordStore;
  readonly connection: HttpClient;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly shared: SlidingWindow;
  readonly budgetScale: number;
  readonly concurrency: number;
  readonly sinceMs: number | undefined;
  readonly logs: readonly UpstreamLog[];
}

interface WorkOptions {
  readonly tenant: SyncedTenant;
  readonly report: TenantReport;
  readonly wakes: { readonly calls: Signal; readonly events: Signal };
  readonly askStore: AskStore;
  /** Throws when the lease is lost. */
  readonly check: () => void;
  /** True when it ends after everything is stored. */
  readonly isOnce: boolean;
  /** Called when the circuit opens, with the number of consecutive times and the failure. */
  readonly onClosed: (closings: number, failure: UpstreamFailure) => void;
  /** Stops the work: `end` from inside, `signal` from anywhere. */
  readonly end: AbortController;
  readonly signal: AbortSignal;
}

export interface TenantWork extends Pick<
  WorkOptions,
  'tenant' | 'report' | 'wakes' | 'askStore' | 'end' | 'signal'
> {
  readonly client: UpstreamClient;
  readonly budget: RateLimiter;
  readonly gate: CircuitBreaker;
  readonly fetcher: CallFetcher;
  readonly lister: Lister;
  readonly quarantine: QuarantineWriter;
  /** The earliest start of calls; everything that upstream retains when absent. */
  readonly sinceMs: number | undefined;
}

export async function openWork(options: WorkOptions): Promise<TenantWork> {
  const { tenant, report, wakes, askStore, check, isOnce, onClosed, end, signal } = options;
  const { tenantId, store, clock, concurrency, upstream, connection, tokens } = tenant;
  const interrupted = await askStore(() => store.upstream.releaseAll(tenantId));
  const text = await askStore(() => store.upstream.state(tenantId, 'budget'));
  const budget = await RateLimiter.open(
    {
      ...{ clock, check, scale: tenant.budgetScale, shared: tenant.shared },
      save: (saved) => askStore(() => store.upstream.setState(tenantId, 'budget', saved)),
      onWaited: (ms) => report.waited(ms),
      onWaiting: (wait) => {
        report.waiting.add(wait);
        return () => report.waiting.delete(wait);
      },
    },
    { text, interrupted },
  );
  const client = new UpstreamClient({
    ...{ upstream, connection, tokens, budget, clock },
    onRequest: () => report.counts.requests++,
  });
  const gate: CircuitBreaker = new CircuitBreaker({
    clock,
    onChange: (closed) => {
      if (closed === undefined) {
        report.report('upstream');
        return;
      }
      const seconds = Math.ceil(closed.forMs / 1000);
      report.report('upstream', `${closed.failure.message} Next try in ${seconds} s.`);
      onClosed(gate.trips, closed.failure);
    },
  });
  const quarantine = await QuarantineWriter.open({ tenantId, store, askStore });
  const shared = { tenantId, store, client, clock, gate, askStore, quarantine };
  const fetcher = new CallFetcher({
    ...{ ...shared, concurrency, wake: wakes.calls },
    tries: isOnce ? attemptsOfOnce.call : Number.POSITIVE_INFINITY,
    onPage: () => report.pagesReceived++,
    onFetched: (fetched) => report.fetched(fetched),
    onOdd: (problem) => report.problem(problem),
    onUnstored: (callId, problem, hasLasted) => report.callProblem(callId, problem, hasLasted),
    onStored: (newVersions, settled) => report.stored(newVersions, settled),
  });
  const sinceMs = await askStore(() => sinceMsOf(tenant));
  const lister = new Lister({
    ...{ ...shared, sinceMs },
    onObserved: (seen, wanted) => {
      report.counts.seen += seen;
      if (wanted > 0) wakes.calls.notify();
    },
    onProblem: (problem) => report.problem(problem),
  });
  const own = { client, budget, gate, fetcher, lister, quarantine, sinceMs };
  return { tenant, report, wakes, askStore, end, signal, ...own };
}

/** Returns the earliest start: calls that retention deleted are not fetched again. */
async function sinceMsOf({ store, tenantId, sinceMs }: SyncedTenant): Promise<number | undefined> {
  const kept = msOf(await retentionWatermark(store, tenantId));
  return kept === 0 ? sinceMs : Math.max(sinceMs ?? 0, kept);
}
