/** Reads the participants of a call block by block: those received, then those inferred. */
import { setImmediate } from 'node:timers/promises';
import { blockText } from '../wire/text/block-text.ts';
import type { Edition } from './edition.ts';
import type { CallRecordStore } from './store.ts';

/** The part of a store that entries are read from. */
export type EntryReader = Pick<CallRecordStore, 'edition' | 'participantsBlock' | 'inferredBlock'>;

interface EntryBlock {
  /** Participants as received. */
  readonly entries: readonly unknown[];
  /** Bytes of their text. */
  readonly bytes: number;
}

/** Blocks after which other requests run. */
const blocksAtOnce = 8;

/**
 * Yields the blocks of a call's participants.
 *
 * @throws CallDamaged
 */
export async function* entryBlocks(reader: EntryReader, edition: Edition): AsyncGenerator<EntryBlock> {
  let read = 0;
  for (const list of ['participantsBlock', 'inferredBlock'] as const) {
    for (let no = 0; ; no++) {
      const block = await reader[list](edition, no);
      if (block === undefined) break;
      const text = blockText(block);
      // The text was checked as JSON when it was stored.
      yield { entries: JSON.parse(`[${text.toString()}]`) as unknown[], bytes: text.length };
      if (++read % blocksAtOnce === 0) await setImmediate();
    }
  }
}
