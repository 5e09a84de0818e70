/** Calls of a PostgreSQL store as they are carried to another, and back: several at once. */
import type { Block } from '../../text/block.ts';
import type { Health } from '../../text/session-health.ts';
import { carriedLists, type EditionPlace, newestOf, placesOf } from '../edition-places.ts';
import { healthOfFlags } from '../indexed-edition.ts';
import { blockOf, type Row } from '../rows.ts';
import type { Edition } from '../store.ts';
import type { EditionContent, TransferredCall, Wanted } from '../transfer.ts';
import type { Session } from './connection.ts';
import { editionFrom } from './edition-text.ts';
import { keyName, keyOf } from './keys.ts';

export async function readCalls(
  session: Session,
  { tenantId, tenantNo }: { readonly tenantId: string; readonly tenantNo: number },
  callIds: readonly string[],
  { upTo, without }: Wanted,
): Promise<readonly TransferredCall[]> {
  const idOfKey = new Map(callIds.map((callId) => [keyName(keyOf(callId)), callId]));
  const found = new Map<string, { editions: Edition[]; rows: Map<number, Row> }>();
  for (const row of await session.all('editionsOfCalls', tenantNo, [...callIds].map(keyOf), upTo)) {
    const callId = idOfKey.get(keyName(row[10]))!; // it was asked for
    const ofCall = found.get(callId) ?? { editions: [], rows: new Map<number, Row>() };
    found.set(callId, ofCall);
    const edition = editionFrom(tenantId, callId, row[0]);
    ofCall.editions.push(edition);
    if (!without.has(edition.edition)) ofCall.rows.set(edition.edition, row);
  }
  // Blocks are read of calls that have something to carry.
  const wanted = callIds.filter((callId) => (found.get(callId)?.rows.size ?? 0) > 0);
  const blocks = await readBlocks(session, tenantNo, wanted);
  const newest = new Map(wanted.map((callId) => [callId, newestOf(found.get(callId)?.editions ?? [])]));
  const health = await readHealth(session, tenantNo, [...newest.values()]);
  return callIds.map((callId) => {
    const { editions, rows } = found.get(callId) ?? { editions: [], rows: new Map<number, Row>() };
    const contents = new Map<number, EditionContent>();
    for (const place of placesOf(editions)) {
      const row = rows.get(place.edition.edition);
      if (row !== undefined) contents.set(place.edition.edition, contentOf(row, place, callId, blocks));
    }
    return { callId, editions, contents, health: health.get(newest.get(callId)?.edition ?? 0) };
  });
}

/** By the number of the edition, of those that are indexed. */
async function readHealth(
  session: Session,
  tenantNo: number,
  editions: readonly (Edition | undefined)[],
): Promise<ReadonlyMap<number, Health>> {
  const places = editions.flatMap((one) =>
    one?.startTicks === undefined ? [] : [{ start: one.startTicks, call: one.call }],
  );
  if (places.length === 0) return new Map();
  const starts = places.map(({ start }) => start);
  const calls = places.map(({ call }) => call);
  const rows = await session.all('flagsOfCalls', tenantNo, starts, calls);
  return new Map(rows.map(([edition, flags]) => [Number(edition), healthOfFlags(Number(flags))]));
}

type BlockTable = 'participantBlocks' | 'sessionBlocks' | 'segmentBlocks';
/** Blocks of lists, by the key of their call and the number of the list. */
type Lists = Readonly<Record<BlockTable, ReadonlyMap<string, readonly Block[]>>>;

async function readBlocks(session: Session, tenantNo: number, callIds: readonly string[]): Promise<Lists> {
  const keys = callIds.map(keyOf);
  const of = async (table: BlockTable) => {
    const lists = new Map<string, Block[]>();
    if (keys.length === 0) return lists;
    for (const row of await session.all(table, tenantNo, keys)) {
      const name = listName(row[0], row[1]);
      const list = lists.get(name) ?? [];
      lists.set(name, list);
      list.push(blockOf(row, 2));
    }
    return lists;
  };
  const [participantBlocks, sessionBlocks, segmentBlocks] = await Promise.all([
    of('participantBlocks'),
    of('sessionBlocks'),
    of('segmentBlocks'),
  ]);
  return { participantBlocks, sessionBlocks, segmentBlocks };
}

function contentOf(row: Row, place: EditionPlace, callId: string, lists: Lists): EditionContent {
  const { participants, sessions, found } = carriedLists(place);
  const blocks = (table: BlockTable, list: number) => lists[table].get(listName(keyOf(callId), list)) ?? [];
  const listed = (list: number | undefined) =>
    list === undefined ? undefined : blocks('participantBlocks', list);
  return {
    headDigest: row[1] as string,
    participantsDigest: (row[2] as string | null) ?? undefined,
    sessionsDigest: (row[3] as string | null) ?? undefined,
    head: blockOf(row, 4),
    participants: listed(participants),
    sessions:
      sessions === undefined
        ? undefined
        : { blocks: blocks('sessionBlocks', sessions), segments: blocks('segmentBlocks', sessions) },
    found: listed(found),
  };
}

/** A list of a call, by the call's key. */
export function listName(key: Row[number] | undefined, list: Row[number] | undefined): string {
  return `${keyName(key)} ${String(list)}`;
}
