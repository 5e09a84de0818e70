/** Calls of a PostgreSQL store as they are carried to another, and back: several at once. */
import { type Block, entityIds } from '../../text/block.ts';
import type { Health } from '../../text/session-health.ts';
import {
  carriedLists,
  editionColumns,
  type EditionPlace,
  firstPlaces,
  newestOf,
  placesOf,
} from '../edition-places.ts';
import { healthOfFlags } from '../indexed-edition.ts';
import { blockOf, flagsOf, type Row } from '../rows.ts';
import type { Edition } from '../store.ts';
import type { EditionContent, TransferredCall, Wanted } from '../transfer.ts';
import { noStart } from './add-editions.ts';
import type { Session, Transaction } from './connection.ts';
import type { CopyValue } from './copy-format.ts';
import { editionFrom } from './edition-text.ts';
import { keyName, keyOf, longIdOf } from './keys.ts';
import { copied, type CopiedTable } from './statements.ts';

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

/** @returns What they add to the counts, in the order of the tally's columns, and the largest number among them */
export async function putCalls(
  transaction: Transaction,
  tenantNo: number,
  calls: readonly TransferredCall[],
): Promise<{ readonly tally: readonly number[]; readonly last: number }> {
  const rows = Object.fromEntries(Object.keys(copied).map((table) => [table, []])) as unknown as Rows; // every table
  const tally = [0, 0, 0, 0, 0, 0];
  let last = 0;
  for (const { editions, contents } of calls) {
    for (const place of placesOf(editions)) {
      const { edition, before, isNewest } = place;
      const content = contents.get(edition.edition);
      if (content === undefined) continue;
      gather(rows, tenantNo, place, content);
      for (const [column, value] of place.tally.entries()) tally[column]! += value;
      last = Math.max(last, edition.edition);
      // What it takes the place of is there already, unless it is carried with it.
      if (isNewest && before !== undefined && !contents.has(before.edition))
        await transaction.run(
          'endListing',
          edition.edition,
          ...[tenantNo, before.startTicks ?? noStart, before.call, before.edition],
        );
    }
  }
  for (const [table, added] of Object.entries(rows)) await transaction.add(table as CopiedTable, added); // its own keys
  return { tally, last };
}

type Rows = Readonly<Record<CopiedTable, (readonly CopyValue[])[]>>;

function gather(rows: Rows, tenantNo: number, place: EditionPlace, content: EditionContent): void {
  const { edition } = place;
  const { callId, edition: number, call, participants, sessions, found } = edition;
  const key = keyOf(callId);
  rows.edition.push([number, tenantNo, key, longIdOf(callId), call, ...editionColumns(edition, content)]);
  rows.listing.push(listingRow(tenantNo, place, content));
  const add = (
    table: 'participant_block' | 'session_block' | 'segment_block',
    list: number,
    blocks: readonly Block[],
    more: (block: Block) => readonly CopyValue[] = () => [],
  ) => {
    for (const [no, block] of blocks.entries()) {
      const { count, textLength, crc, body, layout } = block;
      const columns = [count, textLength, crc, flagsOf(block), body, layout];
      rows[table].push([tenantNo, key, list, no, ...columns, ...more(block)]);
    }
  };
  if (participants?.list === number) add('participant_block', number, content.participants ?? []);
  if (found !== undefined) add('participant_block', found.list, content.found ?? []);
  if (sessions?.list === number) {
    const { blocks = [], segments = [] } = content.sessions ?? {};
    add('session_block', number, blocks, (block) => [entityIds(block).map(keyOf)]);
    add('segment_block', number, segments);
  }
  for (const { participantKey, start, list, position } of participantPlaces(place, content))
    rows.participant.push([tenantNo, participantKey, start, call, list, position]);
}

/** Every edition is in the listing, whether it was ever the newest or not. */
export function listingRow(
  tenantNo: number,
  { edition, until }: EditionPlace,
  { head }: EditionContent,
): readonly CopyValue[] {
  const { callId, call, version, receivedMs, participants, found, startTicks, endTicks, modifiedTicks } =
    edition;
  return [
    ...[tenantNo, startTicks ?? noStart, call, edition.edition, until ?? null],
    ...[keyOf(callId), longIdOf(callId), version, receivedMs ?? null],
    ...[participants?.list ?? null, participants?.count ?? 0, found?.list ?? null],
    ...[endTicks ?? null, modifiedTicks ?? null],
    ...[head.textLength, head.crc, flagsOf(head), head.layout, head.body],
  ];
}

/** Where the participants of an edition are to be found that no edition before it made findable. */
export function* participantPlaces({ edition }: EditionPlace, content: EditionContent) {
  const { participants, found, startTicks: start = 0n } = edition;
  for (const [list, blocks] of [
    [participants?.list, content.participants],
    [found?.list, content.found],
  ] as const) {
    if (list === undefined || blocks === undefined) continue;
    for (const [id, position] of firstPlaces(blocks.flatMap((block) => entityIds(block))))
      yield { participantKey: keyOf(id), start, list, position };
  }
}

/** A list of a call, by the call's key. */
export function listName(key: Row[number] | undefined, list: Row[number] | undefined): string {
  return `${keyName(key)} ${String(list)}`;
}
