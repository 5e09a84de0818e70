/** Holds a copy against its source: every edition and every row, and how the copy finds them. */
import { createHash } from 'node:crypto';
import { inOrder } from '../in-order.ts';
import { carriedTables } from '../store/transfer.ts';
import { type RowSums, rowSumsOf } from './checksum.ts';
import { callIds, CallsAtOnce } from './calls-at-once.ts';
import type { CopyJobs } from './copy-jobs.ts';
import type { CopyingNote, MovingStore } from './copy-note.ts';

export interface Comparison {
  readonly calls: number;
  readonly editions: number;
  /** Rows besides calls. */
  readonly rows: number;
  /** SHA-256 over the checksums of all that was compared, in the order of the source. */
  readonly checksum: string;
  /** How many things are not the same in both, and the first of them in words. */
  readonly differences: number;
  readonly told: readonly string[];
}

export interface Compared {
  readonly from: MovingStore;
  readonly to: MovingStore;
  readonly jobs: CopyJobs;
  readonly note: CopyingNote;
  /** Of the rows as they were when they were copied. */
  readonly rows: RowSums;
  readonly signal: AbortSignal;
  readonly onCalls: (calls: number) => void;
}

const mostTold = 20;

export async function compareStores(compared: Compared): Promise<Comparison> {
  const { from, to, jobs, note, rows, signal, onCalls } = compared;
  const hash = createHash('sha256');
  const found = new Differences();
  const counts = { calls: 0, editions: 0 };
  for (const [tenantId, upTo] of Object.entries(note.copying.upTo)) {
    const offset = note.offsets[tenantId] ?? 0;
    const work = (ids: readonly string[]) => jobs.compare({ tenantId, ids, upTo, offset });
    const atOnce = new CallsAtOnce();
    for await (const { asked, calls, bytes, checksums, differences } of inOrder(
      callIds(from, tenantId, atOnce),
      jobs,
      work,
    )) {
      signal.throwIfAborted();
      atOnce.had(asked, bytes);
      counts.calls += calls;
      counts.editions += checksums.length;
      for (const checksum of checksums) hash.update(checksum);
      for (const difference of differences) found.add(difference);
      onCalls(asked);
    }
  }
  const there = await rowSumsOf(to.transfer, carriedTables);
  for (const table of carriedTables) {
    hash.update(`${table} ${rows.of(table)}\n`);
    if (rows.of(table) !== there.of(table)) found.add(`The rows of ${table} are not the same.`);
  }
  return {
    ...counts,
    rows: rows.rows,
    checksum: hash.digest('hex'),
    differences: found.count,
    told: found.told,
  };
}

/** A source that stands still and its copy have as much of everything. @returns In words, what is not so */
export async function comparedCounts(from: MovingStore, to: MovingStore): Promise<readonly string[]> {
  const tenants = new Set([...(await from.evidence.tenants()), ...(await to.evidence.tenants())]);
  const differences: string[] = [];
  for (const tenantId of tenants) {
    const [here, there] = [await from.evidence.tally(tenantId), await to.evidence.tally(tenantId)];
    if (JSON.stringify(here) !== JSON.stringify(there))
      differences.push(
        `Of tenant ${tenantId} the source counts ${here.calls} calls in ${here.editions} editions, the target ${there.calls} in ${there.editions}, or they count what is in them otherwise.`,
      );
  }
  return differences;
}

class Differences {
  count = 0;
  readonly told: string[] = [];

  add(difference: string): void {
    this.count++;
    if (this.told.length < mostTold) this.told.push(difference);
  }
}
