/** Calls of a SQLite store as they are carried to another, and back. */
import { organizerContext } from '../../odata/context-url.ts';
import type { Block } from '../../text/block.ts';
import { entityIds } from '../../text/open-block.ts';
import { type ListItem, listItemOf } from '../../text/list-item.ts';
import { editionColumns, type EditionPlace, firstPlaces, placesOf } from '../edition-places.ts';
import { healthOfFlags } from '../indexed-edition.ts';
import { editionOf, editionWidth, flagsOf, type Row } from '../rows.ts';
import type { Edition } from '../store.ts';
import type { Health } from '../../text/session-health.ts';
import type { EditionContent, TransferredCall, Wanted } from '../transfer.ts';
import {
  type BlockTable,
  blocksByList,
  callRowsOf,
  type EditionRow,
  editionRowOf,
  listsOf,
  transferredCall,
} from '../transferred-call.ts';
import type { Connection } from './connection.ts';
import { docsOfSecond } from './doc-numbers.ts';
import { itemCheck } from './list-items.ts';
import { askedTogether } from './transfer-statements.ts';

export function readCalls(
  connection: Connection,
  { tenantId, tenant }: { readonly tenantId: string; readonly tenant: number },
  callIds: readonly string[],
  wanted: Wanted,
): readonly TransferredCall[] {
  const found = new Map<string, EditionRow[]>(callIds.map((callId) => [callId, []]));
  for (const row of together(connection, 'editionsOfCalls', tenant, callIds)) {
    const callId = row[28] as string;
    found.get(callId)!.push(editionRowOf(editionOf(tenantId, callId, row), row, editionWidth));
  }
  const calls = [...found].map(([callId, rows]) => callRowsOf(callId, rows, wanted));
  const { participants, sessions } = listsOf(calls);
  const blocks = (table: BlockTable, lists: readonly number[]) =>
    blocksByList(together(connection, table, tenant, lists));
  const lists = {
    participantBlocks: blocks('participantBlocks', participants),
    sessionBlocks: blocks('sessionBlocks', sessions),
    segmentBlocks: blocks('segmentBlocks', sessions),
  };
  const health = readHealth(
    connection,
    tenant,
    calls.map(({ newest }) => newest),
  );
  return calls.map((call) => transferredCall(call, lists, health));
}

/** Rows of as many as there are, some being asked for together. */
function together(
  connection: Connection,
  statement: 'editionsOfCalls' | BlockTable,
  tenant: number,
  asked: readonly (string | number)[],
): readonly Row[] {
  const rows: Row[] = [];
  for (let first = 0; first < asked.length; first += askedTogether) {
    const some = asked.slice(first, first + askedTogether);
    const rest = Array<null>(askedTogether - some.length).fill(null); // equal to nothing
    rows.push(...connection.all(statement, tenant, ...some, ...rest));
  }
  return rows;
}

/** By the number of the edition, of those that are indexed. */
function readHealth(
  connection: Connection,
  tenant: number,
  editions: readonly (Edition | undefined)[],
): ReadonlyMap<number, Health> {
  const places = editions.flatMap((one) => {
    if (one?.startTicks === undefined) return [];
    const { first, last } = docsOfSecond(tenant, one.startTicks);
    return [`[${first},${last},${one.edition}]`];
  });
  const rows = places.length === 0 ? [] : connection.all('flagsOfEditions', `[${places.join()}]`);
  return new Map(rows.map(([edition, flags]) => [Number(edition), healthOfFlags(Number(flags))]));
}

/** Within a transaction. @returns What it adds to the counts, in the order of the tally's columns */
export function putCall(
  connection: Connection,
  tenant: number,
  { callId, editions, contents }: TransferredCall,
): readonly number[] {
  const tally = [0, 0, 0, 0, 0, 0];
  for (const place of placesOf(editions)) {
    const content = contents.get(place.edition.edition);
    if (content === undefined) continue;
    putEdition(connection, tenant, callId, place, content);
    for (const [column, value] of place.tally.entries()) tally[column]! += value;
  }
  return tally;
}

