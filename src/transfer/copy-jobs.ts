/** What of a copy is done for some calls apart from the others: in this thread, or in several beside it. */
import { StoreDamaged } from '../store/store.ts';
import { blocksOf, type ReadyCalls, type TransferredCall } from '../store/transfer.ts';
import type { MovingStore } from './copy-note.ts';
import { checksumsOf } from './checksum.ts';
import { renumbered } from './renumbered.ts';

/** Some calls of a tenant, and which of their editions are meant. */
export interface CallsOfCopy {
  readonly tenantId: string;
  readonly ids: readonly string[];
  /** None after this one. */
  readonly upTo: number;
  /** Added to their numbers in the target. */
  readonly offset: number;
}

export interface ReadyToPut {
  /** What the target puts. */
  readonly calls: ReadyCalls;
  readonly editions: number;
  /** Of their blocks, or of the rows that these have become: of many participants there is more in the rows. */
  readonly bytes: number;
}

export interface ComparedCalls {
  /** Ids that were asked for. */
  readonly asked: number;
  /** Of those, calls that are meant. */
  readonly calls: number;
  /** Of their blocks. */
  readonly bytes: number;
  /** Of each edition. */
  readonly checksums: readonly string[];
  /** In words. */
  readonly differences: readonly string[];
}

export interface CopyJobs {
  /** How many are best done at a time. */
  readonly width: number;
  /** @param isEmpty The target has no calls of the tenant. @returns Nothing where everything is there already. */
  ready(calls: CallsOfCopy, isEmpty: boolean): Promise<ReadyToPut | undefined>;
  compare(calls: CallsOfCopy): Promise<ComparedCalls>;
}

/** Done by whoever asks for it. */
export class OwnJobs implements CopyJobs {
  /** While the server of one is waited for, another is worked at. */
  readonly width = 2;
  readonly #from: MovingStore;
  readonly #to: MovingStore;

  constructor(from: MovingStore, to: MovingStore) {
    this.#from = from;
    this.#to = to;
  }

  async ready(calls: CallsOfCopy, isEmpty: boolean): Promise<ReadyToPut | undefined> {
    const { tenantId, ids, upTo, offset } = calls;
    const there = isEmpty ? [] : await this.#to.transfer.numbersOf(tenantId, ids);
    const without = new Set([...there].map((number) => number - offset));
    const read = await this.#from.transfer.read(tenantId, ids, { upTo, without });
    const wanted = read.filter(({ contents }) => contents.size > 0).map((call) => renumbered(call, offset));
    if (wanted.length === 0) return undefined;
    const made = await this.#to.transfer.ready(tenantId, wanted);
    const movable = made.movable.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return {
      calls: made,
      editions: wanted.reduce((sum, { contents }) => sum + contents.size, 0),
      bytes: Math.max(movable, bytesOf(wanted)),
    };
  }

  async compare({ tenantId, ids, upTo, offset }: CallsOfCopy): Promise<ComparedCalls> {
    const [here, there] = await Promise.all([
      this.#from.transfer.read(tenantId, ids, { upTo, without: new Set() }),
      this.#copies(tenantId, ids),
    ]);
    // Calls that have come since they were copied are not meant.
    const expected = here
      .filter(({ editions }) => editions.length > 0)
      .map((call) => renumbered(call, offset));
    const misplaced = new Set(await this.#to.evidence.misplaced(tenantId, expected));
    const copies = new Map(there.map((call) => [call.callId, call]));
    const checksums: string[] = [];
    const differences: string[] = [];
    for (const call of expected) {
      const own = checksumsOf(call);
      checksums.push(...own);
      if (own.join() !== checksumsOf(copies.get(call.callId)).join())
        differences.push(`The call ${call.callId} of tenant ${tenantId} is not the same.`);
      else if (misplaced.has(call.callId))
        differences.push(`The call ${call.callId} of tenant ${tenantId} is not found by what is in it.`);
    }
    return {
      ...{ asked: ids.length, calls: expected.length, bytes: bytesOf(expected) },
      ...{ checksums, differences },
    };
  }

  /** What the target has of calls; nothing of one that is damaged there. */
  async #copies(tenantId: string, ids: readonly string[]): Promise<readonly TransferredCall[]> {
    try {
      return await this.#to.transfer.read(tenantId, ids, {
        upTo: Number.MAX_SAFE_INTEGER,
        without: new Set(),
      });
    } catch (error) {
      if (!(error instanceof StoreDamaged)) throw error;
      if (ids.length <= 1) return [];
      const calls: TransferredCall[] = [];
      for (const id of ids) calls.push(...(await this.#copies(tenantId, [id])));
      return calls;
    }
  }
}

function bytesOf(calls: readonly TransferredCall[]): number {
  return calls
    .flatMap(({ contents }) => [...contents.values()].flatMap(blocksOf))
    .reduce((sum, { body }) => sum + body.length, 0);
}
