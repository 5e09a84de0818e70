/** Compares the list of calls and the indexes of a PostgreSQL store with the stored calls. */
import { canonicalId } from '../../contract/ids.ts';
import { OpenBlocks } from '../../wire/text/open-block.ts';
import { idAsReceived } from '../edition-places.ts';
import type { Row } from '../rows.ts';
import type { TransferredCall } from '../transfer.ts';
import { transferredEditions, type WrittenEdition } from '../edition-decisions.ts';
import { keyOrNone, listingRow, participantRows } from './add-editions.ts';
import type { StatementRunner } from './connection.ts';
import { keyName, keyOf } from './keys.ts';

/** A call, with the rows that its indexes should have. */
interface ExpectedCall {
  readonly callId: string;
  readonly editions: readonly WrittenEdition[];
}

/** Returns the ids of the calls whose index rows do not match their editions. */
export async function indexMismatches(
  session: StatementRunner,
  tenantNo: number,
  calls: readonly TransferredCall[],
): Promise<readonly string[]> {
  const expected = calls.map((call) => ({
    callId: call.callId,
    editions: transferredEditions(call, new Set(), new OpenBlocks()),
  }));
  const misplaced = await Promise.all([
    misplacedInList(session, tenantNo, expected),
    misplacedBySessions(session, tenantNo, expected),
    misplacedByParticipants(session, tenantNo, expected),
  ]);
  return [...new Set(misplaced.flat())];
}

/** Participants are indexed under canonical ids; earlier releases indexed them under the ids that they received. */
async function misplacedByParticipants(
  session: StatementRunner,
  tenantNo: number,
  calls: readonly ExpectedCall[],
): Promise<readonly string[]> {
  const odd = new Set(await misplacedByKeys(session, tenantNo, calls, canonicalId));
  if (odd.size === 0) return [];
  const rest = calls.filter(({ callId }) => odd.has(callId));
  return misplacedByKeys(session, tenantNo, rest, idAsReceived);
}

async function misplacedInList(
  session: StatementRunner,
  tenantNo: number,
  calls: readonly ExpectedCall[],
): Promise<readonly string[]> {
  const numbers = calls.flatMap(({ editions: [first] }) => (first ? [BigInt(first.edition.call)] : []));
  const rows = await session.all('listingsOfCalls', tenantNo, numbers);
  const listed = new Map(rows.map((row) => [Number(row[1]), rowName(row)]));
  return idsOf(calls, ({ editions }) =>
    editions.every((written) => {
      const [, start, number, edition, ...shown] = listingRow(tenantNo, written) as Row; // the row has no arrays
      // In the order of the statement's columns.
      return listed.get(written.edition.edition) === rowName([number!, edition!, start!, ...shown]);
    }),
  );
}

async function misplacedBySessions(
  session: StatementRunner,
  tenantNo: number,
  calls: readonly ExpectedCall[],
): Promise<readonly string[]> {
  const keys = new Map<number, string>();
  const callKeys = calls.map(({ callId }) => keyOf(callId));
  for (const [no, ofBlock] of await session.all('sessionKeys', tenantNo, callKeys)) {
    const list = Number(no);
    keys.set(list, (keys.get(list) ?? '') + keysName(ofBlock as unknown as readonly (Uint8Array | null)[])); // the column is an array of bytea
  }
  return idsOf(calls, ({ editions }) =>
    editions.every(
      ({ sessions }) =>
        sessions === undefined ||
        [canonicalId, idAsReceived].some((idKeyOf) => {
          const expected = sessions.ids.map((id) => keyOrNone(id && idKeyOf(id)));
          return (keys.get(sessions.list) ?? '') === keysName(expected);
        }),
    ),
  );
}

async function misplacedByKeys(
  session: StatementRunner,
  tenantNo: number,
  calls: readonly ExpectedCall[],
  idKeyOf: (id: string) => string,
): Promise<readonly string[]> {
  const places = calls.flatMap(({ editions }, owner) =>
    editions.flatMap((written) =>
      [...participantRows(tenantNo, written, idKeyOf)].map((row) => ({ row, owner })),
    ),
  );
  const rows = await session.all(
    'placedParticipants',
    tenantNo,
    places.map(({ row }) => row[1]),
    places.map(({ row }) => row[2]),
    ...([3, 4, 5] as const).map((column) => places.map(({ row }) => BigInt(row[column]))),
    places.map(({ owner }) => BigInt(owner)),
  );
  const placed = new Map(rows.map(([owner, count]) => [Number(owner), Number(count)]));
  const expected = new Map<number, number>();
  for (const { owner } of places) expected.set(owner, (expected.get(owner) ?? 0) + 1);
  return idsOf(calls, (_, owner) => (placed.get(owner) ?? 0) === (expected.get(owner) ?? 0));
}

/** Returns the ids of the calls with a mismatch. */
function idsOf(
  calls: readonly ExpectedCall[],
  isAsStored: (call: ExpectedCall, i: number) => boolean,
): readonly string[] {
  return calls.filter((call, i) => !isAsStored(call, i)).map(({ callId }) => callId);
}

function rowName(row: Row): string {
  return row.map((value) => (value instanceof Uint8Array ? keyName(value) : String(value))).join(' ');
}

function keysName(keys: readonly (Uint8Array | null)[]): string {
  return keys.map((key) => `${key === null ? '' : keyName(key)} `).join('');
}
