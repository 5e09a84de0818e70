/** Reads calls of a PostgreSQL store with all blocks of their editions. */
import { otherKeysOf } from '../../contract/ids.ts';
import type { Health } from '../../wire/text/session-health.ts';
import { newestOf } from '../edition-places.ts';
import { healthOfFlags } from '../indexed-edition.ts';
import type { KnownEdition } from '../next-edition.ts';
import { knownEditionOf, type Row } from '../rows.ts';
import type { Edition } from '../edition.ts';
import type { ReceivedCall } from '../received-call.ts';
import type { TransferredCall } from '../transfer.ts';
import { type BlockTable, blocksByList, type Lists, transferredCall } from '../transferred-call.ts';
import { type EditionRow, editionRowOf } from '../edition-row.ts';
import type { StoredTenant } from '../shared-edition.ts';
import type { StatementRunner } from './connection.ts';
import { editionFrom } from './edition-text.ts';
import { idOf, keyName, keyOf } from './keys.ts';

export async function readCalls(
  session: StatementRunner,
  { tenantId, tenantNo }: StoredTenant,
  callIds: readonly string[],
): Promise<readonly TransferredCall[]> {
  const keys = callIds.map(keyOf);
  const idOfKey = new Map(callIds.map((callId, i) => [keyName(keys[i]!), callId]));
  const found = new Map<string, EditionRow[]>(callIds.map((callId) => [callId, []]));
  for (const row of await session.all('editionsOfCalls', tenantNo, keys)) {
    const callId = idOfKey.get(keyName(row[10]))!; // it is one of the requested ids
    found.get(callId)!.push(editionRowOf(editionFrom(tenantId, callId, row[0]), row, 1));
  }
  const newest = [...found.values()].map((rows) => newestOf(rows.map(({ edition }) => edition)));
  const [lists, health] = [
    await readLists(session, tenantNo, keys),
    await readHealth(session, tenantNo, newest),
  ];
  return [...found].map(([callId, rows]) => transferredCall(callId, rows, lists, health));
}

/** Returns the stored editions of calls, by the id that their rows are stored under. */
export async function readKnown(
  session: StatementRunner,
  tenantNo: number,
  calls: readonly Pick<ReceivedCall, 'callId'>[],
): Promise<ReadonlyMap<string, readonly KnownEdition[]>> {
  const ids = calls.flatMap(({ callId }) => [callId, ...otherKeysOf(callId)]);
  const rows: readonly Row[] = await session.all('knownEditions', tenantNo, ids.map(keyOf));
  const known = new Map<string, KnownEdition[]>();
  for (const row of rows) {
    const callId = idOf(row[11] as Buffer, (row[12] as Buffer | null) ?? null);
    const ofCall = known.get(callId) ?? [];
    ofCall.push(knownEditionOf(row));
    known.set(callId, ofCall);
  }
  return known;
}

async function readLists(
  session: StatementRunner,
  tenantNo: number,
  callKeys: readonly Buffer[],
): Promise<Lists> {
  const of = async (table: BlockTable) => blocksByList(await session.all(table, tenantNo, callKeys));
  const [participantBlocks, sessionBlocks, segmentBlocks] = await Promise.all([
    of('participantBlocks'),
    of('sessionBlocks'),
    of('segmentBlocks'),
  ]);
  return { participantBlocks, sessionBlocks, segmentBlocks };
}

/** Returns health by edition number, for the editions that are indexed. */
async function readHealth(
  session: StatementRunner,
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
  return new Map(
    rows.map(([edition, flags, failures]) => [Number(edition), healthOfFlags(Number(flags), failures)]),
  );
}
