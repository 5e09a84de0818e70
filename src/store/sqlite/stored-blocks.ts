/** The blocks of a stored list, one after another. */
import type { Block } from '../../text/block.ts';
import { blockOf } from '../rows.ts';
import type { Connection } from './connection.ts';

export function* blocksOf(
  connection: Connection,
  statement: 'participantBlock' | 'sessionBlock' | 'segmentBlock',
  tenant: number,
  list: number,
  callId?: string,
): Generator<Block> {
  for (let no = 0; ; no++) {
    const row = connection.get(statement, tenant, list, no);
    if (row === undefined) return;
    yield blockOf(row, 0, callId);
  }
}
