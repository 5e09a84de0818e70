/** What is said of editions by the numbers they have after a move. */
import type { StoredList } from '../store/store.ts';
import {
  carried,
  type CarriedKind,
  type CarriedRow,
  type CarriedTable,
  type TransferredCall,
} from '../store/transfer.ts';
import type { CopyNote } from './copy-note.ts';

/** @param by Added to every number of the tenant. */
export function renumbered(call: TransferredCall, by: number): TransferredCall {
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

/** The same of a row: its columns that are numbers of editions. */
export function renumberedRow(
  table: CarriedTable,
  row: CarriedRow,
  offsets: CopyNote['offsets'],
): CarriedRow {
  const { tenant, editions } = columnsOf(table);
  const by = BigInt((tenant === -1 ? undefined : offsets[String(row[tenant])]) ?? 0);
  if (by === 0n || editions.length === 0) return row;
  return row.map((value, i) => (editions.includes(i) && typeof value === 'bigint' ? value + by : value));
}

function columnsOf(table: CarriedTable) {
  const kinds = Object.values<CarriedKind>(carried[table]);
  const editions = kinds.flatMap((kind, i) => (kind === 'edition' ? [i] : []));
  return { tenant: kinds.indexOf('tenant'), editions };
}
