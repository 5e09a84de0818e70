/**
 * Pages of calls on their way in. Saved pages come in any order and do not say their version, so they are held until
 * all of a run's pages of a call are together, then added to what the store has of the call.
 */
import { canonicalId } from '../model/ids.ts';
import type { CallRecordStore } from '../store/store.ts';
import { ParticipantListBuilder } from './participant-list.ts';
import { fragmentOf } from './read-call.ts';
import type { ListPage } from './read-value.ts';
import { storedParticipants, storedSessions } from './stored-entries.ts';
import { SessionListBuilder } from './session-list.ts';

/** Bytes held at most before what is there is added; the last line may be beyond it. */
const maxHeldBytes = 64 * 2 ** 20;
/** Of an entry, besides its text. */
const entryCost = 256;

export class PageStage {
  readonly #pages = new Map<string, ListPage[]>();
  #heldBytes = 0;

  get isFull(): boolean {
    return this.#heldBytes > maxHeldBytes;
  }

  hold(page: ListPage): void {
    const callId = canonicalId(page.callId);
    const pages = this.#pages.get(callId);
    if (pages === undefined) this.#pages.set(callId, [page]);
    else pages.push(page);
    this.#heldBytes += page.entries.length * entryCost;
  }

  /** Counts a line whose pages are held: their entries are parts of it, and keep all of it in memory. */
  retain(line: { readonly length: number }): void {
    this.#heldBytes += line.length;
  }

  /** Adds the held pages to the store. */
  async flush(tenantId: string, store: CallRecordStore): Promise<void> {
    for (const [callId, pages] of this.#pages) {
      const edition = await store.edition(tenantId, callId);
      const isNew = async (part: { digest: string }) => !(await store.hasList(tenantId, callId, part.digest));

      const participants = await merge(
        pages.filter((page) => page.kind === 'participants_v2'),
        () => new ParticipantListBuilder(),
        edition?.participants && {
          complete: edition.participants.complete,
          entries: () => storedParticipants(edition, store),
        },
        isNew,
      );
      const sessions = await merge(
        pages.filter((page) => page.kind === 'sessions'),
        () => new SessionListBuilder(),
        edition?.sessions && {
          complete: edition.sessions.complete,
          entries: () => storedSessions(edition, store),
        },
        isNew,
      );
      if (participants === undefined && sessions === undefined) continue;
      const parts = { ...(participants && { participants }), ...(sessions && { sessions }) };
      await store.add(tenantId, [fragmentOf(callId, parts)]);
    }
    this.#pages.clear();
    this.#heldBytes = 0;
  }
}

interface ListBuilder<T> {
  /** Adds an entry unless the list holds it already. */
  take(entry: Buffer): void;
  finish(complete: boolean): T | undefined;
}

/**
 * The list that the pages and what is stored make together.
 *
 * @returns `undefined` when the pages bring nothing that the call has not.
 */
async function merge<T extends { digest: string }>(
  pages: readonly ListPage[],
  createBuilder: () => ListBuilder<T>,
  stored: { complete: boolean; entries: () => AsyncGenerator<Buffer> } | undefined,
  isNew: (part: T) => Promise<boolean>,
): Promise<T | undefined> {
  if (pages.length === 0) return undefined;
  // The order among pages is not to be known, but for the last: it has no next link.
  const entries = [...pages].sort((a, b) => Number(a.last) - Number(b.last)).flatMap((page) => page.entries);
  const complete = pages.some((page) => page.last);
  const alone = createBuilder();
  for (const entry of entries) alone.take(entry);
  const list = alone.finish(complete);
  if (list === undefined || stored === undefined) return list;
  if (!(await isNew(list))) return undefined;
  const merged = createBuilder();
  for await (const entry of stored.entries()) merged.take(entry);
  for (const entry of entries) merged.take(entry);
  return merged.finish(complete || stored.complete);
}
