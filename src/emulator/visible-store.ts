/** Wraps the store to return records as Graph does: not those expired, nor those not available yet. */
import { Fault } from '../contract/faults.ts';
import { overrideMembers } from './override-members.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { CallsQuery } from '../store/call-list.ts';
import type { Edition } from '../store/edition.ts';
import type { OutboxEntry, SubscriptionStore } from '../store/subscriptions.ts';
import { ticksOf } from '../base/ticks.ts';
import { callRecordMissing } from '../graph/method-faults.ts';

interface Visibility {
  /** Days after the start of its call that a record is available; forever when absent. */
  readonly retentionDays?: number | undefined;
  /** Minutes after the end of its call that a record becomes available, and its notifications are due. */
  readonly lateMinutes?: number | undefined;
  readonly clock: () => Date;
}

const ticksPerMinute = 600_000_000n;
const ticksPerDay = 1440n * ticksPerMinute;

/** Returns the store itself where every record is available. */
export function createVisibleStore(
  store: CallRecordStore,
  { retentionDays, lateMinutes = 0, clock }: Visibility,
): CallRecordStore {
  if (retentionDays === undefined && lateMinutes === 0) return store;

  /** Returns the first tick of calls that have not expired. */
  function availableFrom(): bigint {
    return retentionDays === undefined
      ? -(2n ** 62n)
      : ticksOf(clock()) - BigInt(retentionDays) * ticksPerDay;
  }

  /** Returns the last tick of calls whose records are available; `undefined` when all are. */
  function readyUntil(): bigint | undefined {
    return lateMinutes === 0 ? undefined : ticksOf(clock()) - BigInt(lateMinutes) * ticksPerMinute;
  }

  function visible(query: CallsQuery): CallsQuery {
    const oldest = availableFrom();
    const from = query.from > oldest ? query.from : oldest;
    return { ...query, from, endedBy: readyUntil() };
  }

  /** @throws Fault `recordMissing` with Graph's message (issue #14031 of microsoftgraph/microsoft-graph-docs) */
  function shown(edition: Edition | undefined): Edition | undefined {
    if (edition === undefined) return undefined;
    const { startTicks, endTicks } = edition;
    if (startTicks !== undefined && startTicks < availableFrom()) {
      throw new Fault(
        'recordMissing',
        'Could not find the requested call record. Records about calls or online meetings that started more than 30 days ago are not available.',
      );
    }
    const ready = readyUntil();
    if (ready !== undefined && endTicks !== undefined && endTicks > ready) throw callRecordMissing();
    return edition;
  }

  return overrideMembers(store, {
    async edition(...asked) {
      return shown(await store.edition(...asked));
    },
    async editionAsOf(...asked) {
      return shown(await store.editionAsOf(...asked));
    },
    async participantsPage(...asked) {
      const found = await store.participantsPage(...asked);
      shown(found?.edition);
      return found;
    },
    callsPage: (tenantId, query, ...asked) => store.callsPage(tenantId, visible(query), ...asked),
    callsPageText: (tenantId, query, ...asked) => store.callsPageText(tenantId, visible(query), ...asked),
    callsCount: (tenantId, query, asOf) => store.callsCount(tenantId, visible(query), asOf),
    ...(lateMinutes > 0 && { subscriptions: delayed(store.subscriptions, lateMinutes) }),
    // Answers change as time passes, so none is cached.
    revision: () => undefined,
  });
}

/** Delays each notification until the record of its call is available. */
function delayed(subscriptions: SubscriptionStore, lateMinutes: number): SubscriptionStore {
  return overrideMembers(subscriptions, {
    async due(url, limit) {
      const entries = await subscriptions.due(url, limit);
      return entries.map((entry) => ({ ...entry, causedMs: Math.max(entry.causedMs, readyMs(entry)) }));
    },
  });

  function readyMs({ endTicks }: OutboxEntry): number {
    return endTicks === undefined ? 0 : Math.ceil(Number(endTicks) / 10_000) + lateMinutes * 60_000;
  }
}
