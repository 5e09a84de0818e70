/** Computes checksums of transferred data: equal in any store, and different for any changed byte. */
import { createHash } from 'node:crypto';
import type { Edition } from '../../store/edition.ts';
import type { TransferredRow } from '../../store/transferred-rows.ts';
import type { CopiedTable } from '../../store/tables.ts';
import type { EditionContent, TransferredCall, TransferStore } from '../../store/transfer.ts';
import type { Block } from '../../wire/text/block.ts';

/** Returns the checksum of an edition. @param content Absent when the edition is incomplete in the store. */
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
    // The layout is derived from the text and has its own checksum; a store may have rewritten it since the transfer.
    for (const { count, textLength, crc, packed, body } of blocks as readonly Block[]) {
      hash.update([count, textLength, crc, packed, body.length].join(' '));
      hash.update(body);
    }
  }
  return hash.digest('hex');
}

export function checksumsOf(call: TransferredCall | undefined): readonly string[] {
  return (call?.editions ?? []).map((edition) =>
    editionChecksum(edition, call?.contents.get(edition.edition)),
  );
}

/** Sums up table rows in any order: the number of rows per table, and the sum of their checksums. */
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

  /** Returns the sum of a table as text. */
  of(table: CopiedTable): string {
    const { rows, sum } = this.#of(table);
    return `${rows} ${sum.toString(16)}`;
  }

  #of(table: CopiedTable) {
    return this.#sums.get(table) ?? { rows: 0, sum: 0n };
  }
}

/** Computes the sums of a store's rows at one moment. */
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
