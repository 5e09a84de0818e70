/** Reads calls of a PostgreSQL store with all blocks of their editions. */
import { otherKeysOf } from '../../contract/ids.ts';
import type { Block } from '../../wire/text/block.ts';
import type { Health } from '../../wire/text/session-health.ts';
import { newestOf } from '../edition-places.ts';
import { healthOfFlags } from '../indexed-edition.ts';
import type { KnownEdition, NextEdition } from '../next-edition.ts';
import { blockOf, knownEditionOf, type Row } from '../rows.ts';
import type { Edition, StoredList } from '../edition.ts';
import type { ReceivedCall } from '../received-call.ts';
import type { TransferredCall } from '../transfer.ts';
import { type BlockTable, blocksByList, type Lists, transferredCall } from '../transferred-call.ts';
import { type EditionRow, editionRowOf } from '../edition-row.ts';
import { isShared, sharedBy, type SharedEdition } from '../edition-decisions.ts';
import type { StatementRunner } from './connection.ts';
import { editionFrom } from './edition-text.ts';
import { idOf, keyName, keyOf } from './keys.ts';

/** The tenant that the calls belong to. */
interface Tenant {
  readonly tenantId: string;
  readonly tenantNo: number;
}

export async function readCalls(
  session: StatementRunner,
  { tenantId, tenantNo }: Tenant,
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

/** Reads the edition whose parts the next one shares. */
export async function readShared(
  session: StatementRunner,
  { tenantId, tenantNo }: Tenant,
  callId: string,
  next: NextEdition,
): Promise<SharedEdition | undefined> {
  const from = sharedBy(next);
  if (from === undefined) return undefined;
  const key = keyOf(callId);
  const columns = (await session.get('editionWhole', tenantNo, key, from.version, from.edition))!; // the edition exists
  const row = editionRowOf(editionFrom(tenantId, callId, columns[0]), columns, 1);
  const blocks = async (statement: BlockStatement, list: StoredList | undefined) =>
    list === undefined ? [] : readBlocks(session, statement, [tenantNo, key, list.list]);
  const participants = isShared(next.participants) ? row.edition.participants : undefined;
  const sessions = isShared(next.sessions) ? row.edition.sessions : undefined;
  return {
    ...row,
    participants: await blocks('participantBlock', participants),
    sessions: await blocks('sessionBlock', sessions),
    segments: await blocks('segmentBlock', sessions),
  };
}

type BlockStatement = 'participantBlock' | 'sessionBlock' | 'segmentBlock';

async function readBlocks(
  session: StatementRunner,
  statement: BlockStatement,
  list: readonly [tenantNo: number, key: Buffer, list: number],
): Promise<readonly Block[]> {
  const blocks: Block[] = [];
  for (let row: Row | undefined; (row = await session.get(statement, ...list, blocks.length));)
    blocks.push(blockOf(row));
  return blocks;
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
