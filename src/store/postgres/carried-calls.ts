/** Calls of a PostgreSQL store as they are carried to another. */
import type { Health } from '../../text/session-health.ts';
import { healthOfFlags } from '../indexed-edition.ts';
import type { Edition } from '../store.ts';
import type { TransferredCall, Wanted } from '../transfer.ts';
import {
  type BlockTable,
  blocksByList,
  callRowsOf,
  type EditionRow,
  editionRowOf,
  type Lists,
  transferredCall,
} from '../transferred-call.ts';
import type { Session } from './connection.ts';
import { editionFrom } from './edition-text.ts';
import { keyName, keyOf } from './keys.ts';

export async function readCalls(
  session: Session,
  { tenantId, tenantNo }: { readonly tenantId: string; readonly tenantNo: number },
  callIds: readonly string[],
  wanted: Wanted,
): Promise<readonly TransferredCall[]> {
  const idOfKey = new Map(callIds.map((callId) => [keyName(keyOf(callId)), callId]));
  const found = new Map<string, EditionRow[]>(callIds.map((callId) => [callId, []]));
  for (const row of await session.all('editionsOfCalls', tenantNo, [...callIds].map(keyOf), wanted.upTo)) {
    const callId = idOfKey.get(keyName(row[10]))!; // it was asked for
    found.get(callId)!.push(editionRowOf(editionFrom(tenantId, callId, row[0]), row, 1));
  }
  const calls = [...found].map(([callId, rows]) => callRowsOf(callId, rows, wanted));
  // Blocks are read of calls that have something to carry.
  const carried = calls.filter((call) => call.wanted.length > 0);
  const keys = carried.map(({ callId }) => keyOf(callId));
  const lists = await readLists(session, tenantNo, keys);
  const newest = carried.map((call) => call.newest);
  const health = await readHealth(session, tenantNo, newest);
  return calls.map((call) => transferredCall(call, lists, health));
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

async function readLists(session: Session, tenantNo: number, callKeys: readonly Buffer[]): Promise<Lists> {
  const of = async (table: BlockTable) =>
    blocksByList(callKeys.length === 0 ? [] : await session.all(table, tenantNo, callKeys));
  const [participantBlocks, sessionBlocks, segmentBlocks] = await Promise.all([
    of('participantBlocks'),
    of('sessionBlocks'),
    of('segmentBlocks'),
  ]);
  return { participantBlocks, sessionBlocks, segmentBlocks };
}
