/** Several tenants in one process: each with its own upstream, credentials, budget and failures. */
import { type Clock, systemClock } from '../clock.ts';
import type { HttpClient } from '../http-client.ts';
import type { CallRecordStore } from '../store/store.ts';
import { sharedWindow } from './budget.ts';
import { Claimant } from './claimant.ts';
import type { Credentials } from './credentials.ts';
import type { LogName } from './log-days.ts';
import type { SlidingWindow } from './sliding-window.ts';
import { type SyncEvent, TenantSync } from './tenant-sync.ts';
import { createTokens } from './tokens.ts';
import { createUpstreamHttp } from './upstream-http.ts';

export interface SyncTenant {
  readonly tenantId: string;
  readonly upstream: URL;
  readonly authority: URL | undefined;
  readonly clientId: string;
  readonly credentials: Credentials;
}

export interface SyncOptions {
  readonly tenants: readonly SyncTenant[];
  readonly store: CallRecordStore;
  readonly clock: Clock;
  /** What claims go by, since other processes do: the machine's when absent. */
  readonly claimClock?: Clock;
  readonly budgetScale: number;
  readonly concurrency: number;
  readonly sinceMs: number | undefined;
  readonly logs: readonly LogName[];
  readonly onEvent: (event: SyncEvent) => void;
}

export interface Sync {
  readonly tenants: readonly TenantSync[];
  /** Requests sent and not answered yet. */
  readonly underWay: number;
  /** Processes that keep tenants of this store, this one among them; and how often its own claim had run out. */
  readonly claims: { readonly processes: number; readonly lapses: number };
  close(): void;
}

export function createSync(options: SyncOptions): Sync {
  const { clock, tenants, concurrency, budgetScale } = options;
  const connections: HttpClient[] = [];
  const claimant = new Claimant(options.store, options.claimClock ?? systemClock);
  /** One application is limited over all its tenants. */
  const shared = new Map<string, SlidingWindow>();
  const syncs = tenants.map(({ clientId, credentials, tenantId, upstream, authority }) => {
    const connection = createUpstreamHttp(clock, concurrency + 4);
    connections.push(connection);
    const application = `${clientId} ${upstream.origin}`;
    const window = shared.get(application) ?? sharedWindow(budgetScale);
    shared.set(application, window);
    const tokens = createTokens({ upstream, authority, tenantId, clientId, credentials, connection, clock });
    return new TenantSync({ ...options, claimant, tenantId, upstream, connection, tokens, shared: window });
  });
  return {
    tenants: syncs,
    get underWay() {
      return connections.reduce((sum, connection) => sum + connection.underWay, 0);
    },
    get claims() {
      return { processes: claimant.others + 1, lapses: claimant.lapses };
    },
    close() {
      for (const connection of connections) connection.close();
    },
  };
}
