/** Syncs several tenants in one process, each with its own upstream, credentials, rate limits and failures. */
import { type Clock, systemClock } from '../../base/clock.ts';
import type { HttpClient } from '../../base/http-client.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { sharedWindow } from './rate-limiter.ts';
import type { Credentials } from './credentials.ts';
import type { UpstreamLog } from './log-days.ts';
import type { SyncProblem } from './problem.ts';
import type { SlidingWindow } from './sliding-window.ts';
import type { SyncEvent } from './tenant-report.ts';
import { TenantSync } from './tenant-sync.ts';
import { createTokens } from './tokens.ts';
import { createUpstreamHttp } from './upstream-http.ts';

export interface SyncTenant {
  readonly tenantId: string;
  readonly upstream: URL;
  /** The scope of tokens for upstream; Graph's when absent. */
  readonly scope?: string | undefined;
  readonly authority: URL | undefined;
  readonly clientId: string;
  readonly credentials: Credentials;
}

export interface SyncOptions {
  readonly tenants: readonly SyncTenant[];
  readonly store: CallRecordStore;
  readonly clock: Clock;
  /** The clock for leases, which all processes must share: the machine's when absent. */
  readonly leaseClock?: Clock;
  readonly budgetScale: number;
  readonly concurrency: number;
  readonly sinceMs: number | undefined;
  readonly logs: readonly UpstreamLog[];
  readonly onEvent: (event: SyncEvent) => void;
  /** Called once per problem: data that was lost, or kept with oddities. */
  readonly onProblem: (tenantId: string, problem: SyncProblem) => void;
}

export interface Sync {
  readonly tenants: readonly TenantSync[];
  readonly underWay: number;
  close(): void;
}

export function createSync(options: SyncOptions): Sync {
  const { clock, tenants, concurrency, budgetScale } = options;
  const connections: HttpClient[] = [];
  const leaseClock = options.leaseClock ?? systemClock;
  /** Limits per application apply across all its tenants. */
  const shared = new Map<string, SlidingWindow>();
  const syncs = tenants.map((tenant) => {
    const { clientId, tenantId, upstream } = tenant;
    const connection = createUpstreamHttp(clock, concurrency + 4);
    connections.push(connection);
    const application = `${clientId} ${upstream.origin}`;
    const window = shared.get(application) ?? sharedWindow(budgetScale);
    shared.set(application, window);
    const tokens = createTokens({ ...tenant, connection, clock });
    return new TenantSync({ ...options, leaseClock, tenantId, upstream, connection, tokens, shared: window });
  });
  return {
    tenants: syncs,
    get underWay() {
      return connections.reduce((sum, connection) => sum + connection.underWay, 0);
    },
    close() {
      for (const connection of connections) connection.close();
    },
  };
}
