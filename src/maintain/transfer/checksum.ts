/** What is carried comes to a checksum: the same in any store, and another for a byte's difference. */
import { createHash } from 'node:crypto';
import type { Edition } from '../../store/edition.ts';
import type { TransferredRow } from '../../store/transferred-rows.ts';
import type { CopiedTable } from '../../store/tables.ts';
import type { EditionContent, TransferredCall, TransferStore } from '../../store/transfer.ts';
import type { Block } from '../../wire/text/block.ts';

/** @param content Absent where the edition is not there whole. */
export function editionChecksum(edition: Edition, content: EditionContent | undefined): string {
  const hash = createHash('sha256');
  const digests = content && [content.headDigest, content.participantsDigest, content.sessionsDigest];
  const facts = [edition, digests];
  hash.update(
    JSON.stringify(facts, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : (value ?? null))),
  );
  for (const [name, blocks] of Object.entries({
    head: content && [content.head],
    participants: content?.participants,
    sessions: content?.sessions?.blocks,
    segments: content?.sessions?.segments,
    found: content?.found,
  })) {
    if (blocks === undefined) continue;
    hash.update(`\n${name} ${blocks.length}\n`);
    // The layout is derived from the text and has a seal; a store may have rewritten it since the transfer.
    for (const { count, textLength, crc, packed, body } of blocks as readonly Block[]) {
      hash.update([count, textLength, crc, packed, body.length].join(' '));
      hash.update(body);
    }
  }
  return hash.digest('hex');
}

/** Of every edition of a call. */
export function checksumsOf(call: TransferredCall | undefined): readonly string[] {
  return (call?.editions ?? []).map((edition) =>
    editionChecksum(edition, call?.contents.get(edition.edition)),
  );
}

/** Rows of tables, whatever order an engine gives them in: of each table how many, and the sum of their checksums. */
export class RowSums {
  readonly #sums = new Map<CopiedTable, { readonly rows: number; readonly sum: bigint }>();

  get rows(): number {
    return [...this.#sums.values()].reduce((all, { rows }) => all + rows, 0);
  }

  add(table: CopiedTable, rows: readonly TransferredRow[]): void {
    let { sum } = this.#of(table);
    for (const row of rows) sum = (sum + checksumOf(row)) % modulus;
    this.#sums.set(table, { rows: this.#of(table).rows + rows.length, sum });
  }

  /** Of a table, in words to be compared. */
  of(table: CopiedTable): string {
    const { rows, sum } = this.#of(table);
    return `${rows} ${sum.toString(16)}`;
  }

  #of(table: CopiedTable) {
    return this.#sums.get(table) ?? { rows: 0, sum: 0n };
  }
}

/** Of the rows that a store has at one moment. */
export async function rowSumsOf(transfer: TransferStore, tables: readonly CopiedTable[]): Promise<RowSums> {
  const sums = new RowSums();
  await transfer.eachRows(tables, (table, rows) => {
    sums.add(table, rows);
    return Promise.resolve();
  });
  return sums;
}

const modulus = 2n ** 256n;

function checksumOf(row: TransferredRow): bigint {
  const hash = createHash('sha256');
  for (const value of row) {
    const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value));
    hash.update(`${value === null ? 'null' : typeof value} ${bytes.length} `).update(bytes);
  }
  return BigInt(`0x${hash.digest('hex')}`);
}
