/** The naive store: an array and a loop, slow and obviously right. The other backends are tested against it. */
import { nextEdition } from '../next-edition.ts';
import {
  type Added,
  type CallPosition,
  type CallRecordStore,
  type CallsQuery,
  type CallsText,
  type Edition,
  editionDigest,
  type ListedCall,
  type LogQuery,
  type LogRow,
  type ParticipantList,
  type ReceivedCall,
  type SessionList,
  type Totals,
} from '../store.ts';
import { organizerContext } from '../../odata/context-url.ts';
import type { Block } from '../../text/block.ts';
import { listItemOf } from '../../text/list-item.ts';

interface StoredEdition {
  readonly edition: Edition;
  readonly headDigest: string;
  readonly head: Block;
  readonly participants: { readonly digest: string; readonly value: ParticipantList } | undefined;
  readonly sessions: { readonly digest: string; readonly value: SessionList } | undefined;
}

export function createMemoryStore(): CallRecordStore {
  return new MemoryStore();
}

class MemoryStore implements CallRecordStore {
  readonly #editions: StoredEdition[] = [];
  readonly #logRows: (LogRow & { readonly tenantId: string })[] = [];
  readonly #secrets = new Map<string, string>();
  #changes = 0;

  edition(tenantId: string, callId: string, edition?: number): Edition | undefined {
    const ofCall = this.#ofCall(tenantId, callId).map((stored) => stored.edition);
    if (edition !== undefined) return ofCall.find((one) => one.edition === edition);
    return newestOf(ofCall);
  }

  participantsPage(tenantId: string, callId: string, edition: number | undefined, block: number) {
    const found = this.edition(tenantId, callId, edition);
    return found && { edition: found, block: this.participantsBlock(found, block) };
  }

  head(edition: Edition): Block {
    return this.#stored(edition).head;
  }

  participantsBlock(edition: Edition, block: number): Block | undefined {
    return this.#stored(edition).participants?.value.blocks[block];
  }

  sessionsBlock(edition: Edition, block: number): Block | undefined {
    return this.#stored(edition).sessions?.value.blocks[block];
  }

  segmentsBlock(edition: Edition, block: number): Block | undefined {
    return this.#stored(edition).sessions?.value.segments[block];
  }

  participantIndex(edition: Edition, participantId: string): number | undefined {
    const index = this.#stored(edition).participants?.value.ids.indexOf(participantId) ?? -1;
    return index < 0 ? undefined : index;
  }

  sessionIndex(edition: Edition, sessionId: string): number | undefined {
    const index = this.#stored(edition).sessions?.value.ids.indexOf(sessionId) ?? -1;
    return index < 0 ? undefined : index;
  }

  newestEdition(): number {
    return this.#editions.length;
  }

  callsPage(
    tenantId: string,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
  ): readonly ListedCall[] {
    return this.#listed(tenantId, query, asOf)
      .filter((listed) => after === undefined || inOrder(after, listed) < 0)
      .slice(0, limit);
  }

  callsPageText(
    tenantId: string,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
    root: string,
  ): CallsText {
    const found = this.callsPage(tenantId, query, asOf, after, limit + 1);
    const items = found.slice(0, limit).map(({ callId, head }) => {
      const { before, after: rest } = listItemOf(head, organizerContext(callId));
      return rest === undefined ? before.toString() : `${before.toString()}${root}${rest.toString()}`;
    });
    return { text: Buffer.from(items.join()), last: found.length > limit ? found[limit - 1] : undefined };
  }

  callsCount(tenantId: string, query: CallsQuery, asOf: number): number {
    return this.#listed(tenantId, query, asOf).length;
  }

