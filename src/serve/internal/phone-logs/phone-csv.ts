/** Formats the rows of a phone log as CSV, guarded against formulas like every export. */
import type { LinkedPhoneRow } from '../../../contract/phone-log.ts';
import type { Cell, Column } from '../../../export/cell.ts';
import { csvEncoder } from '../../../export/csv.ts';

interface PhoneColumn extends Column {
  readonly cell: (row: LinkedPhoneRow) => Cell | null;
}

function column(name: string, type: Column['type'], cell: PhoneColumn['cell']): PhoneColumn {
  return { name, type, cell };
}

const columns: readonly PhoneColumn[] = [
  column('startDateTime', 'dateTime', ({ startDateTime }) => startDateTime),
  column('endDateTime', 'dateTime', ({ endDateTime }) => endDateTime),
  column('seconds', 'integer', ({ seconds }) => seconds),
  column('direction', 'string', ({ direction }) => direction),
  column('type', 'string', ({ type }) => type),
  column('userId', 'string', ({ user }) => user?.id),
  column('userDisplayName', 'string', ({ user }) => user?.displayName),
  column('userPrincipalName', 'string', ({ user }) => user?.userPrincipalName),
  column('callerNumber', 'string', ({ callerNumber }) => callerNumber),
  column('calleeNumber', 'string', ({ calleeNumber }) => calleeNumber),
  column('country', 'string', ({ country }) => country),
  column('outcome', 'string', ({ outcome }) => outcome),
  column('missed', 'boolean', ({ missed }) => missed),
  column('sipCode', 'integer', ({ sipCode }) => sipCode),
  column('sipPhrase', 'string', ({ sipPhrase }) => sipPhrase),
  column('sipMeaning', 'string', ({ sipMeaning }) => sipMeaning),
  column('microsoftCode', 'integer', ({ microsoftCode }) => microsoftCode),
  column('microsoftMeaning', 'string', ({ microsoftMeaning }) => microsoftMeaning),
  column('trunk', 'string', ({ trunk }) => trunk),
  column('charge', 'double', ({ charge }) => charge),
  column('connectionCharge', 'double', ({ connectionCharge }) => connectionCharge),
  column('currency', 'string', ({ currency }) => currency),
  column('units', 'integer', ({ units }) => units),
  column('callRecordCertainty', 'string', ({ callRecord }) => callRecord?.certainty),
  column('callRecordId', 'string', ({ callRecord }) => callRecord?.id),
  column('rowId', 'string', ({ id }) => id),
];

export async function formatPhoneCsv(rows: readonly LinkedPhoneRow[]): Promise<Buffer> {
  const encoder = csvEncoder({ delimiter: ',', decimal: '.' })(columns, undefined);
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row) ?? undefined));
  return Buffer.concat([await encoder.begin(), await encoder.encode(cells)]);
}
