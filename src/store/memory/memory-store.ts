/** The naive store: an array and a loop, slow and obviously right. The other backends are tested against it. */
import { nextEdition } from '../next-edition.ts';
import {
  type Added,
  type CallRecordStore,
  type Edition,
  editionDigest,
  type ParticipantList,
  type ReceivedCall,
  type SessionList,
  type Totals,
} from '../store.ts';
import type { Block } from '../../text/block.ts';

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
  readonly #secrets = new Map<string, string>();

  edition(tenantId: string, callId: string, edition?: number): Edition | undefined {
    const ofCall = this.#ofCall(tenantId, callId).map((stored) => stored.edition);
    if (edition !== undefined) return ofCall.find((one) => one.edition === edition);
    return ofCall
      .sort((a, b) => (a.version === b.version ? a.edition - b.edition : a.version < b.version ? -1 : 1))
      .at(-1);
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

  sessionsBlock(edition: Edition, block: number): { sessions: Block; segments: Block } | undefined {
    const list = this.#stored(edition).sessions?.value;
    const sessions = list?.blocks[block];
    const segments = list?.segments[block];
    return sessions && segments && { sessions, segments };
  }

  participantIndex(edition: Edition, participantId: string): number | undefined {
    const index = this.#stored(edition).participants?.value.ids.indexOf(participantId) ?? -1;
    return index < 0 ? undefined : index;
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
    return this.#editions.length;
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
        digest: editionDigest(head.digest, participants?.digest ?? null, sessions?.digest ?? null),
        participants: participants && {
          list: participantsList!,
          count: participants.value.ids.length,
          complete: participants.value.complete,
        },
        sessions: sessions && {
          list: sessionsList!,
          count: sessions.value.count,
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

  #ofCall(tenantId: string, callId: string): StoredEdition[] {
    return this.#editions.filter(({ edition }) => edition.tenantId === tenantId && edition.callId === callId);
  }

  #stored({ tenantId, callId, edition }: Edition): StoredEdition {
    return this.#ofCall(tenantId, callId).find((one) => one.edition.edition === edition)!;
  }
}
