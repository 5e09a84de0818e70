/** Defines the columns of found calls as CSV. */
import { formatTicks } from '../../../base/ticks.ts';
import type { CompletenessState } from '../../../contract/completeness-state.ts';
import { outcomeWords } from '../../../contract/call-outcome.ts';
import { reasonWords } from '../../../contract/failure.ts';
import type { Cell } from '../../../export/cell.ts';
import type { FoundCall } from '../../../store/search.ts';
import type { CsvColumn } from '../csv-file.ts';

interface CsvCall {
  readonly call: FoundCall;
  readonly state: CompletenessState;
}

type CallColumn = CsvColumn<CsvCall>;

function column(name: string, type: CallColumn['type'], cell: (call: FoundCall) => Cell | null): CallColumn {
  return { name, type, cell: ({ call }) => cell(call) };
}

const ticksPerSecond = 10_000_000n;

export const foundCallColumns: readonly CallColumn[] = [
  column('startDateTime', 'dateTime', ({ startTicks }) => formatTicks(startTicks)),
  column('endDateTime', 'dateTime', ({ endTicks }) => endTicks && formatTicks(endTicks)),
  column('seconds', 'integer', ({ startTicks, endTicks }) =>
    endTicks === undefined ? undefined : Number((endTicks - startTicks) / ticksPerSecond),
  ),
  column('type', 'string', ({ type }) => type),
  column('modalities', 'string', ({ modalities }) => modalities.join(', ')),
  column('organizerDisplayName', 'string', ({ organizer }) => organizer?.displayName),
  column('organizerUserPrincipalName', 'string', ({ organizer }) => organizer?.userPrincipalName),
  column('participants', 'integer', ({ participants }) => participants),
  // No participant is known, so it is unknown whether any is external.
  column('external', 'integer', ({ participants, external }) => (participants === 0 ? undefined : external)),
  column('unknown', 'integer', ({ participants, unknown }) => (participants === 0 ? undefined : unknown)),
  column('outcome', 'string', ({ outcome }) => outcomeWords[outcome]),
  column('reasons', 'string', ({ reasons }) => reasons.map((kind) => reasonWords[kind]).join(', ')),
  column('poor', 'boolean', ({ poor }) => poor),
  column('ratings', 'string', ({ ratings }) => ratings.join(', ')),
  { name: 'completeness', type: 'string', cell: ({ state }) => state },
  column('joinWebUrl', 'string', ({ joinWebUrl }) => joinWebUrl),
  column('id', 'string', ({ callId }) => callId),
];
