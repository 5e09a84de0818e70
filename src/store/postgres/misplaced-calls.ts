/** Holds the list of calls and the indexes of a PostgreSQL store against what calls have in them. */
import { entityIds, OpenBlocks } from '../../text/open-block.ts';
import { placesOf } from '../edition-places.ts';
import type { Row } from '../rows.ts';
import type { TransferredCall } from '../transfer.ts';
import { listingRow, participantPlaces } from './carried-rows.ts';
import type { Session } from './connection.ts';
import { keyName, keyOf } from './keys.ts';

/** Ids of those calls that are not listed, or not found by what is in them, as their editions say. */
export async function misplacedCalls(
  session: Session,
  tenantNo: number,
  calls: readonly TransferredCall[],
): Promise<readonly string[]> {
  const misplaced = await Promise.all([
    misplacedInList(session, tenantNo, calls),
    misplacedBySessions(session, tenantNo, calls),
    misplacedByParticipants(session, tenantNo, calls),
  ]);
  return [...new Set(misplaced.flat())];
}

async function misplacedInList(
  session: Session,
  tenantNo: number,
  calls: readonly TransferredCall[],
): Promise<readonly string[]> {
  const numbers = calls.flatMap(({ editions: [first] }) => (first === undefined ? [] : [BigInt(first.call)]));
  const rows = await session.all('listingsOfCalls', tenantNo, numbers);
  const listed = new Map(rows.map((row) => [Number(row[1]), rowName(row)]));
  return idsOf(calls, (call) =>
    contentsOf(call).every(({ place, content }) => {
      const [, start, number, edition, ...shown] = listingRow(tenantNo, place, content) as Row; // no arrays in it
      // As the statement orders them.
      return listed.get(place.edition.edition) === rowName([number!, edition!, start!, ...shown]);
    }),
  );
}

async function misplacedBySessions(
  session: Session,
  tenantNo: number,
  calls: readonly TransferredCall[],
): Promise<readonly string[]> {
  const keys = new Map<number, string>();
  const callKeys = calls.map(({ callId }) => keyOf(callId));
  for (const [no, ofBlock] of await session.all('sessionKeys', tenantNo, callKeys)) {
    const list = Number(no);
    keys.set(list, (keys.get(list) ?? '') + keysName(ofBlock as unknown as readonly Uint8Array[])); // an array of bytea
  }
  return idsOf(calls, (call) =>
    contentsOf(call).every(({ place, content }) => {
      if (content.sessions === undefined) return true;
      const ids = content.sessions.blocks.flatMap((block) => entityIds(block));
      return (keys.get(place.edition.edition) ?? '') === keysName(ids.map(keyOf));
    }),
  );
}

async function misplacedByParticipants(
  session: Session,
  tenantNo: number,
  calls: readonly TransferredCall[],
): Promise<readonly string[]> {
  const places = calls.flatMap((call, owner) =>
    contentsOf(call).flatMap(({ place, content }) =>
      [...participantPlaces(place, content, new OpenBlocks())].map((one) => ({
        ...one,
        call: place.edition.call,
        owner,
      })),
    ),
  );
  const rows = await session.all(
    'placedParticipants',
    tenantNo,
    places.map(({ participantKey }) => participantKey),
    places.map(({ start }) => start),
    places.map(({ call }) => BigInt(call)),
    places.map(({ list }) => BigInt(list)),
    places.map(({ position }) => BigInt(position)),
    places.map(({ owner }) => BigInt(owner)),
  );
  const placed = new Map(rows.map(([owner, count]) => [Number(owner), Number(count)]));
  const expected = new Map<number, number>();
  for (const { owner } of places) expected.set(owner, (expected.get(owner) ?? 0) + 1);
  return idsOf(calls, (_, owner) => (placed.get(owner) ?? 0) === (expected.get(owner) ?? 0));
}

/** Of the calls that are not as they should be. */
function idsOf(
  calls: readonly TransferredCall[],
  isAsStored: (call: TransferredCall, i: number) => boolean,
): readonly string[] {
  return calls.filter((call, i) => !isAsStored(call, i)).map(({ callId }) => callId);
}

function contentsOf({ editions, contents }: TransferredCall) {
  return placesOf(editions).flatMap((place) => {
    const content = contents.get(place.edition.edition);
    return content === undefined ? [] : [{ place, content }];
  });
}

function rowName(row: Row): string {
  return row.map((value) => (value instanceof Uint8Array ? keyName(value) : String(value))).join(' ');
}

function keysName(keys: readonly Uint8Array[]): string {
  return keys.map((key) => `${keyName(key)} `).join('');
}
