/**
 * Reads the blocks of a call for an export, and checks all of them before any byte of the call is written: an export
 * omits a damaged call completely.
 */
import { CallDamaged } from '../store/store-errors.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { Edition, StoredList } from '../store/edition.ts';
import { participantsPerBlock, sessionsPerBlock } from '../store/received-call.ts';
import type { Block } from '../wire/text/block.ts';

/** The lists of a call that are stored in blocks. */
export type CallPart = 'participants' | 'found' | 'sessions' | 'segments';

/** Maximum blocks kept from the check to the write; further ones are read twice, so that memory is limited. */
const mostKept = 64;

const readers: Readonly<
  Record<
    CallPart,
    (store: CallRecordStore, edition: Edition, no: number) => Block | undefined | Promise<Block | undefined>
  >
> = {
  participants: (store, edition, no) => store.participantsBlock(edition, no),
  found: (store, edition, no) => store.inferredBlock(edition, no),
  sessions: (store, edition, no) => store.sessionsBlock(edition, no),
  segments: (store, edition, no) => store.segmentsBlock(edition, no),
};

export class CallBlocks {
  readonly edition: Edition;
  readonly head: Block;
  readonly #store: CallRecordStore;
  readonly #kept = new Map<string, Block>();

  private constructor(store: CallRecordStore, edition: Edition, head: Block) {
    this.#store = store;
    this.edition = edition;
    this.head = head;
  }

  /** Reads and checks the blocks. @throws CallDamaged when one of them is damaged or missing */
  static async open(
    store: CallRecordStore,
    edition: Edition,
    parts: readonly CallPart[],
  ): Promise<CallBlocks> {
    const blocks = new CallBlocks(store, edition, await store.head(edition));
    for (const part of parts) for await (const [no, block] of blocks.#of(part)) blocks.#keep(part, no, block);
    return blocks;
  }

  async *of(part: CallPart): AsyncGenerator<Block> {
    for await (const [, block] of this.#of(part)) yield block;
  }

  /** Yields each block of sessions with the segments of its sessions. */
  async *sessionsWithSegments(): AsyncGenerator<{ readonly sessions: Block; readonly segments: Block }> {
    for await (const [no, sessions] of this.#of('sessions'))
      yield { sessions, segments: await this.#block('segments', no, sessions.count) };
  }

  #keep(part: CallPart, no: number, block: Block): void {
    if (this.#kept.size < mostKept) this.#kept.set(`${part} ${no}`, block);
  }

  async *#of(part: CallPart): AsyncGenerator<readonly [number, Block]> {
    const list = this.#list(part);
    const perBlock = part === 'sessions' || part === 'segments' ? sessionsPerBlock : participantsPerBlock;
    for (let no = 0, left = list?.count ?? 0; left > 0; no++, left -= perBlock)
      yield [no, await this.#block(part, no, Math.min(left, perBlock))];
  }

  async #block(part: CallPart, no: number, count: number): Promise<Block> {
    const block = this.#kept.get(`${part} ${no}`) ?? (await readers[part](this.#store, this.edition, no));
    if (block?.count !== count) throw new CallDamaged(this.edition.callId);
    return block;
  }

  #list(part: CallPart): StoredList | undefined {
    return this.edition[part === 'segments' ? 'sessions' : part];
  }
}
