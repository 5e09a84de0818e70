/** Writes editions of calls: their rows, the lists that they brought, and their entries in the list of calls. */
import { canonicalId } from '../../contract/ids.ts';
import type { Block } from '../../wire/text/block.ts';
import { editionColumns, firstPlaces } from '../edition-places.ts';
import { flagsOf } from '../rows.ts';
import type { WrittenEdition } from '../edition-decisions.ts';
import type { AddedRow, AddedTable } from './added-rows.ts';
import type { Transaction } from './connection.ts';
import type { Value } from './dialect.ts';
import { keyOf, longIdOf } from './keys.ts';

/** Start of a listed edition that has none: before every real time. */
export const noStart = -(2n ** 63n);

/** Tables with rows of editions; rows of the search index are collected separately. */
type EditionTable = Exclude<AddedTable, 'phrase' | 'found_call'>;

type EditionRows = Readonly<Record<EditionTable, AddedRow[]>>;
const noRows = (): EditionRows => ({
  edition: [],
  listing: [],
  participant: [],
  participant_block: [],
  session_block: [],
  segment_block: [],
});

/** Collects rows and writes them together: call `flush` before reading any of them. */
export class EditionWriter {
  readonly #transaction: Transaction;
  readonly #tenant: number;
  #rows = noRows();
  /** Parameters of `endListing`. */
  #ended: (readonly Value[])[] = [];

  constructor(transaction: Transaction, tenant: number) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  add(written: WrittenEdition): void {
    const { edition, participants, sessions, ended } = written;
    const { callId, edition: number, call } = edition;
    const key = keyOf(callId);
    if (ended !== undefined) {
      const place = [this.#tenant, ended.startTicks ?? noStart, call, ended.edition];
      this.#ended.push([number, ...place]);
    }
    this.#rows.edition.push([number, this.#tenant, key, longIdOf(callId), call, ...editionColumns(written)]);
    this.#rows.listing.push(listingRow(this.#tenant, written));
    for (const row of participantRows(this.#tenant, written)) this.#rows.participant.push(row);
    for (const { list, blocks } of participants) this.#addBlocks('participant_block', key, list, blocks);
    if (sessions === undefined) return;
    let first = 0;
    this.#addBlocks('session_block', key, number, sessions.blocks, ({ count }) => {
      const ids = sessions.ids.slice(first, (first += count));
      return [ids.map((id) => keyOrNone(id && canonicalId(id)))];
    });
    this.#addBlocks('segment_block', key, number, sessions.segments);
  }

  /** Writes the rows collected before the call; rows added while it runs wait for the next call. */
  async flush(): Promise<void> {
    const [ended, rows] = [this.#ended, this.#rows];
    [this.#ended, this.#rows] = [[], noRows()];
    for (const place of ended) await this.#transaction.run('endListing', ...place);
    for (const [table, added] of Object.entries(rows))
      await this.#transaction.add(table as EditionTable, added); // the record's own keys
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

/** Returns the key of an id, or null for an entry without an id, which no lookup finds. */
export function keyOrNone(id: string | undefined): Buffer | null {
  return id === undefined ? null : keyOf(id);
}

/** Returns the listing row of an edition; every edition has one, even if readers never saw it. */
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

/**
 * Yields rows that find each participant, by the first of several entries with the same id.
 *
 * @param idKeyOf Returns the key of an id.
 */
export function* participantRows(
  tenantNo: number,
  { edition, participants }: WrittenEdition,
  idKeyOf = canonicalId,
): Generator<readonly [number, Buffer, bigint, number, number, number]> {
  const { startTicks = 0n, call } = edition;
  for (const { list, ids } of participants)
    for (const [id, position] of firstPlaces(ids, idKeyOf))
      yield [tenantNo, keyOf(id), startTicks, call, list, position];
}
