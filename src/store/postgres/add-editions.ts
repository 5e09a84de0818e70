/** Writes editions of calls: their rows, the lists that came with them, and their places in the list of calls. */
import type { Block } from '../../text/block.ts';
import { editionColumns, firstPlaces } from '../edition-places.ts';
import { flagsOf } from '../rows.ts';
import type { WrittenEdition } from '../edition-decisions.ts';
import type { AddedRow, Transaction } from './connection.ts';
import { keyOf, longIdOf } from './keys.ts';
import type { AddedTable } from './statements.ts';

/** Start of a listed edition that has none: before every time there is. */
export const noStart = -(2n ** 63n);

/** Tables with rows of editions; those of the search index are gathered apart. */
type EditionTable = Exclude<AddedTable, 'phrase' | 'found_call'>;

/** Rows are gathered, and added together: `flush` before anything reads them. */
export class EditionWriter {
  readonly #transaction: Transaction;
  readonly #tenant: number;
  readonly #rows: Readonly<Record<EditionTable, AddedRow[]>> = {
    edition: [],
    listing: [],
    participant: [],
    participant_block: [],
    session_block: [],
    segment_block: [],
  };

  constructor(transaction: Transaction, tenant: number) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  async add(written: WrittenEdition): Promise<void> {
    const { edition, participants, sessions, ended } = written;
    const { callId, edition: number, call } = edition;
    const key = keyOf(callId);
    if (ended !== undefined) {
      const place = [this.#tenant, ended.startTicks ?? noStart, call, ended.edition];
      await this.#transaction.run('endListing', number, ...place);
    }
    this.#rows.edition.push([number, this.#tenant, key, longIdOf(callId), call, ...editionColumns(written)]);
    this.#rows.listing.push(listingRow(this.#tenant, written));
    for (const row of participantRows(this.#tenant, written)) this.#rows.participant.push(row);
    for (const { list, blocks } of participants) this.#addBlocks('participant_block', key, list, blocks);
    if (sessions === undefined) return;
    let first = 0;
    this.#addBlocks('session_block', key, number, sessions.blocks, ({ count }) => {
      const ids = sessions.ids.slice(first, (first += count));
      return [ids.map(keyOf)];
    });
    this.#addBlocks('segment_block', key, number, sessions.segments);
  }

  async flush(): Promise<void> {
    for (const [table, rows] of Object.entries(this.#rows)) {
      await this.#transaction.add(table as EditionTable, rows); // the record's own keys
      rows.length = 0;
    }
  }

  #addBlocks(
    table: 'participant_block' | 'session_block' | 'segment_block',
    key: Buffer,
    list: number,
    blocks: readonly Block[],
    more: (block: Block) => AddedRow = () => [],
  ): void {
    for (const [no, block] of blocks.entries()) {
      const { count, textLength, crc, body, layout } = block;
      const columns = [count, textLength, crc, flagsOf(block), body, layout];
      this.#rows[table].push([this.#tenant, key, list, no, ...columns, ...more(block)]);
    }
  }
}

/** Every edition is in the listing, whether it was ever the newest or not. */
export function listingRow(tenantNo: number, { edition, head, until }: WrittenEdition): AddedRow {
  const { callId, call, version, participants, found, startTicks, endTicks } = edition;
  return [
    ...[tenantNo, startTicks ?? noStart, call, edition.edition, until ?? null],
    ...[keyOf(callId), longIdOf(callId), version, edition.receivedMs ?? null],
    ...[participants?.list ?? null, participants?.count ?? 0, found?.list ?? null],
    ...[endTicks ?? null, edition.modifiedTicks ?? null],
    ...[head.textLength, head.crc, flagsOf(head), head.layout, head.body],
  ];
}

/** Finds each participant by the first of several entries with one id. */
export function* participantRows(
  tenantNo: number,
  { edition, participants }: WrittenEdition,
): Generator<readonly [number, Buffer, bigint, number, number, number]> {
  const { startTicks = 0n, call } = edition;
  for (const { list, ids } of participants)
    for (const [id, position] of firstPlaces(ids))
      yield [tenantNo, keyOf(id), startTicks, call, list, position];
}
