/** Holds a copy against its source: every edition and every row, and how the copy finds them. */
import { createHash } from 'node:crypto';
import { carriedTables, type TransferredCall } from '../store/transfer.ts';
import { editionChecksum, type RowSums, rowSumsOf } from './checksum.ts';
import { callIds } from './copy-calls.ts';
import type { CopyingNote, MovingStore } from './copy-note.ts';
import { renumbered } from './renumbered.ts';

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
  readonly note: CopyingNote;
  /** Of the rows as they were when they were copied. */
  readonly rows: RowSums;
  readonly signal: AbortSignal;
  readonly onCalls: (calls: number) => void;
}

const mostTold = 20;

export async function compareStores(compared: Compared): Promise<Comparison> {
  const { to, note, rows } = compared;
  const hash = createHash('sha256');
  const found = new Differences();
  const counts = { calls: 0, editions: 0 };
  for (const tenantId of Object.keys(note.copying.upTo)) {
    for await (const { calls, editions, checksums } of compareCalls(compared, tenantId, found)) {
      counts.calls += calls;
      counts.editions += editions;
      for (const checksum of checksums) hash.update(checksum);
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

/** What was compared, some calls at a time. */
async function* compareCalls(compared: Compared, tenantId: string, found: Differences) {
  const { to, signal, onCalls } = compared;
  for await (const { ids, expected, there } of ahead(readBoth(compared, tenantId))) {
    signal.throwIfAborted();
    const misplaced = new Set(await to.transfer.misplaced(tenantId, expected));
    const copies = new Map(there.map((call) => [call.callId, call]));
    const checksums: string[] = [];
    for (const call of expected) {
      const own = checksumsOf(call);
      checksums.push(...own);
      if (own.join() !== checksumsOf(copies.get(call.callId)).join())
        found.add(`The call ${call.callId} of tenant ${tenantId} is not the same.`);
      else if (misplaced.has(call.callId))
        found.add(`The call ${call.callId} of tenant ${tenantId} is not found by what is in it.`);
    }
    onCalls(ids.length);
    yield { calls: expected.length, editions: checksums.length, checksums };
  }
}

/** Calls as the copy is to have them, and as it has them. */
async function* readBoth({ from, to, note }: Compared, tenantId: string) {
  const offset = note.offsets[tenantId] ?? 0;
  const upTo = note.copying.upTo[tenantId] ?? 0;
  for await (const ids of callIds(from, tenantId)) {
    const [here, there] = await Promise.all([
      from.transfer.read(tenantId, ids, { upTo, without: new Set() }),
      to.transfer.read(tenantId, ids, { upTo: Number.MAX_SAFE_INTEGER, without: new Set() }),
    ]);
    // Calls that have come since they were copied are not meant.
    const meant = here.filter(({ editions }) => editions.length > 0);
    yield { ids, expected: meant.map((call) => renumbered(call, offset)), there };
  }
}

/** The same, the next being made while one is used. */
async function* ahead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = source.next();
  for (;;) {
    const result = await next;
    if (result.done === true) return;
    next = source.next();
    next.catch(() => undefined); // it is waited for when this one has been used
    yield result.value;
  }
}

function checksumsOf(call: TransferredCall | undefined): readonly string[] {
  return (call?.editions ?? []).map((edition) =>
    editionChecksum(edition, call?.contents.get(edition.edition)),
  );
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
