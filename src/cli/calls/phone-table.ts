/** Formats rows of a phone log as a table. */
import type { Terminal } from '../../base/terminal.ts';
import type { LinkedPhoneRow } from '../../contract/phone-log.ts';
import { formatColumns, type TableColumn } from '../column-table.ts';
import { idOnScreen } from './id-on-screen.ts';
import { shownLength, shownTime } from './shown-times.ts';

export interface TenantRow {
  readonly tenantId: string;
  readonly row: LinkedPhoneRow;
}

type PhoneColumn = TableColumn<LinkedPhoneRow>;

const columns: readonly PhoneColumn[] = [
  { title: 'START', isWhole: true, cell: ({ startDateTime }) => shownTime(startDateTime) },
  {
    title: 'LENGTH',
    isWhole: true,
    leaveOut: 3,
    cell: ({ seconds }) => (seconds === null ? null : shownLength(seconds)),
  },
  { title: 'TYPE', leaveOut: 4, cell: ({ type }) => type },
  { title: 'PERSON', cell: ({ user }) => user?.displayName ?? user?.userPrincipalName ?? user?.id },
  { title: 'FROM', isWhole: true, cell: ({ callerNumber }) => callerNumber },
  { title: 'TO', isWhole: true, cell: ({ calleeNumber }) => calleeNumber },
  {
    title: 'ENDED',
    isWhole: true,
    leaveOut: 2,
    cell: endedText,
  },
  { title: 'SIP', isWhole: true, cell: ({ sipCode }) => (sipCode === null ? null : String(sipCode)) },
  { title: 'PHRASE', leaveOut: 6, cell: ({ sipPhrase }) => sipPhrase },
  {
    title: 'SUBCODE',
    isWhole: true,
    leaveOut: 1,
    cell: ({ microsoftCode }) => (microsoftCode === null ? null : String(microsoftCode)),
  },
  { title: 'COST', isWhole: true, cell: costCell },
  { title: 'TRUNK', leaveOut: 5, cell: ({ trunk }) => trunk },
];

/** The last columns: the call, and the meaning of the codes, which wraps. */
function lastColumns(stdout: Terminal['stdout']): readonly PhoneColumn[] {
  return [
    {
      title: 'CALL',
      isWhole: true,
      leaveOut: 7,
      cell: ({ callRecord }) =>
        callRecord === null ? null : `${idOnScreen(callRecord.id, stdout)} (${callRecord.certainty})`,
    },
    { title: 'MEANING', cell: ({ sipMeaning, microsoftMeaning }) => microsoftMeaning ?? sipMeaning },
  ];
}

export function phoneTable(
  rows: readonly TenantRow[],
  hasTenants: boolean,
  stdout: Terminal['stdout'],
): string {
  const own = [...columns, ...lastColumns(stdout)].map(({ cell, ...column }) => ({
    ...column,
    cell: ({ row }: TenantRow) => cell(row),
  }));
  const tenant = { title: 'TENANT', cell: ({ tenantId }: TenantRow) => idOnScreen(tenantId, stdout) };
  return formatColumns(rows, hasTenants ? [tenant, ...own] : own, stdout, { wrapsLast: true });
}

/** Returns the outcome; a missed call that failed is both, as the filter `state` has it. */
function endedText({ outcome, missed }: LinkedPhoneRow): string | null {
  if (missed) return outcome === 'failed' ? 'failed, missed' : 'missed';
  return outcome === 'notConnected' ? 'not connected' : outcome;
}

/** Returns the cost without the digits that binary fractions add: 0.146, not 0.14600000000000002. */
function costCell({ charge, connectionCharge, currency }: LinkedPhoneRow): string | null {
  if (charge === null && connectionCharge === null) return null;
  const sum = Number(((charge ?? 0) + (connectionCharge ?? 0)).toFixed(10));
  return `${sum} ${currency ?? ''}`.trim();
}
