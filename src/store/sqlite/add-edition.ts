/** Writes an edition of a call: its row, the lists that it brought, and its entry in the list of calls. */
import { organizerContext } from '../../query/odata/context-url.ts';
import type { Block } from '../../wire/text/block.ts';
import { listItemOf } from '../../wire/text/list-item.ts';
import { editionColumns, firstPlaces } from '../edition-places.ts';
import { flagsOf } from '../rows.ts';
import type { WrittenEdition } from '../edition-decisions.ts';
import type { Connection } from './connection.ts';
import { itemCheck } from './list-items.ts';

/** Writes an edition; call it within a transaction. */
export function addEdition(connection: Connection, tenant: number, written: WrittenEdition): void {
  const { edition, participants, sessions, ended } = written;
  const { edition: number, callId, call, startTicks } = edition;
  connection.run('addEdition', number, tenant, callId, call, ...editionColumns(written));
  if (ended?.startTicks !== undefined)
    connection.run('endListing', number, tenant, ended.startTicks, call, ended.edition);
  list(connection, tenant, written);
  for (const { list, blocks, ids } of participants) {
    addBlocks(connection, 'addParticipantBlock', tenant, list, blocks);
    for (const [id, position] of firstPlaces(ids))
      connection.run('addParticipant', tenant, id, startTicks ?? 0n, call, list, position);
  }
  if (sessions === undefined) return;
  addBlocks(connection, 'addSessionBlock', tenant, number, sessions.blocks);
  addBlocks(connection, 'addSegmentBlock', tenant, number, sessions.segments);
  for (const [id, position] of firstPlaces(sessions.ids))
    connection.run('addSession', tenant, number, id, position);
}

/** A call without a start is not listed: its record was not received. */
function list(
  connection: Connection,
  tenant: number,
  { edition, head, isNewest, until }: WrittenEdition,
): void {
  const { callId, call, startTicks, endTicks = null, edition: number } = edition;
  if (!isNewest || startTicks === undefined) return;
  const item = listItemOf(head, organizerContext(callId));
  const shown = [endTicks, item.before, item.after ?? null, itemCheck(item)];
  connection.run('addListing', tenant, startTicks, call, number, until ?? null, ...shown);
}

function addBlocks(
  connection: Connection,
  statement: 'addParticipantBlock' | 'addSessionBlock' | 'addSegmentBlock',
  tenant: number,
  list: number,
  blocks: readonly Block[],
): void {
  for (const [no, block] of blocks.entries()) {
    const { count, textLength, crc, body, layout } = block;
    connection.run(statement, tenant, list, no, count, textLength, crc, flagsOf(block), body, layout);
  }
}
