/** Formats found calls as CSV, guarded against formulas like every export. */
import { formatTicks } from '../../../base/ticks.ts';
import type { CompletenessState } from '../../../contract/completeness-state.ts';
import { outcomeWords } from '../../../contract/call-outcome.ts';
import { reasonWords } from '../../../contract/failure.ts';
import type { Cell, Column } from '../../../export/cell.ts';
import { csvEncoder } from '../../../export/csv.ts';
import type { FoundCall } from '../../../store/search.ts';

interface CsvCall {
  readonly call: FoundCall;
  readonly state: CompletenessState;
}

interface CallColumn extends Column {
  readonly cell: (one: CsvCall) => Cell | null;
}

function column(name: string, type: Column['type'], cell: (call: FoundCall) => Cell | null): CallColumn {
  return { name, type, cell: ({ call }) => cell(call) };
}

const ticksPerSecond = 10_000_000n;

const columns: readonly CallColumn[] = [
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
  // Nobody is known: that is not nobody from outside.
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

/** Formats rows. @param isFirst True for the first rows of a file, which follow the names of the columns */
export async function formatCallsCsv(rows: readonly CsvCall[], isFirst: boolean): Promise<Buffer> {
  const encoder = csvEncoder({ delimiter: ',', decimal: '.' })(columns, undefined);
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row) ?? undefined));
  const text = Buffer.from(await encoder.encode(cells));
  return isFirst ? Buffer.concat([await encoder.begin(), text]) : text;
}
