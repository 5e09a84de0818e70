/** Writes a new edition of a call: its row, the lists that came with it, and its place in the list of calls. */
import { type Block, entityIds } from '../../text/block.ts';
import type { KnownEdition, NextEdition } from '../next-edition.ts';
import { editionDigest, type ReceivedCall } from '../store.ts';
import type { Connection } from './connection.ts';
import { listItemOf } from '../../text/list-item.ts';
import { organizerContext } from '../../odata/context-url.ts';
import { blockOf, flagsOf, type Row } from './rows.ts';
import type { StatementName } from './statements.ts';

/** What an edition is known by in every row of it. */
interface Numbers {
  readonly tenant: number;
  readonly call: number;
  readonly edition: number;
}

export function addEdition(
  connection: Connection,
  tenant: number,
  edition: number,
  received: ReceivedCall,
  next: NextEdition,
): void {
  const numbers = { tenant, edition, call: next.call ?? edition };
  const head = headColumns(connection, received, next);
  const [startTicks, , headDigest] = head as [bigint | null, bigint | null, string];
  const participants = participantColumns(connection, numbers, received, next, startTicks ?? 0n);
  const sessions = sessionColumns(connection, numbers, received, next);
  const digest = editionDigest(headDigest, participants[3] as string | null, sessions[3] as string | null);
  const own = [edition, tenant, received.callId, numbers.call, next.version, digest];
  connection.run('addEdition', ...own, ...head, ...participants, ...sessions);
  if (next.isNewest) list(connection, numbers, next.newest, { callId: received.callId, head });
}

/** Gives the edition the place of the one that readers were given until now. */
function list(
  connection: Connection,
  { tenant, call, edition }: Numbers,
  before: KnownEdition | undefined,
  { callId, head }: { readonly callId: string; readonly head: Row },
): void {
  if (before?.startTicks !== undefined)
    connection.run('endListing', edition, tenant, before.startTicks, call, before.edition);
  // Without a start it is a part of a call whose record was not received: not for the list.
  const [startTicks = null, endTicks = null] = head;
  if (startTicks === null) return;
  const [, , , textLength = 0, crc = 0, flags = 0, layout = null, body = null] = head;
  const item = listItemOf(blockOf([1, textLength, crc, flags, body, layout]), organizerContext(callId));
  connection.run('addListing', tenant, startTicks, call, edition, endTicks, item.before, item.after ?? null);
}

function headColumns(
  connection: Connection,
  { startTicks, endTicks, head }: ReceivedCall,
  next: NextEdition,
): Row {
  if (next.head !== 'received') return connection.get('headOf', next.head.edition)!;
  const { digest, value } = head;
  const times = [startTicks ?? null, endTicks ?? null];
  return [...times, digest, value.textLength, value.crc, flagsOf(value), value.layout, value.body];
}

function participantColumns(
  connection: Connection,
  numbers: Numbers,
  { participants }: ReceivedCall,
  { participants: from }: NextEdition,
  start: bigint,
): Row {
  if (from === undefined) return [null, 0, null, null];
  const { tenant, call, edition } = numbers;
  const index = (list: number, ids: readonly string[]) => {
    for (const [position, id] of ids.entries()) {
      connection.run('addParticipant', tenant, id, start, call, list, position);
    }
  };
  if (from !== 'received') {
    const columns = connection.get('participantsOf', from.edition)!;
    // The list is shared, and is to be found by the start this edition has.
    const list = Number(columns[0]);
    if ((from.startTicks ?? 0n) !== start) index(list, listedIds(connection, tenant, list));
    return columns;
  }
  const { digest, value } = participants!;
  addBlocks(connection, 'addParticipantBlock', tenant, edition, value.blocks);
  index(edition, value.ids);
  return [edition, value.ids.length, value.complete ? 1 : 0, digest];
}

function listedIds(connection: Connection, tenant: number, list: number): readonly string[] {
  const ids: string[] = [];
  for (let no = 0; ; no++) {
    const row = connection.get('participantBlock', tenant, list, no);
    if (row === undefined) return ids;
    ids.push(...entityIds(blockOf(row)));
  }
}

function sessionColumns(
  connection: Connection,
  { tenant, edition }: Numbers,
  { sessions }: ReceivedCall,
  { sessions: from }: NextEdition,
): Row {
  if (from === undefined) return [null, 0, null, null];
  if (from !== 'received') return connection.get('sessionsOf', from.edition)!;
  const { digest, value } = sessions!;
  addBlocks(connection, 'addSessionBlock', tenant, edition, value.blocks);
  addBlocks(connection, 'addSegmentBlock', tenant, edition, value.segments);
  for (const [position, id] of value.ids.entries())
    connection.run('addSession', tenant, edition, id, position);
  return [edition, value.ids.length, value.complete ? 1 : 0, digest];
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
