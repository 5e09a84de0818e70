/** Compares the list of calls and the indexes of a SQLite store with the stored calls. */
import { organizerContext } from '../../query/odata/context-url.ts';
import { type ListItem, listItemOf } from '../../wire/text/list-item.ts';
import { OpenBlocks } from '../../wire/text/open-block.ts';
import { firstPlaces, idAsReceived } from '../edition-places.ts';
import type { TransferredCall } from '../transfer.ts';
import { transferredEditions, type WrittenEdition } from '../edition-decisions.ts';
import type { Connection } from './connection.ts';
import { itemCheck } from './list-items.ts';

/** Returns the ids of the calls whose index rows do not match their editions. */
export function indexMismatches(
  connection: Connection,
  tenant: number,
  calls: readonly TransferredCall[],
): readonly string[] {
  return calls
    .filter((call) => {
      const expected = transferredEditions(call, new Set(), new OpenBlocks());
      return !expected.every((one) => isListed(connection, tenant, one) && isFound(connection, tenant, one));
    })
    .map(({ callId }) => callId);
}

/** Returns true when the index rows of an edition's participants and sessions match its lists. */
function isFound(
  connection: Connection,
  tenant: number,
  { edition, participants, sessions }: WrittenEdition,
): boolean {
  const { startTicks = 0n, call, edition: number } = edition;
  const areFound = participants.every(({ list, ids }) =>
    isAnyForm(ids, (places) =>
      [...places].every(([key, position]) => {
        const row = connection.get('participantIndex', tenant, key, startTicks, call, list);
        return row?.[0] === position;
      }),
    ),
  );
  if (!areFound || sessions === undefined) return areFound;
  const rows = connection.all('sessionsOfList', tenant, number);
  return isAnyForm(
    sessions.ids,
    (places) => rows.length === places.size && rows.every(([id, at]) => places.get(id as string) === at),
  );
}

/** Keys are canonical; an earlier release wrote ids as they were received. */
function isAnyForm(
  ids: readonly (string | undefined)[],
  isStored: (places: ReadonlyMap<string, number>) => boolean,
): boolean {
  return isStored(firstPlaces(ids)) || isStored(firstPlaces(ids, idAsReceived));
}

function isListed(
  connection: Connection,
  tenant: number,
  { edition, head, isNewest, until }: WrittenEdition,
): boolean {
  const { callId, startTicks, endTicks, call, edition: number } = edition;
  if (!isNewest || startTicks === undefined) return true; // such an edition is not in the list
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
