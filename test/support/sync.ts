/** Runs a sync in this process, from a test server into a test store. */
import { development } from '../../src/base/development.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { createSync, type Sync, type SyncOptions, type SyncTenant } from '../../src/collect/sync/sync.ts';
import type { EmulatorClock } from '../../src/emulator/emulator-clock.ts';
import type { SyncProblem } from '../../src/collect/sync/problem.ts';
import type { NotifiedTenant } from '../../src/collect/sync/notified-tenant.ts';
import type { SyncEvent } from '../../src/collect/sync/tenant-report.ts';

export interface TestSync extends Sync, Disposable {
  /** The events that an operator would see. */
  readonly events: SyncEvent[];
  /** The logged problems of single calls, items and days. */
  readonly problems: SyncProblem[];
}

interface TestSyncOptions extends Partial<Omit<SyncOptions, 'tenants' | 'onEvent' | 'onProblem'>> {
  readonly url: string;
  readonly store: CallRecordStore;
  readonly clock?: Clock;
  readonly tenants?: readonly Partial<SyncTenant>[];
}

/**
 * Creates a sync; by default of the development tenant, with Graph's limits over spans so short that they do not delay
 * it.
 */
export function testSync({ url, tenants = [{}], ...options }: TestSyncOptions): TestSync {
  const events: SyncEvent[] = [];
  const problems: SyncProblem[] = [];
  const sync = createSync({
    clock: systemClock,
    budgetScale: 0.001,
    concurrency: 8,
    sinceMs: undefined,
    logs: [],
    onEvent: (event) => events.push(event),
    onProblem: (_, problem) => problems.push(problem),
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
  return {
    tenants: sync.tenants,
    get underWay() {
      return sync.underWay;
    },
    events,
    problems,
    close: () => sync.close(),
    [Symbol.dispose]: () => sync.close(),
  };
}

/** Returns the tenants for which a listener accepts notifications. */
export function notifiedOf({ tenants }: Sync): readonly NotifiedTenant[] {
  return tenants.map(({ notifications }) => notifications);
}

/**
 * Advances the clock from timer to timer, so that time passes as fast as its events are handled.
 *
 * @param isDone Called whenever no request is in flight.
 */
export async function hurry(
  clock: EmulatorClock,
  sync: { readonly underWay: number },
  isDone: () => boolean | Promise<boolean>,
): Promise<void> {
  for (;;) {
    await idle(sync);
    if (await isDone()) return;
    const { nextMs } = clock.waiting();
    if (nextMs !== undefined) await clock.advance(Math.max(nextMs, 0));
  }
}

/** Waits for several event-loop turns without a request in flight: remaining work then waits for the clock. */
async function idle(sync: { readonly underWay: number }): Promise<void> {
  for (let quiet = 0; quiet < 10; quiet++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (sync.underWay > 0) quiet = 0;
  }
}

/** Fails the test at an unexpected error of a listener. */
export const unwatched = {
  onNotifications: () => undefined,
  onDefect: (error: unknown) => {
    throw error;
  },
};
