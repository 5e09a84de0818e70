/** Writes new editions of calls: their rows, the lists that came with them, and their places in the list of calls. */
import type { Block } from '../../text/block.ts';
import {
  type Addition,
  blocksRead,
  type ComposedEdition,
  composeEdition,
  type IndexedList,
  type SharedParts,
} from '../edition-decisions.ts';
import { firstPlaces } from '../edition-places.ts';
import type { KnownEdition, NextEdition } from '../next-edition.ts';
import { blockOf, flagsOf, type Row } from '../rows.ts';
import type { Transaction } from './connection.ts';
import { type CopyRow, type EditionTable, noRows } from './edition-rows.ts';
import { keyOf, longIdOf } from './keys.ts';
import type { SearchWriter } from './search-writer.ts';

/** Start of a listed edition that has none: before every time there is. */
export const noStart = -(2n ** 63n);

type BlockStatement = 'participantBlock' | 'sessionBlock' | 'segmentBlock';

/** Rows are gathered, and copied together: `flush` before anything reads them. */
export class EditionWriter {
  readonly #transaction: Transaction;
  readonly #tenant: number;
  readonly #search: SearchWriter;
  readonly #rows = noRows();

  constructor(transaction: Transaction, tenant: number, search: SearchWriter) {
    this.#transaction = transaction;
    this.#tenant = tenant;
    this.#search = search;
  }

  async add(addition: Addition): Promise<ComposedEdition> {
    const { edition, received, next, receivedMs } = addition;
    const key = keyOf(received.callId);
    const longId = longIdOf(received.callId);
    const composed = composeEdition(addition, await this.#sharedParts(key, addition));
    const { call, columns, parts, startTicks, inferred } = composed;
    if (next.participants === 'received')
      this.#addBlocks('participant_block', key, edition, received.participants!.value.blocks);
    if (inferred !== undefined) this.#addBlocks('participant_block', key, -edition, inferred.blocks);
    if (next.sessions === 'received') {
      const { blocks, segments, ids } = received.sessions!.value;
      let first = 0;
      this.#addBlocks('session_block', key, edition, blocks, ({ count }) => [
        ids.slice(first, (first += count)).map((id) => keyOf(id)),
      ]);
      this.#addBlocks('segment_block', key, edition, segments);
    }
    for (const list of composed.indexed) await this.#index(call, startTicks ?? 0n, list);
    this.#rows.edition.push([edition, this.#tenant, key, longId, call, ...columns]);
    if (next.isNewest) await this.#replace(edition, call, next.newest);
    if (composed.search !== undefined) this.#search.put({ ...composed.search, call });
    const [, endTicks = null, modifiedTicks = null] = parts.head;
    const { participants, inferred: found } = parts;
    this.#rows.listing.push([
      ...[this.#tenant, startTicks ?? noStart, call, edition, next.isNewest ? null : edition],
      ...[key, longId, next.version, receivedMs],
      ...[participants[0] ?? null, participants[1] ?? null, found[0] ?? null, endTicks, modifiedTicks],
      ...parts.head.slice(4),
    ]);
    return composed;
  }

  async flush(): Promise<void> {
    for (const [table, rows] of Object.entries(this.#rows)) {
      await this.#transaction.add(table as EditionTable, rows); // the record's own keys
      rows.length = 0;
    }
    await this.#search.flush();
  }

  /** Takes the place from the edition that readers were given until now. */
  async #replace(edition: number, call: number, before: KnownEdition | undefined): Promise<void> {
    if (before === undefined) return;
    const { startTicks } = before;
    const place = [this.#tenant, startTicks ?? noStart, call, before.edition] as const;
    await this.#transaction.run('endListing', edition, ...place);
    if (startTicks !== undefined) this.#search.remove({ startTicks, call });
  }

  /** What the edition takes over, with those blocks that it is composed from. */
  async #sharedParts(key: Buffer, addition: Addition): Promise<SharedParts> {
    const { next } = addition;
    const row = async (
      statement: 'headOf' | 'participantsOf' | 'sessionsOf',
      from: NextEdition['participants'],
    ): Promise<Row | undefined> => {
      if (from === undefined || from === 'received') return undefined;
      return (await this.#transaction.get(statement, this.#tenant, key, from.version, from.edition))!; // it is known to be there
    };
    const head = await row('headOf', next.head);
    const participants = await row('participantsOf', next.participants);
    const sessions = await row('sessionsOf', next.sessions);
    const isRead = blocksRead(addition, { head, participants, sessions });
    const blocks = async (statement: BlockStatement, list: unknown, isAsked: boolean) => {
      const read = isAsked ? await this.#blocksOf(statement, key, Number(list)) : [];
      return () => read;
    };
    return {
      head,
      participants: participants && {
        columns: participants,
        blocks: await blocks('participantBlock', participants[0], isRead.participants),
      },
      sessions: sessions && {
        columns: sessions,
        blocks: await blocks('sessionBlock', sessions[0], isRead.sessions),
        segments: await blocks('segmentBlock', sessions[0], isRead.segments),
      },
    };
  }

  /** Makes the participants of a list findable by their ids: the first of several entries with one id. */
  async #index(call: number, start: bigint, { list, ids, isShared }: IndexedList): Promise<void> {
    const [first] = ids;
    if (first === undefined) return;
    // The call may have had this start with this list before: then all of them are there.
    const place = [this.#tenant, keyOf(first), start, call, list] as const;
    if (isShared && (await this.#transaction.get('participantIndex', ...place)) !== undefined) return;
    for (const [id, position] of firstPlaces(ids))
      this.#rows.participant.push([this.#tenant, keyOf(id), start, call, list, position]);
  }

  #addBlocks(
    table: 'participant_block' | 'session_block' | 'segment_block',
    key: Buffer,
    list: number,
    blocks: readonly Block[],
    more: (block: Block) => CopyRow = () => [],
  ): void {
    for (const [no, block] of blocks.entries()) {
      const { count, textLength, crc, body, layout } = block;
      const columns = [count, textLength, crc, flagsOf(block), body, layout];
      this.#rows[table].push([this.#tenant, key, list, no, ...columns, ...more(block)]);
    }
  }

  async #blocksOf(statement: BlockStatement, key: Buffer, list: number): Promise<readonly Block[]> {
    const blocks: Block[] = [];
    for (;;) {
      const row = await this.#transaction.get(statement, this.#tenant, key, list, blocks.length);
      if (row === undefined) return blocks;
      blocks.push(blockOf(row));
    }
  }
}
