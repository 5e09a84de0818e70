/** The store as a stage shows it: some calls are not there yet, some participants are missing. The store has them all. */
import { organizerContext } from '../odata/context-url.ts';
import type { CallPosition, CallRecordStore, CallsQuery, Edition, ListedCall } from '../store/store.ts';
import { listItemOf } from '../text/list-item.ts';
import type { Faults } from './faults.ts';

type Shown = Pick<
  CallRecordStore,
  | 'edition'
  | 'editionAsOf'
  | 'participantsPage'
  | 'participantIndex'
  | 'callsPage'
  | 'callsPageText'
  | 'callsCount'
  | 'revision'
>;

/** Calls read at once to find those that are shown. */
const chunk = 500;

export function createStagedStore(store: CallRecordStore, faults: Faults): CallRecordStore {
  const shown: Shown = {
    async edition(tenantId, callId, edition) {
      return shownEdition(await store.edition(tenantId, callId, edition), faults);
    },
    async editionAsOf(tenantId, callId, asOf) {
      return shownEdition(await store.editionAsOf(tenantId, callId, asOf), faults);
    },
    async participantsPage(tenantId, callId, edition, block) {
      const found = await store.participantsPage(tenantId, callId, edition, block);
      const seen = shownEdition(found?.edition, faults);
      return found && seen && { edition: seen, block: found.block };
    },
    async participantIndex(edition, participantId) {
      const index = await store.participantIndex(edition, participantId);
      return index !== undefined && index < (edition.participants?.count ?? 0) ? index : undefined;
    },
    callsPage: (tenantId, query, asOf, after, limit) =>
      faults.lateCalls(tenantId).size === 0
        ? store.callsPage(tenantId, query, asOf, after, limit)
        : shownCalls(tenantId, query, asOf, after, limit),
    async callsPageText(tenantId, query, asOf, after, limit, root) {
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
    // What time or a rule changes is not kept.
    revision: () => (faults.changesView ? undefined : store.revision()),
  };
  return new Proxy(store, {
    get(target, name) {
      if (Object.hasOwn(shown, name)) return shown[name as keyof Shown];
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });

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
      found.push(...calls.filter(({ callId }) => !late.has(callId)));
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
