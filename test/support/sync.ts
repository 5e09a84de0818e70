/** A sync in this process, from a server of a test into a store of a test. */
import { development } from '../../src/auth/issuer/issuer.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { createSync, type Sync, type SyncOptions, type SyncTenant } from '../../src/sync/sync.ts';
import type { SyncEvent } from '../../src/sync/tenant-sync.ts';

export interface TestSync extends Sync, Disposable {
  /** What the operator would have been told. */
  readonly events: SyncEvent[];
}

export interface TestSyncOptions extends Partial<Omit<SyncOptions, 'tenants' | 'onEvent'>> {
  readonly url: string;
  readonly store: CallRecordStore;
  readonly clock?: Clock;
  readonly tenants?: readonly Partial<SyncTenant>[];
}

/** By default the development tenant, with limits counted over spans so short that nobody waits for them. */
export function testSync({ url, tenants = [{}], ...options }: TestSyncOptions): TestSync {
  const events: SyncEvent[] = [];
  const sync = createSync({
    clock: systemClock,
    budgetScale: 0.001,
    concurrency: 8,
    sinceMs: undefined,
    logs: [],
    onEvent: (event) => events.push(event),
    ...options,
    tenants: tenants.map((tenant) => ({
      tenantId: development.tenantId,
      upstream: new URL(url),
      authority: undefined,
      clientId: development.clientId,
      credentials: { kind: 'secret', secret: development.clientSecret },
      ...tenant,
    })),
  });
  return { ...sync, events, [Symbol.dispose]: () => sync.close() };
}
