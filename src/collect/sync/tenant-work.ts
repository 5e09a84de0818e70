/** Creates the parts that work for a tenant while this process holds its lease. */
import type { Clock } from '../../base/clock.ts';
import type { HttpClient } from '../../base/http-client.ts';
import { retentionWatermark } from '../../store/retention-watermark.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { RateLimiter } from './rate-limiter.ts';
import type { UpstreamFailure } from './failure.ts';
import { msOf } from './listing-plan.ts';
import type { UpstreamLog } from './log-days.ts';
import type { AskStore } from './with-retry.ts';
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

export interface TenantWork extends SyncedTenant {
  readonly report: TenantReport;
  /** Notified when calls may be pending, and when a lifecycle event was written. */
  readonly wakes: { readonly calls: Signal; readonly events: Signal };
  readonly askStore: AskStore;
  /** True when it ends after everything is stored. */
  readonly isOnce: boolean;
  /** Stops the work: `end` from inside, `signal` from anywhere. */
  readonly end: AbortController;
  readonly signal: AbortSignal;
  readonly client: UpstreamClient;
  readonly budget: RateLimiter;
  readonly gate: CircuitBreaker;
  readonly quarantine: QuarantineWriter;
  /** The earliest start of calls; everything that upstream retains when absent. */
  readonly earliestMs: number | undefined;
}

interface WorkOptions extends Omit<TenantWork, 'client' | 'budget' | 'gate' | 'quarantine' | 'earliestMs'> {
  /** Throws when the lease is lost. */
  readonly check: () => void;
  /** Called when the circuit opens, with the number of consecutive times and the failure. */
  readonly onClosed: (closings: number, failure: UpstreamFailure) => void;
}

export async function openWork({ check, onClosed, ...work }: WorkOptions): Promise<TenantWork> {
  const { tenantId, store, clock, budgetScale: scale, shared, report, askStore } = work;
  const interrupted = await askStore(() => store.upstream.releaseAll(tenantId));
  const text = await askStore(() => store.upstream.state(tenantId, 'budget'));
  const save = (saved: string) => askStore(() => store.upstream.setState(tenantId, 'budget', saved));
  const budget = await RateLimiter.open(
    {
      ...{ clock, check, scale, shared, save },
      onWaited: (ms) => report.waited(ms),
      onWaiting: (wait) => {
        report.waiting.add(wait);
        return () => report.waiting.delete(wait);
      },
    },
    { text, interrupted },
  );
  const client = new UpstreamClient({ ...work, budget, onRequest: () => report.counts.requests++ });
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
  const quarantine = await QuarantineWriter.open(work);
  const earliestMs = await askStore(() => earliestMsOf(work));
  return { ...work, client, budget, gate, quarantine, earliestMs };
}

/** Returns the earliest start: calls that retention deleted are not fetched again. */
async function earliestMsOf({ store, tenantId, sinceMs }: SyncedTenant): Promise<number | undefined> {
  const kept = msOf(await retentionWatermark(store, tenantId));
  return kept === 0 ? sinceMs : Math.max(sinceMs ?? 0, kept);
}
