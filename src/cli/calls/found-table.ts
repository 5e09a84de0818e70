/** Formats found calls as a table. */
import type { Terminal } from '../../base/terminal.ts';
import { outcomeWords } from '../../contract/call-outcome.ts';
import { reasonWords } from '../../contract/failure.ts';
import type { FoundCall } from '../../store/search.ts';
import { formatColumns, type TableColumn } from '../column-table.ts';
import type { TableCell } from '../table.ts';
import { idOnScreen } from './id-on-screen.ts';
import { shownLength, shownTime } from './shown-times.ts';
import type { TenantCallRow } from './found-calls.ts';
import { whoText } from './who-text.ts';

const typeNames: Readonly<Record<string, string>> = { groupCall: 'group', peerToPeer: 'peer to peer' };

export function callTypeName(type: string | null): string | null {
  return typeNames[type ?? ''] ?? type;
}

export function foundTable(
  found: readonly TenantCallRow[],
  hasTenants: boolean,
  stdout: Terminal['stdout'],
): string {
  const columns: readonly TableColumn<TenantCallRow>[] = [
    { title: 'START', isWhole: true, cell: ({ row: { call } }) => shownTime(call.startTicks, 'minutes') },
    {
      title: 'LENGTH',
      isWhole: true,
      leaveOut: 1,
      cell: ({ row: { call } }) => shownLength(secondsOf(call)),
    },
    // WHO says how many there are too.
    { title: 'PEOPLE', isWhole: true, leaveOut: 2, cell: ({ row: { call } }) => call.participants },
    { title: 'TYPE', leaveOut: 3, cell: ({ row: { call } }) => callTypeName(call.type) },
    { title: 'WHO', readable: 28, cell: ({ row }) => whoText(row) },
    { title: 'ENDED', cell: ({ row: { call } }) => endedCell(call) },
    { title: 'ID', isWhole: true, cell: ({ row: { call } }) => idOnScreen(call.callId, stdout) },
    ...(hasTenants
      ? [
          {
            title: 'TENANT',
            isWhole: true as const,
            cell: ({ tenantId }: TenantCallRow) => idOnScreen(tenantId, stdout),
          },
        ]
      : []),
  ];
  return formatColumns(found, columns, stdout);
}

export function secondsOf({
  startTicks,
  endTicks,
}: Pick<FoundCall, 'startTicks' | 'endTicks'>): number | undefined {
  return endTicks === undefined ? undefined : Number(endTicks - startTicks) / 1e7;
}

/** Returns how a call ended, with the other problems that a search can select. */
function endedCell({ outcome, failures, poor, incomplete }: FoundCall): TableCell {
  const [first, ...more] = failures?.reasons ?? [];
  const reason =
    outcome === 'failed' && first !== undefined && more.length === 0 ? `: ${reasonWords[first.kind]}` : '';
  const affected = failures?.affected ?? 0;
  const share = outcome !== 'failed' && affected > 0 ? [`failed for ${affected} of ${failures!.people}`] : []; // it has some
  const text = [
    `${outcomeWords[outcome]}${reason}`,
    ...share,
    ...(poor ? ['poor media'] : []),
    ...(incomplete ? ['record incomplete'] : []),
  ].join(', ');
  return outcome === 'failed' ? { text, color: 'red' } : text;
}
