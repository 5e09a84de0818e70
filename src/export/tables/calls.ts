/** Defines the table with one row per call. */
import { type Cell, cellIn, objectIn } from '../cell.ts';
import { identityCells, identityColumns } from '../identity.ts';
import type { StoredCall } from '../stored-call.ts';
import { type Table, typedColumns } from '../table.ts';

export const callsTable: Table = {
  columns: [
    { name: 'id', type: 'string' },
    { name: 'version', type: 'integer' },
    ...typedColumns('string', 'type', 'modalities'),
    ...typedColumns('dateTime', 'startDateTime', 'endDateTime', 'lastModifiedDateTime'),
    { name: 'durationSeconds', type: 'double' },
    ...typedColumns('string', 'joinWebUrl', 'organizerId'),
    ...identityColumns('organizer'),
    ...typedColumns('integer', 'participants', 'participantsFound', 'sessions'),
    { name: 'isComplete', type: 'boolean' },
  ],
  parts: [],
  rows: ({ edition, head }) => [rowOf(edition, head)],
};

function rowOf(edition: StoredCall['edition'], head: StoredCall['head']): readonly Cell[] {
  const organizer = objectIn(head, 'organizer_v2');
  const organizerId = cellIn(organizer, 'id', 'string');
  return [
    edition.callId,
    edition.version,
    cellIn(head, 'type', 'string'),
    cellIn(head, 'modalities', 'string'),
    cellIn(head, 'startDateTime', 'dateTime'),
    cellIn(head, 'endDateTime', 'dateTime'),
    cellIn(head, 'lastModifiedDateTime', 'dateTime'),
    secondsBetween(edition),
    cellIn(head, 'joinWebUrl', 'string'),
    organizerId,
    ...identityCells(
      objectIn(organizer, 'identity') ?? objectIn(head, 'organizer'),
      typeof organizerId === 'string' ? organizerId : undefined,
    ),
    edition.participants?.count,
    edition.found?.count ?? 0,
    edition.sessions?.count,
    edition.lacking.length === 0,
  ];
}

function secondsBetween({ startTicks, endTicks }: StoredCall['edition']): number | undefined {
  return startTicks === undefined || endTicks === undefined ? undefined : Number(endTicks - startTicks) / 1e7;
}
