/** Wraps the store: hides late calls and missing participants, which the store has, as scripted faults say. */
import { Fault } from '../contract/faults.ts';
import { canonicalId } from '../contract/ids.ts';
import { organizerContext } from '../query/odata/context-url.ts';
import type { CallPosition, CallsQuery, ListedCall } from '../store/call-list.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { Edition } from '../store/edition.ts';
import { listItemOf } from '../wire/text/list-item.ts';
import type { Faults } from './faults.ts';
import { overrideMembers } from './override-members.ts';

/** The number of calls to read at once. */
const chunk = 500;

/** The editions that restoring a snapshot removed: the numbers after `from`, up to `to`. */
export interface RevertedEditions {
  readonly from: number;
  readonly to: number;
}

interface EmulatedStoreOptions {
  readonly store: CallRecordStore;
  readonly faults: Faults;
  /** Returns the editions of a tenant that the last restored snapshot removed. */
  readonly revertedOf: (tenantId: string) => RevertedEditions | undefined;
  /** Returns true for an edition whose walks continue in the newest one. */
  readonly isOvertaken: (tenantId: string, callId: string, edition: number) => boolean;
}

export function createEmulatedStore({
  store,
  faults,
  revertedOf,
  isOvertaken,
}: EmulatedStoreOptions): CallRecordStore {
  const walked = (tenantId: string, callId: string, edition: number | undefined) =>
    edition !== undefined && isOvertaken(tenantId, callId, edition) ? undefined : edition;
  return overrideMembers(store, {
    // The number from when the snapshot was saved, so that answers are the same to the last byte.
    async newestEdition(tenantId) {
      const newest = await store.newestEdition(tenantId);
      const gap = revertedOf(tenantId);
      return newest === gap?.to ? gap.from : newest;
    },
    async edition(tenantId, callId, edition) {
      return shownEdition(await store.edition(tenantId, callId, walked(tenantId, callId, edition)), faults);
    },
    async editionAsOf(tenantId, callId, asOf) {
      return shownEdition(await store.editionAsOf(tenantId, callId, asOf), faults);
    },
    async participantsPage(tenantId, callId, edition, block) {
      const asked = walked(tenantId, callId, edition);
      const found = await store.participantsPage(tenantId, callId, asked, block);
      const seen = shownEdition(found?.edition, faults);
      return found && seen && { edition: seen, block: found.block };
    },
    async participantIndex(edition, participantId) {
      const index = await store.participantIndex(edition, participantId);
      return index !== undefined && index < (edition.participants?.count ?? 0) ? index : undefined;
    },
    async callsPage(tenantId, query, asOf, after, limit) {
      refuseStale(tenantId, asOf);
      return faults.lateCalls(tenantId).size === 0
        ? store.callsPage(tenantId, query, asOf, after, limit)
        : shownCalls(tenantId, query, asOf, after, limit);
    },
    async callsPageText(tenantId, query, asOf, after, limit, root) {
      refuseStale(tenantId, asOf);
      if (faults.lateCalls(tenantId).size === 0)
        return store.callsPageText(tenantId, query, asOf, after, limit, root);
      const found = await shownCalls(tenantId, query, asOf, after, limit + 1);
      const items = found.slice(0, limit).map(({ callId, head }) => {
        const { before, after: rest } = listItemOf(head, organizerContext(callId));
        return rest === undefined ? before.toString() : `${before.toString()}${root}${rest.toString()}`;
      });
      return { text: Buffer.from(items.join()), last: found.length > limit ? found[limit - 1] : undefined };
    },
    async callsCount(tenantId, query, asOf) {
      return faults.lateCalls(tenantId).size === 0
        ? store.callsCount(tenantId, query, asOf)
        : (await shownCalls(tenantId, query, asOf, undefined, Infinity)).length;
    },
    // Answers that change with time or a rule are not cached.
    revision: () => (faults.changesView ? undefined : store.revision()),
  });

  /** Rejects a walk of the list of calls that began with removed editions. */
  function refuseStale(tenantId: string, asOf: number): void {
    const gap = revertedOf(tenantId);
    if (gap !== undefined && asOf > gap.from && asOf <= gap.to)
      throw new Fault(
        'badSkipToken',
        'The skip token was issued before a snapshot was restored. Start again from the first page.',
        { target: '$skiptoken' },
      );
  }

  async function shownCalls(
    tenantId: string,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
  ): Promise<readonly ListedCall[]> {
    const late = faults.lateCalls(tenantId);
    const found: ListedCall[] = [];
    for (let from = after; ;) {
      const calls = await store.callsPage(tenantId, query, asOf, from, chunk);
      found.push(...calls.filter(({ callId }) => !late.has(canonicalId(callId))));
      if (calls.length < chunk || found.length >= limit) return found.slice(0, limit);
      from = calls.at(-1);
    }
  }
}

function shownEdition(edition: Edition | undefined, faults: Faults): Edition | undefined {
  if (edition === undefined || faults.isLate(edition.tenantId, edition.callId)) return undefined;
  const { participants } = edition;
  const missing =
    participants === undefined ? 0 : faults.participantsMissing(edition.tenantId, edition.callId);
  if (participants === undefined || missing === 0) return edition;
  const count = Math.max(0, participants.count - missing);
  return { ...edition, digest: `${edition.digest}-${count}`, participants: { ...participants, count } };
}
