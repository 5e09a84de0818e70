/** Reads calls of a SQLite store with all blocks of their editions. */
import type { Health } from '../../wire/text/session-health.ts';
import { newestOf } from '../edition-places.ts';
import { healthOfFlags } from '../indexed-edition.ts';
import { editionOf, editionWidth, type Row } from '../rows.ts';
import type { Edition } from '../edition.ts';
import type { TransferredCall } from '../transfer.ts';
import { type BlockTable, blocksByList, type Lists, listsOf, transferredCall } from '../transferred-call.ts';
import { type EditionRow, editionRowOf } from '../edition-row.ts';
import type { StoredTenant } from '../shared-edition.ts';
import type { Connection } from './connection.ts';
import { docsOfSecond } from './doc-numbers.ts';
import { askedTogether } from './transfer-statements.ts';

export function readCalls(
  connection: Connection,
  { tenantId, tenantNo: tenant }: StoredTenant,
  callIds: readonly string[],
): readonly TransferredCall[] {
  const found = new Map<string, EditionRow[]>(callIds.map((callId) => [callId, []]));
  for (const row of readBatched(connection, 'editionsOfCalls', tenant, callIds)) {
    const callId = row[editionWidth + 9] as string;
    found.get(callId)!.push(editionRowOf(editionOf(tenantId, callId, row), row, editionWidth));
  }
  const lists = readLists(connection, tenant, listsOf([...found.values()].flat()));
  const newest = [...found.values()].map((rows) => newestOf(rows.map(({ edition }) => edition)));
  const health = readHealth(connection, tenant, newest);
  return [...found].map(([callId, rows]) => transferredCall(callId, rows, lists, health));
}

function readLists(
  connection: Connection,
  tenant: number,
  { participants, sessions }: ReturnType<typeof listsOf>,
): Lists {
  const blocks = (table: BlockTable, lists: readonly number[]) =>
    blocksByList(readBatched(connection, table, tenant, lists));
  return {
    participantBlocks: blocks('participantBlocks', participants),
    sessionBlocks: blocks('sessionBlocks', sessions),
    segmentBlocks: blocks('segmentBlocks', sessions),
  };
}

/** Returns the rows for all values, by queries for several values at a time. */
function readBatched(
  connection: Connection,
  statement: 'editionsOfCalls' | BlockTable,
  tenant: number,
  asked: readonly (string | number)[],
): readonly Row[] {
  const rows: Row[] = [];
  for (let first = 0; first < asked.length; first += askedTogether) {
    const some = asked.slice(first, first + askedTogether);
    const rest = Array<null>(askedTogether - some.length).fill(null); // null matches no row
    rows.push(...connection.all(statement, tenant, ...some, ...rest));
  }
  return rows;
}

/** Returns health by edition number, for the editions that are indexed. */
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
  return new Map(
    rows.map(([edition, flags, failures]) => [Number(edition), healthOfFlags(Number(flags), failures)]),
  );
}
