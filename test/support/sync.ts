/** A sync in this process, from a server of a test into a store of a test. */
import { development } from '../../src/base/development.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { createSync, type Sync, type SyncOptions, type SyncTenant } from '../../src/collect/sync/sync.ts';
import type { EmulatorClock } from '../../src/emulator/emulator-clock.ts';
import type { SyncProblem } from '../../src/collect/sync/problem.ts';
import type { NotifiedTenant } from '../../src/collect/sync/notified-tenant.ts';
import type { SyncEvent } from '../../src/collect/sync/tenant-report.ts';

export interface TestSync extends Sync, Disposable {
  /** What the operator would have been told. */
  readonly events: SyncEvent[];
  /** What the log would have of single calls, items and days. */
  readonly problems: SyncProblem[];
}

interface TestSyncOptions extends Partial<Omit<SyncOptions, 'tenants' | 'onEvent' | 'onProblem'>> {
  readonly url: string;
  readonly store: CallRecordStore;
  readonly clock?: Clock;
  readonly tenants?: readonly Partial<SyncTenant>[];
}

/** By default the development tenant, with limits counted over spans so short that nobody waits for them. */
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

/** What a listener accepts notifications for. */
export function notifiedOf({ tenants }: Sync): readonly NotifiedTenant[] {
  return tenants.map(({ notifications }) => notifications);
}

/**
 * Moves the clock on to whatever is waited for next, again and again: time passes as fast as its events are dealt with.
 *
 * @param isDone Asked whenever nothing is under way.
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

/** Several turns of the loop without a request under way: whoever goes on does so by the clock. */
async function idle(sync: { readonly underWay: number }): Promise<void> {
  for (let quiet = 0; quiet < 10; quiet++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (sync.underWay > 0) quiet = 0;
  }
}

/** Called for an unexpected error of a listener: it fails the test. */
export const unwatched = {
  onNotifications: () => undefined,
  onDefect: (error: unknown) => {
    throw error;
  },
};