  logRows(tenantId: string, { kind, from, before, skip, limit }: LogQuery): readonly Uint8Array[] {
    return this.#logRows
      .filter(
        (row) => row.tenantId === tenantId && row.kind === kind && row.ticks >= from && row.ticks < before,
      )
      .sort((a, b) => compare(a.ticks, b.ticks) || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)))
      .slice(skip, skip + limit)
      .map((row) => row.text);
  }

  addLogRows(tenantId: string, rows: readonly LogRow[]): readonly Added[] {
    return rows.map((row) => {
      const at = this.#logRows.findIndex(
        (one) =>
          one.tenantId === tenantId && one.kind === row.kind && one.ticks === row.ticks && one.id === row.id,
      );
      if (at >= 0 && Buffer.compare(this.#logRows[at]!.text, row.text) === 0) return 'unchanged';
      this.#changes++;
      this.#logRows.splice(at < 0 ? this.#logRows.length : at, at < 0 ? 0 : 1, { ...row, tenantId });
      return 'added';
    });
  }

  hasList(tenantId: string, callId: string, digest: string): boolean {
    return this.#ofCall(tenantId, callId).some(
      (stored) => stored.participants?.digest === digest || stored.sessions?.digest === digest,
    );
  }

  someCalls(tenantId: string, limit: number): readonly { callId: string; participants: number }[] {
    return this.#editions
      .filter((stored) => stored.edition.tenantId === tenantId)
      .reverse()
      .slice(0, limit)
      .map(({ edition }) => ({ callId: edition.callId, participants: edition.participants?.count ?? 0 }));
  }

  add(tenantId: string, calls: readonly ReceivedCall[]): readonly Added[] {
    return calls.map((call) => this.#addOne(tenantId, call));
  }

  async secret(name: string, create: () => Promise<string>): Promise<string> {
    if (!this.#secrets.has(name)) {
      const value = await create();
      if (!this.#secrets.has(name)) this.#secrets.set(name, value);
    }
    return this.#secrets.get(name)!;
  }

  revision(): number {
    return this.#editions.length + this.#changes;
  }

  totals(): Totals {
    const calls = new Set(this.#editions.map(({ edition }) => `${edition.tenantId}\n${edition.callId}`));
    return { calls: calls.size, editions: this.#editions.length };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #addOne(tenantId: string, call: ReceivedCall): Added {
    const { callId } = call;
    const known = this.#ofCall(tenantId, callId);
    const next = nextEdition(
      call,
      known.map(({ edition, headDigest, participants, sessions }) => ({
        edition: edition.edition,
        version: edition.version,
        startTicks: edition.startTicks,
        headDigest,
        participantsDigest: participants?.digest,
        sessionsDigest: sessions?.digest,
      })),
    );
    if (next === undefined) return 'unchanged';
    const stored = (edition: number) => known.find((one) => one.edition.edition === edition)!;
    const edition = this.#editions.length + 1;
    const head =
      next.head === 'received'
        ? call.head
        : { digest: stored(next.head.edition).headDigest, value: stored(next.head.edition).head };
    const times = next.head === 'received' ? call : stored(next.head.edition).edition;
    const participants =
      next.participants === 'received'
        ? call.participants
        : next.participants && stored(next.participants.edition).participants;
    const sessions =
      next.sessions === 'received' ? call.sessions : next.sessions && stored(next.sessions.edition).sessions;
    const participantsList =
      next.participants === 'received'
        ? edition
        : next.participants && stored(next.participants.edition).edition.participants?.list;
    const sessionsList =
      next.sessions === 'received'
        ? edition
        : next.sessions && stored(next.sessions.edition).edition.sessions?.list;
    this.#editions.push({
      edition: {
        tenantId,
        callId,
        edition,
        version: next.version,
        call: next.call ?? edition,
        startTicks: times.startTicks,
        endTicks: times.endTicks,
        digest: editionDigest(head.digest, participants?.digest ?? null, sessions?.digest ?? null),
        participants: participants && {
          list: participantsList!,
          count: participants.value.ids.length,
          complete: participants.value.complete,
        },
        sessions: sessions && {
          list: sessionsList!,
          count: sessions.value.ids.length,
          complete: sessions.value.complete,
        },
      },
      headDigest: head.digest,
      head: head.value,
      participants,
      sessions,
    });
    return 'added';
  }

  #listed(tenantId: string, query: CallsQuery, asOf: number): ListedCall[] {
    const known = this.#editions.filter(
      ({ edition }) => edition.tenantId === tenantId && edition.edition <= asOf,
    );
    const newest = [...new Set(known.map(({ edition }) => edition.callId))].map((callId) =>
      newestOf(known.map(({ edition }) => edition).filter((edition) => edition.callId === callId))!,
    );
    return newest
      .flatMap((edition) => {
        const { startTicks, endTicks, call, callId } = edition;
        if (startTicks === undefined || startTicks < query.from || startTicks >= query.before) return [];
        if (query.endedBy !== undefined && endTicks !== undefined && endTicks > query.endedBy) return [];
        const { head, participants } = this.#stored(edition);
        const { participantId } = query;
        if (participantId !== undefined && participants?.value.ids.includes(participantId) !== true)
          return [];
        return [{ startTicks, call, callId, head }];
      })
      .sort(inOrder);
  }

  #ofCall(tenantId: string, callId: string): StoredEdition[] {
    return this.#editions.filter(({ edition }) => edition.tenantId === tenantId && edition.callId === callId);
  }

  #stored({ tenantId, callId, edition }: Edition): StoredEdition {
    return this.#ofCall(tenantId, callId).find((one) => one.edition.edition === edition)!;
  }
}

function newestOf(editions: readonly Edition[]): Edition | undefined {
  return [...editions].sort((a, b) => compare(a.version, b.version) || a.edition - b.edition).at(-1);
}

function inOrder(a: CallPosition, b: CallPosition): number {
  return compare(a.startTicks, b.startTicks) || a.call - b.call;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
