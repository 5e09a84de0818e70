/** Copies everything except calls: log rows are added, other tables are replaced. */
import type { CallRecordStore } from '../../store/store.ts';
import type { TransferredRow } from '../../store/transferred-rows.ts';
import { copiedTables } from '../../store/tables.ts';
import { replacedTables } from '../../store/transfer.ts';
import { RowSums } from './checksum.ts';
import type { CopyNote } from './copy-note.ts';
import { renumberedRow } from './renumbered.ts';

/** Copies the rows. @returns The sums of what was copied, from one moment of the source */
export async function copyRows(
  from: CallRecordStore,
  to: CallRecordStore,
  { offsets }: CopyNote,
  signal: AbortSignal,
): Promise<RowSums> {
  const sums = new RowSums();
  await to.transfer.clear(replacedTables);
  await from.transfer.eachRows(copiedTables, async (table, rows) => {
    signal.throwIfAborted();
    const moved = rows.map((row) => renumberedRow(table, row, offsets));
    sums.add(table, moved);
    if (table === 'log_row') await addLogRows(to, moved);
    else await to.transfer.insert(table, moved);
  });
  return sums;
}

async function addLogRows(to: CallRecordStore, rows: readonly TransferredRow[]): Promise<void> {
  for (const [tenantId, ofTenant] of Map.groupBy(rows, ([tenantId]) => String(tenantId))) {
    const logRows = ofTenant.map((row) => {
      const [, kind, ticks, id, text] = row as readonly [string, string, bigint, string, Uint8Array]; // as copied
      return { kind, ticks, id, text };
    });
    await to.addLogRows(tenantId, logRows);
  }
}
