/** Writes a new edition of a call: its row, the lists that came with it, and its place in the list of calls. */
import type { AddedEdition } from '../added-edition.ts';
import { columnsFromHead, digestColumn } from '../edition-places.ts';
import type { Block } from '../../text/block.ts';
import { entityIds, OpenBlock, opened } from '../../text/open-block.ts';
import type { KnownEdition, NextEdition } from '../next-edition.ts';
import { findParticipants, type FoundList, storedParties } from '../found-participants.ts';
import { lackingBits, lackingOf } from '../lacking.ts';
import { editionDigest, type ReceivedCall } from '../store.ts';
import type { Connection } from './connection.ts';
import { listItemOf } from '../../text/list-item.ts';
import { itemCheck } from './list-items.ts';
import { organizerContext } from '../../odata/context-url.ts';
import { blockOf, flagsOf, type Row } from '../rows.ts';
import { type Health, healthy, storedHealth } from '../../text/session-health.ts';
import type { PeopleList } from '../person-words.ts';
import type { SearchWriter } from './search-writer.ts';
import type { StatementName } from './statements.ts';
import { blocksOf } from './stored-blocks.ts';

/** What an edition is known by in every row of it. */
interface Numbers {
  readonly tenant: number;
  readonly call: number;
  readonly edition: number;
}

/** What an addition is decided by. */
export interface Addition {
  readonly tenantId: string;
  readonly next: NextEdition;
  readonly known: readonly KnownEdition[];
  readonly receivedMs: number;
  /** Of the search index, which is written with the edition. */
  readonly search: SearchWriter;
}

export function addEdition(
  connection: Connection,
  tenant: number,
  edition: number,
  received: ReceivedCall,
  { tenantId, next, known, receivedMs, search }: Addition,
): AddedEdition {
  const numbers = { tenant, edition, call: next.call ?? edition };
  const head = headColumns(connection, received, next);
  const [startTicks, endTicks] = head as [bigint | null, bigint | null];
  const headDigest = head[3] as string;
  const participants = participantColumns(connection, numbers, received, next, startTicks ?? 0n);
  const sessions = sessionColumns(connection, numbers, received, next);
  const foundList = findList(connection, numbers, received, { participants, sessions, head });
  const found = writeFound(connection, numbers, startTicks ?? 0n, foundList);
  const digest = editionDigest(headDigest, participants[3] as string | null, sessions[3] as string | null);
  const lacking = lackingBits(
    lackingOf(
      {
        version: next.version,
        startTicks: startTicks ?? undefined,
        head: headBlock(head),
        participantsComplete: completeOf(participants),
        sessionsComplete: completeOf(sessions),
      },
      known,
    ),
  );
  const columns = { head, participants, sessions, found, lacking, receivedMs };
  const { callId } = received;
  const own = { tenantId, callId, edition, version: next.version, digest, call: numbers.call };
  const names = [edition, tenant, callId, numbers.call, next.version, digestColumn(own, columns)];
  connection.run('addEdition', ...names, ...columnsFromHead(columns));
  if (next.isNewest) {
    list(connection, numbers, next.newest, { callId: received.callId, head });
    if (next.newest !== undefined) search.removeKnown(next.newest);
    if (startTicks !== null)
      search.put({
        edition,
        callId: received.callId,
        version: next.version,
        startTicks,
        endTicks: endTicks ?? undefined,
        head: new OpenBlock(headBlock(head)),
        people: [
          peopleOf(connection, numbers, received, participants),
          { blocks: opened(foundList?.blocks ?? []), known: undefined },
        ],
        participants: Number(participants[1]) + Number(found[1]),
        sessions: Number(sessions[1]),
        health: healthOf(connection, numbers, received, sessions),
        incomplete: lacking !== 0,
      });
  }
  return {
    tally: [
      ...tallied(next, [Number(participants[1]), Number(lacking !== 0), Number(found[1])]),
      known.some(({ version }) => version === next.version) ? 0 : 1,
    ],
    startTicks: startTicks ?? undefined,
    endTicks: endTicks ?? undefined,
  };
}

/** An edition that readers are given takes the place of another in the counts; any other only is one more. */
function tallied(
  { newest, isNewest }: NextEdition,
  [participants, incomplete, found]: readonly [number, number, number],
): readonly [number, number, number, number, number] {
  if (!isNewest) return [0, 1, 0, 0, 0];
  if (newest === undefined) return [1, 1, participants, incomplete, found];
  return [
    0,
    1,
    participants - newest.participants,
    incomplete - Number(newest.isLacking),
    found - newest.found,
  ];
}

function completeOf(list: Row): boolean | undefined {
  return list[0] === null ? undefined : Number(list[2]) === 1;
}

function headBlock([, , , , textLength = 0, crc = 0, flags = 0, layout = null, body = null]: Row): Block {
  return blockOf([1, textLength, crc, flags, body, layout]);
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
  const item = listItemOf(headBlock(head), organizerContext(callId));
  const shown = [endTicks, item.before, item.after ?? null, itemCheck(item)];
  connection.run('addListing', tenant, startTicks, call, edition, ...shown);
}

