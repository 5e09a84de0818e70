/** Writes a new edition of a call: its row, the lists that came with it, and its place in the list of calls. */
import { organizerContext } from '../../odata/context-url.ts';
import type { Block } from '../../text/block.ts';
import { listItemOf } from '../../text/list-item.ts';
import {
  type Addition,
  type ComposedEdition,
  composeEdition,
  type SharedParts,
} from '../edition-decisions.ts';
import type { NextEdition } from '../next-edition.ts';
import { flagsOf } from '../rows.ts';
import type { Connection } from './connection.ts';
import { itemCheck } from './list-items.ts';
import type { SearchWriter } from './search-writer.ts';
import type { StatementName } from './statements.ts';
import { blocksOf } from './stored-blocks.ts';

/** @param search The search index, which is written with the edition. */
export function addEdition(
  connection: Connection,
  tenant: number,
  addition: Addition,
  search: SearchWriter,
): ComposedEdition {
  const { edition, received, next } = addition;
  const composed = composeEdition(addition, sharedParts(connection, tenant, next));
  const { call, columns, inferred, indexed } = composed;
  if (next.participants === 'received')
    addBlocks(connection, 'addParticipantBlock', tenant, edition, received.participants!.value.blocks);
  if (inferred !== undefined) addBlocks(connection, 'addParticipantBlock', tenant, -edition, inferred.blocks);
  const start = composed.startTicks ?? 0n;
  for (const { list, ids } of indexed)
    for (const [position, id] of ids.entries())
      connection.run('addParticipant', tenant, id, start, call, list, position);
  if (next.sessions === 'received') {
    const { blocks, segments, ids } = received.sessions!.value;
    addBlocks(connection, 'addSessionBlock', tenant, edition, blocks);
    addBlocks(connection, 'addSegmentBlock', tenant, edition, segments);
    for (const [position, id] of ids.entries()) connection.run('addSession', tenant, edition, id, position);
  }
  connection.run('addEdition', edition, tenant, received.callId, call, ...columns);
  if (next.isNewest) {
    list(connection, tenant, addition, composed);
    if (next.newest !== undefined) search.removeKnown(next.newest);
    if (composed.search !== undefined) search.put(composed.search);
  }
  return composed;
}

/** Gives the edition the place of the one that readers were given until now. */
function list(
  connection: Connection,
  tenant: number,
  { edition, received: { callId }, next: { newest } }: Addition,
  { call, startTicks, endTicks, head }: ComposedEdition,
): void {
  if (newest?.startTicks !== undefined)
    connection.run('endListing', edition, tenant, newest.startTicks, call, newest.edition);
  // Without a start it is a part of a call whose record was not received: not for the list.
  if (startTicks === undefined) return;
  const item = listItemOf(head, organizerContext(callId));
  const shown = [endTicks ?? null, item.before, item.after ?? null, itemCheck(item)];
  connection.run('addListing', tenant, startTicks, call, edition, ...shown);
}

/** What the edition takes over, which its rows say; blocks are read when they are asked for. */
function sharedParts(
  connection: Connection,
  tenant: number,
  { head, participants, sessions }: NextEdition,
): SharedParts {
  const blocks = (statement: 'participantBlock' | 'sessionBlock' | 'segmentBlock', list: unknown) => () => [
    ...blocksOf(connection, statement, tenant, Number(list)),
  ];
  const row = (statement: 'headOf' | 'participantsOf' | 'sessionsOf', from: NextEdition['participants']) =>
    from === undefined || from === 'received' ? undefined : connection.get(statement, from.edition)!; // it is known to be there
  const listed = row('participantsOf', participants);
  const held = row('sessionsOf', sessions);
  return {
    head: row('headOf', head),
    participants: listed && { columns: listed, blocks: blocks('participantBlock', listed[0]) },
    sessions: held && {
      columns: held,
      blocks: blocks('sessionBlock', held[0]),
      segments: blocks('segmentBlock', held[0]),
    },
  };
}

function addBlocks(
  connection: Connection,
  statement: StatementName,
  tenant: number,
  list: number,
  blocks: readonly Block[],
): void {
  for (const [no, block] of blocks.entries()) {
    const { count, textLength, crc, body, layout } = block;
    connection.run(statement, tenant, list, no, count, textLength, crc, flagsOf(block), body, layout);
  }
}
