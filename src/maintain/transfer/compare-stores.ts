/** Compares a copy with its source: all editions and rows, and the copy's indexes. */
import { createHash } from 'node:crypto';
import { mapOrdered } from '../../base/map-ordered.ts';
import { callIds, CallsAtOnce } from '../../store/calls-at-once.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { StoreDamaged } from '../../store/store-errors.ts';
import { copiedTables } from '../../store/tables.ts';
import { bytesOf, type TransferredCall } from '../../store/transfer.ts';
import { checksumsOf, type RowSums, rowSumsOf } from './checksum.ts';
import type { CopyingNote } from './copy-note.ts';
import { meantCalls } from './renumbered.ts';

export interface Comparison {
  readonly calls: number;
  readonly editions: number;
  /** Rows other than calls. */
  readonly rows: number;
  /** SHA-256 of all compared checksums, in the order of the source. */
  readonly checksum: string;
  /** The number of differences, and the first of them as sentences. */
  readonly differences: number;
  readonly listed: readonly string[];
}

interface Compared {
  readonly from: CallRecordStore;
  readonly to: CallRecordStore;
  readonly note: CopyingNote;
  /** Sums of the rows as they were when copied. */
  readonly rows: RowSums;
  readonly signal: AbortSignal;
  readonly onCalls: (calls: number) => void;
}

const mostListed = 20;

/** Servers are queried for the next calls while the previous ones are compared. */
const ahead = { width: 2 };

export async function compareStores(compared: Compared): Promise<Comparison> {
  const { from, to, note, rows, signal, onCalls } = compared;
  const hash = createHash('sha256');
  const found = new Differences();
  const counts = { calls: 0, editions: 0 };
  for (const tenantId of Object.keys(note.copying.upTo)) {
    const atOnce = new CallsAtOnce();
    const compare = (ids: readonly string[]) => compareCalls(compared, tenantId, ids);
    for await (const one of mapOrdered(callIds(from, tenantId, atOnce), ahead, compare)) {
      signal.throwIfAborted();
      atOnce.had(one.asked, one.bytes);
      counts.calls += one.calls;
      counts.editions += one.checksums.length;
      for (const checksum of one.checksums) hash.update(checksum);
      for (const difference of one.differences) found.add(difference);
      onCalls(one.asked);
    }
  }
  const there = await rowSumsOf(to.transfer, copiedTables);
  for (const table of copiedTables) {
    hash.update(`${table} ${rows.of(table)}\n`);
    if (rows.of(table) !== there.of(table)) found.add(`The rows of ${table} differ.`);
  }
  return {
    ...counts,
    rows: rows.rows,
    checksum: hash.digest('hex'),
    differences: found.count,
    listed: found.listed,
  };
}

async function compareCalls({ from, to, note }: Compared, tenantId: string, ids: readonly string[]) {
  const [expected, there] = await Promise.all([
    meantCalls(from, tenantId, ids, note),
    copiesIn(to, tenantId, ids),
  ]);
  const misplaced = new Set(await to.evidence.misplaced(tenantId, expected));
  const copies = new Map(there.map((call) => [call.callId, call]));
  const checksums: string[] = [];
  const differences: string[] = [];
  for (const call of expected) {
    const own = checksumsOf(call);
    checksums.push(...own);
    if (own.join() !== checksumsOf(copies.get(call.callId)).join())
      differences.push(`The call ${call.callId} of tenant ${tenantId} differs.`);
    else if (misplaced.has(call.callId))
      differences.push(`The call ${call.callId} of tenant ${tenantId} does not match its search index.`);
  }
  return { asked: ids.length, calls: expected.length, bytes: bytesOf(expected), checksums, differences };
}

/** Reads calls from the target, without those that are damaged there. */
async function copiesIn(
  to: CallRecordStore,
  tenantId: string,
  ids: readonly string[],
): Promise<readonly TransferredCall[]> {
  try {
    return await to.evidence.whole(tenantId, ids);
  } catch (error) {
    if (!(error instanceof StoreDamaged)) throw error;
    if (ids.length <= 1) return [];
    const calls: TransferredCall[] = [];
    for (const id of ids) calls.push(...(await copiesIn(to, tenantId, [id])));
    return calls;
  }
}

/** Compares the counts of a source without writes and its copy. @returns The differences as sentences */
export async function comparedCounts(from: CallRecordStore, to: CallRecordStore): Promise<readonly string[]> {
  const tenants = new Set([...(await from.evidence.tenants()), ...(await to.evidence.tenants())]);
  const differences: string[] = [];
  for (const tenantId of tenants) {
    const [here, there] = [await from.evidence.tally(tenantId), await to.evidence.tally(tenantId)];
    if (JSON.stringify(here) !== JSON.stringify(there))
      differences.push(
        `The counts of tenant ${tenantId} differ: the source has ${here.calls} calls in ${here.editions} editions, the target ${there.calls} in ${there.editions}.`,
      );
  }
  return differences;
}

class Differences {
  count = 0;
  readonly listed: string[] = [];

  add(difference: string): void {
    this.count++;
    if (this.listed.length < mostListed) this.listed.push(difference);
  }
}