function headColumns(
  connection: Connection,
  { startTicks, endTicks, modifiedTicks, head }: ReceivedCall,
  next: NextEdition,
): Row {
  if (next.head !== 'received') return connection.get('headOf', next.head.edition)!;
  const { digest, value } = head;
  const times = [startTicks ?? null, endTicks ?? null, modifiedTicks ?? null];
  return [...times, digest, value.textLength, value.crc, flagsOf(value), value.layout, value.body];
}

function participantColumns(
  connection: Connection,
  numbers: Numbers,
  { participants }: ReceivedCall,
  { participants: from }: NextEdition,
  start: bigint,
): Row {
  if (from === undefined) return [null, 0, null, null, null];
  const { tenant, edition } = numbers;
  if (from !== 'received') {
    const columns = connection.get('participantsOf', from.edition)!;
    // The list is shared, and is to be found by the start this edition has.
    const list = Number(columns[0]);
    if ((from.startTicks ?? 0n) !== start)
      index(connection, numbers, list, { start, ids: listedIds(connection, tenant, list) });
    return columns;
  }
  const { digest, value } = participants!;
  addBlocks(connection, 'addParticipantBlock', tenant, edition, value.blocks);
  index(connection, numbers, edition, { start, ids: value.ids });
  return [edition, value.ids.length, value.complete ? 1 : 0, digest, value.pages ?? null];
}

/** Makes the participants of a list findable by their ids. */
function index(
  connection: Connection,
  { tenant, call }: Numbers,
  list: number,
  { start, ids }: { readonly start: bigint; readonly ids: readonly string[] },
): void {
  for (const [position, id] of ids.entries())
    connection.run('addParticipant', tenant, id, start, call, list, position);
}

function listedIds(connection: Connection, tenant: number, list: number): readonly string[] {
  return [...blocksOf(connection, 'participantBlock', tenant, list)].flatMap((block) => entityIds(block));
}

function peopleOf(
  connection: Connection,
  { tenant, edition }: Numbers,
  { participants }: ReceivedCall,
  [list = null]: Row,
): PeopleList {
  if (list === null) return { blocks: [], known: undefined };
  if (Number(list) !== edition)
    return {
      blocks: opened(blocksOf(connection, 'participantBlock', tenant, Number(list))),
      known: undefined,
    };
  const { blocks, ids, checks } = participants!.value;
  return { blocks: opened(blocks), known: checks && { ids, checks } };
}

function healthOf(
  connection: Connection,
  { tenant, edition }: Numbers,
  { sessions }: ReceivedCall,
  [list = null]: Row,
): Health {
  if (list === null) return healthy;
  if (Number(list) !== edition)
    return storedHealth(
      blocksOf(connection, 'sessionBlock', tenant, Number(list)),
      blocksOf(connection, 'segmentBlock', tenant, Number(list)),
    );
  const { health, blocks, segments } = sessions!.value;
  return health ?? storedHealth(blocks, segments);
}

/** Whom the sessions of the edition show and its list lacks. */
function findList(
  connection: Connection,
  numbers: Numbers,
  received: ReceivedCall,
  {
    participants,
    sessions,
    head,
  }: { readonly participants: Row; readonly sessions: Row; readonly head: Row },
): FoundList | undefined {
  const { tenant, edition } = numbers;
  const [participantsList, , complete] = participants;
  const [sessionsList] = sessions;
  if (participantsList === null || sessionsList === null) return undefined;
  const list = Number(participantsList);
  const blocks = { [Symbol.iterator]: () => blocksOf(connection, 'participantBlock', tenant, list) };
  const isReceived = list === edition;
  return findParticipants(
    Number(sessionsList) === edition
      ? received.sessions!.value.parties
      : storedParties(blocksOf(connection, 'sessionBlock', tenant, Number(sessionsList))),
    {
      complete: Number(complete) === 1,
      ids: () => (isReceived ? received.participants!.value.ids : listedIds(connection, tenant, list)),
      blocks: isReceived ? received.participants!.value.blocks : blocks,
    },
    headBlock(head),
  );
}

/** Writes them as a list of its own. */
function writeFound(
  connection: Connection,
  numbers: Numbers,
  start: bigint,
  found: FoundList | undefined,
): Row {
  if (found === undefined) return [null, 0];
  const { tenant, edition } = numbers;
  addBlocks(connection, 'addParticipantBlock', tenant, -edition, found.blocks);
  index(connection, numbers, -edition, { start, ids: found.ids });
  return [-edition, found.ids.length];
}

function sessionColumns(
  connection: Connection,
  { tenant, edition }: Numbers,
  { sessions }: ReceivedCall,
  { sessions: from }: NextEdition,
): Row {
  if (from === undefined) return [null, 0, null, null, null];
  if (from !== 'received') return connection.get('sessionsOf', from.edition)!;
  const { digest, value } = sessions!;
  addBlocks(connection, 'addSessionBlock', tenant, edition, value.blocks);
  addBlocks(connection, 'addSegmentBlock', tenant, edition, value.segments);
  for (const [position, id] of value.ids.entries())
    connection.run('addSession', tenant, edition, id, position);
  return [edition, value.ids.length, value.complete ? 1 : 0, digest, value.pages ?? null];
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
