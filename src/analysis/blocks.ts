/** Reads stored blocks one by one, so that other requests are answered meanwhile. */
import { setImmediate } from 'node:timers/promises';
import type { Awaitable } from '../base/awaitable.ts';
import type { Edition } from '../store/edition.ts';
import { CallDamaged } from '../store/store-errors.ts';
import type { Block } from '../wire/text/block.ts';
import { blockText } from '../wire/text/block-text.ts';

/** Returns a block after other requests had their turn. @throws CallDamaged when it is missing */
export async function readBlock(edition: Edition, read: Awaitable<Block | undefined>): Promise<Block> {
  const block = await read;
  if (block === undefined) throw new CallDamaged(edition.callId);
  await setImmediate();
  return block;
}

/** Parses the entities of a block, whose text was checked when it was stored. */
export function entitiesOf(block: Block): readonly unknown[] {
  return JSON.parse(`[${blockText(block).toString()}]`) as unknown[];
}