function putEdition(
  connection: Connection,
  tenant: number,
  callId: string,
  place: EditionPlace,
  content: EditionContent,
): void {
  const { edition, before, isNewest } = place;
  const { edition: number, call, startTicks, endTicks, participants, sessions, found } = edition;
  connection.run('addEdition', number, tenant, callId, call, ...editionColumns(edition, content));
  if (isNewest && before?.startTicks !== undefined)
    connection.run('endListing', number, tenant, before.startTicks, call, before.edition);
  if (isNewest && startTicks !== undefined) {
    const item = listItemOf(content.head, organizerContext(callId));
    const shown = [endTicks ?? null, item.before, item.after ?? null, itemCheck(item)];
    connection.run('addListing', tenant, startTicks, call, number, ...shown);
  }
  const add = (
    statement: 'addParticipantBlock' | 'addSessionBlock' | 'addSegmentBlock',
    list: number,
    blocks: readonly Block[],
  ) => {
    for (const [no, block] of blocks.entries()) {
      const { count, textLength, crc, body, layout } = block;
      connection.run(statement, tenant, list, no, count, textLength, crc, flagsOf(block), body, layout);
    }
  };
  const index = (list: number, blocks: readonly Block[]) => {
    for (const [id, position] of firstPlaces(blocks.flatMap((block) => entityIds(block))))
      connection.run('addParticipant', tenant, id, startTicks ?? 0n, call, list, position);
  };
  if (content.participants !== undefined && participants !== undefined) {
    if (participants.list === number) add('addParticipantBlock', number, content.participants);
    index(participants.list, content.participants);
  }
  if (content.found !== undefined && found !== undefined) {
    add('addParticipantBlock', found.list, content.found);
    index(found.list, content.found);
  }
  if (content.sessions !== undefined && sessions !== undefined) {
    const { blocks, segments } = content.sessions;
    add('addSessionBlock', number, blocks);
    add('addSegmentBlock', number, segments);
    for (const [id, position] of firstPlaces(blocks.flatMap((block) => entityIds(block))))
      connection.run('addSession', tenant, number, id, position);
  }
}

/** Ids of those calls that are not listed, or not found by what is in them, as their editions say. */
export function misplacedCalls(
  connection: Connection,
  tenant: number,
  calls: readonly TransferredCall[],
): readonly string[] {
  return calls.filter((call) => !isFoundAsStored(connection, tenant, call)).map(({ callId }) => callId);
}

/** True when the call is listed, and its participants and sessions are found, as its editions say. */
function isFoundAsStored(
  connection: Connection,
  tenant: number,
  { callId, editions, contents }: TransferredCall,
): boolean {
  return placesOf(editions).every((place) => {
    const content = contents.get(place.edition.edition);
    if (content === undefined) return true;
    const { startTicks = 0n, call, edition, participants, found } = place.edition;
    const areFound = (list: number | undefined, blocks: readonly Block[] = []) =>
      [...firstPlaces(blocks.flatMap((block) => entityIds(block)))].every(([id, position]) => {
        const row = connection.get('participantIndex', tenant, id, startTicks, call, list ?? 0);
        return row?.[0] === position;
      });
    const isListed = isListedAsStored(connection, tenant, callId, place, content);
    if (!isListed || !areFound(participants?.list, content.participants)) return false;
    if (!areFound(found?.list, content.found)) return false;
    if (content.sessions === undefined) return true;
    const places = firstPlaces(content.sessions.blocks.flatMap((block) => entityIds(block)));
    const rows = connection.all('sessionsOfList', tenant, edition);
    return rows.length === places.size && rows.every(([id, at]) => places.get(id as string) === at);
  });
}

function isListedAsStored(
  connection: Connection,
  tenant: number,
  callId: string,
  { edition, isNewest, until }: EditionPlace,
  { head }: EditionContent,
): boolean {
  const { startTicks, endTicks, call, edition: number } = edition;
  if (!isNewest || startTicks === undefined) return true; // it is not in the list
  const row = connection.get('listingOf', tenant, startTicks, call, number);
  if (row === undefined) return false;
  const isWritten = (item: ListItem) =>
    // Releases before the checksum stored none.
    (row[4] === null || Number(row[4]) === itemCheck(item)) &&
    item.before.equals(row[2] as Uint8Array) &&
    (item.after?.equals((row[3] as Uint8Array | null) ?? Buffer.alloc(0)) ?? row[3] === null);
  const context = organizerContext(callId);
  return (
    Number(row[0] ?? 0) === (until ?? 0) &&
    (row[1] ?? undefined) === endTicks &&
    (isWritten(listItemOf(head, context)) || (!head.sealed && isWritten(listItemOf(head, context, true))))
  );
}
