/** Defines the table with one row per call. */
import { type Cell, cellIn, objectIn } from '../cell.ts';
import { identityCells, identityColumns } from '../identity.ts';
import type { StoredCall } from '../stored-call.ts';
import { type Table, times } from '../table.ts';

export const callsTable: Table = {
  columns: [
    { name: 'id', type: 'string' },
    { name: 'version', type: 'integer' },
    { name: 'type', type: 'string' },
    { name: 'modalities', type: 'string' },
    ...times('startDateTime', 'endDateTime', 'lastModifiedDateTime'),
    { name: 'durationSeconds', type: 'double' },
    { name: 'joinWebUrl', type: 'string' },
    { name: 'organizerId', type: 'string' },
    ...identityColumns('organizer'),
    { name: 'participants', type: 'integer' },
    { name: 'participantsFound', type: 'integer' },
    { name: 'sessions', type: 'integer' },
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
