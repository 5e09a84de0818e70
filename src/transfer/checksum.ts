/** What an edition and everything that came with it come to: the same in any store, a byte's difference is another. */
import { createHash } from 'node:crypto';
import type { CarriedRow, TransferredEdition } from '../store/transfer.ts';
import type { Block } from '../text/block.ts';

export function editionChecksum(moved: TransferredEdition): string {
  const { edition, recorded, head, participants, sessions, found } = moved;
  const hash = createHash('sha256');
  const { headDigest, participantsDigest, sessionsDigest } = recorded;
  const facts = [edition, headDigest, participantsDigest ?? null, sessionsDigest ?? null];
  hash.update(
    JSON.stringify(facts, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
  );
  for (const [name, blocks] of Object.entries({
    head: [head],
    participants,
    sessions: sessions?.blocks,
    segments: sessions?.segments,
    found,
  })) {
    if (blocks === undefined) continue;
    hash.update(`\n${name} ${blocks.length}\n`);
    for (const { count, textLength, crc, masked, packed, body, layout } of blocks as readonly Block[]) {
      hash.update([count, textLength, crc, masked, packed, body.length, layout.length].join(' '));
      hash.update(body).update(layout);
    }
  }
  return hash.digest('hex');
}

export function rowChecksum(row: CarriedRow): string {
  const hash = createHash('sha256');
  for (const value of row) {
    const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value));
    hash.update(`${value === null ? 'null' : typeof value} ${bytes.length} `).update(bytes);
  }
  return hash.digest('hex');
}
