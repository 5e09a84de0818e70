/** The store as Graph would show it after a while, or a while before: without records it forgot, or has not made yet. */
import { Fault } from '../contract/faults.ts';
import { overrideStore } from './emulated-store.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { CallsQuery } from '../store/call-list.ts';
import type { Edition } from '../store/edition.ts';
import { ticksOf } from '../base/ticks.ts';
import { callRecordMissing } from '../graph/method-faults.ts';

interface Visibility {
  /** Days after its start that a record is there; for ever when absent. */
  readonly retentionDays?: number | undefined;
  /** Minutes after its end that a record appears. */
  readonly lateMinutes?: number | undefined;
  readonly clock: () => Date;
}

const ticksPerMinute = 600_000_000n;
const ticksPerDay = 1440n * ticksPerMinute;

/** @returns The store itself where it shows everything. */
export function createVisibleStore(
  store: CallRecordStore,
  { retentionDays, lateMinutes = 0, clock }: Visibility,
): CallRecordStore {
  if (retentionDays === undefined && lateMinutes === 0) return store;

  /** First tick of the calls that are remembered. */
  function rememberedFrom(): bigint {
    return retentionDays === undefined
      ? -(2n ** 62n)
      : ticksOf(clock()) - BigInt(retentionDays) * ticksPerDay;
  }

  /** Last tick of the calls whose records are there; `undefined` when all are. */
  function appearedBy(): bigint | undefined {
    return lateMinutes === 0 ? undefined : ticksOf(clock()) - BigInt(lateMinutes) * ticksPerMinute;
  }

  function visible(query: CallsQuery): CallsQuery {
    const remembered = rememberedFrom();
    const from = query.from > remembered ? query.from : remembered;
    return { ...query, from, endedBy: appearedBy() };
  }

  /** @throws Fault `recordMissing` in Graph's words (issue #14031 of microsoftgraph/microsoft-graph-docs) */
  function shown(edition: Edition | undefined): Edition | undefined {
    if (edition === undefined) return undefined;
    const { startTicks, endTicks } = edition;
    if (startTicks !== undefined && startTicks < rememberedFrom()) {
      throw new Fault(
        'recordMissing',
        'Could not find the requested call record. Records about calls or online meetings that started more than 30 days ago are not available.',
      );
    }
    const appeared = appearedBy();
    if (appeared !== undefined && endTicks !== undefined && endTicks > appeared) throw callRecordMissing();
    return edition;
  }

  return overrideStore(store, {
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
    // What time alone changes is not kept.
    revision: () => undefined,
  });
}
