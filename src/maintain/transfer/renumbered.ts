/** Selects the data of a source that a copy includes, and renumbers it for the target. */
import type { CallRecordStore } from '../../store/store.ts';
import type { StoredList } from '../../store/edition.ts';
import type { TransferredRow } from '../../store/transferred-rows.ts';
import { type CopiedTable, columnKind, tableOf } from '../../store/tables.ts';
import type { TransferredCall } from '../../store/transfer.ts';
import type { CopyingNote, CopyNote } from './copy-note.ts';

/** Reads calls of the source as the target will have them: without editions added since the copy began. */
export async function meantCalls(
  { evidence }: CallRecordStore,
  tenantId: string,
  callIds: readonly string[],
  { copying, offsets }: CopyingNote,
): Promise<readonly TransferredCall[]> {
  const last = copying.upTo[tenantId] ?? 0;
  const calls = await evidence.whole(tenantId, callIds);
  return calls
    .map((call) => renumbered(withoutLater(call, last), offsets[tenantId] ?? 0))
    .filter(({ editions }) => editions.length > 0);
}

function withoutLater(call: TransferredCall, last: number): TransferredCall {
  const editions = call.editions.filter(({ edition }) => edition <= last);
  if (editions.length === call.editions.length) return call;
  return { ...call, editions, health: undefined }; // belongs to a later one
}

/** Renumbers a call. @param by Added to every number of the tenant. */
function renumbered(call: TransferredCall, by: number): TransferredCall {
  if (by === 0) return call;
  const list = (one: StoredList | undefined) =>
    one && { ...one, list: one.list < 0 ? one.list - by : one.list + by };
  return {
    ...call,
    editions: call.editions.map((edition) => ({
      ...edition,
      edition: edition.edition + by,
      call: edition.call + by,
      participants: list(edition.participants),
      sessions: list(edition.sessions),
      found: list(edition.found),
    })),
    contents: new Map([...call.contents].map(([edition, content]) => [edition + by, content])),
  };
}

/** Renumbers the columns of a row that are edition numbers. */
export function renumberedRow(
  table: CopiedTable,
  row: TransferredRow,
  offsets: CopyNote['offsets'],
): TransferredRow {
  const kinds = Object.values(tableOf(table).columns).map(columnKind);
  const by = BigInt(offsets[String(row[kinds.indexOf('tenant')])] ?? 0);
  return row.map((value, i) => (kinds[i] === 'edition' && typeof value === 'bigint' ? value + by : value));
}
