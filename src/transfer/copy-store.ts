/**
 * Carries everything from one store to another and holds both against each other afterwards. Killed at any moment, it
 * goes on where it was; run again when it is done, it brings what has come meanwhile.
 */
import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { CallRecordStore } from '../store/store.ts';
import {
  type CarriedRow,
  type CarriedTable,
  carriedTables,
  renumbered,
  type TransferredEdition,
  type TransferStore,
} from '../store/transfer.ts';
import { editionChecksum, rowChecksum } from './checksum.ts';
import { readCall } from './read-call.ts';

export interface CopyOptions {
  readonly from: CallRecordStore;
  readonly to: CallRecordStore;
  readonly signal: AbortSignal;
  /** Told what is being done, and how many calls of how many. */
  readonly onProgress: (doing: 'copying' | 'comparing', calls: number, total: number) => void;
}

export interface CopyReport {
  readonly calls: number;
  readonly editions: number;
  /** Editions that were not there before. */
  readonly copied: number;
  /** Rows besides calls. */
  readonly rows: number;
  /** SHA-256 over the checksums of all that was compared, in the order of the source. */
  readonly checksum: string;
  /** What is not the same in both, in words; at most `toldDifferences` of them. */
  readonly differences: readonly string[];
}

/** The target cannot take this source; the message says why. */
export class CopyRefused extends Error {
  override readonly name = 'CopyRefused';
}

export const toldDifferences = 20;

/** What the target remembers of a copy: from which store, and how far it is. */
const notes = z.object({
  source: z.string(),
  /** By tenant, what is added to the numbers of its editions. */
  offsets: z.record(z.string(), z.number()),
  /** The last call whose editions are all there. */
  after: z.object({ tenantId: z.string(), callId: z.string() }).optional(),
});
type Note = z.infer<typeof notes>;

/** So much is put in one transaction. */
const batchBytes = 4 * 2 ** 20;
const batchEditions = 500;
const callsAtOnce = 32;

/** @throws CopyRefused */
export async function copyStore(options: CopyOptions): Promise<CopyReport> {
  const { from, to } = options;
  const source = transferOf(from, 'source');
  const target = transferOf(to, 'target');
  let note = await begun(options, target);
  const tenants = await from.evidence.tenants();
  const total = await callsOf(from, tenants);
  const counts = { calls: 0, copied: 0 };
  for (const tenantId of tenants) {
    const offset = note.offsets[tenantId] ?? (await offsetOf(source, target));
    note = { ...note, offsets: { ...note.offsets, [tenantId]: offset } };
    await target.setNote(JSON.stringify(note));
    note = await copyTenant(options, target, tenantId, note, counts, total);
  }
  // A copy that is done begins anew when it is run again: calls that are there have new editions.
  await target.setNote(JSON.stringify({ ...note, after: undefined }));
  await copyTables(source, target, note, options.signal);
  return { ...(await compare(options, note, total)), copied: counts.copied };
}

function transferOf({ transfer }: CallRecordStore, which: string): TransferStore {
  if (transfer === undefined)
    throw new CopyRefused(`The ${which} keeps nothing: name a sqlite: or postgres: store.`);
  return transfer;
}

async function begun({ from, to }: CopyOptions, target: TransferStore): Promise<Note> {
  const source = await from.secret('store-id', () => Promise.resolve(randomUUID()));
  if (source === (await ownId(to))) throw new CopyRefused('--to: it is the store that --from names.');
  const text = await target.note();
  if (text !== undefined) {
    const note = notes.parse(JSON.parse(text)); // written by this program
    if (note.source !== source) throw new CopyRefused('--to: it is the copy of another store.');
    return note;
  }
  if ((await to.totals()).editions > 0)
    throw new CopyRefused('--to: the store holds calls already. Name one that is empty, or none yet.');
  const note: Note = { source, offsets: {} };
  await target.setNote(JSON.stringify(note));
  return note;
}

/** The id that a store was given when it was first copied; what it is given here, it keeps. */
function ownId(store: CallRecordStore): Promise<string> {
  return store.secret('store-id', () => Promise.resolve(randomUUID()));
}

/** Numbers that tenants have in common do not fit into a store that gives each once: they are moved up. */
async function offsetOf(source: TransferStore, target: TransferStore): Promise<number> {
  const fits = source.numbersAre === 'of the store' || target.numbersAre === 'of the tenant';
  return fits ? 0 : await target.largestEdition();
}

async function callsOf(store: CallRecordStore, tenants: readonly string[]): Promise<number> {
  let calls = 0;
  for (const tenantId of tenants) calls += (await store.evidence.tally(tenantId)).calls;
  return calls;
}

async function copyTenant(
  { from, to, signal, onProgress }: CopyOptions,
  target: TransferStore,
  tenantId: string,
  begun: Note,
  counts: { calls: number; copied: number },
  total: number,
): Promise<Note> {
  const offset = begun.offsets[tenantId] ?? 0;
  let note = begun;
  let held: TransferredEdition[] = [];
  let bytes = 0;
  const flush = async (after: string) => {
    await target.put(tenantId, held);
    note = { ...note, after: { tenantId, callId: after } };
    await target.setNote(JSON.stringify(note));
    counts.copied += held.length;
    held = [];
    bytes = 0;
  };
  const { after } = begun;
  if (after !== undefined && after.tenantId > tenantId) return begun; // tenants come in order
  const start = after?.tenantId === tenantId ? after.callId : undefined;
  for await (const ids of callIds(from, tenantId, start)) {
    signal.throwIfAborted();
    const read = ids.map(async (callId) => {
      const [moved, there] = await Promise.all([
        readCall(from, tenantId, callId),
        to.evidence.editions(tenantId, callId),
      ]);
      const known = new Set(there.map(({ edition }) => edition));
      return moved.map((one) => renumbered(one, offset)).filter(({ edition }) => !known.has(edition.edition));
    });
    for (const moved of (await Promise.all(read)).flat()) {
      held.push(moved);
      bytes += bytesOf(moved);
    }
    onProgress('copying', (counts.calls += ids.length), total);
    if (bytes >= batchBytes || held.length >= batchEditions) await flush(ids.at(-1)!);
  }
  if (held.length > 0) await flush(held.at(-1)!.edition.callId);
  return note;
}

function bytesOf({ head, participants = [], sessions, found = [] }: TransferredEdition): number {
  const blocks = [
    head,
    ...participants,
    ...found,
    ...(sessions?.blocks ?? []),
    ...(sessions?.segments ?? []),
  ];
  return blocks.reduce((sum, { body }) => sum + body.length, 0);
}

/** Some at a time: as many are read side by side. */
async function* callIds(
  store: CallRecordStore,
  tenantId: string,
  from?: string,
): AsyncGenerator<readonly string[]> {
  for (let after = from; ;) {
    const ids = await store.evidence.calls(tenantId, after, callsAtOnce);
    after = ids.at(-1);
    if (after === undefined) return;
    yield ids;
  }
}

/** Replaces what is there: these rows change, and there are few of them but for the logs. */
async function copyTables(
  source: TransferStore,
  target: TransferStore,
  { offsets }: Note,
  signal: AbortSignal,
): Promise<void> {
  await target.clear(carriedTables);
  for (const table of carriedTables) {
    await source.eachRows(table, async (rows) => {
      signal.throwIfAborted();
      await target.insert(
        table,
        rows.map((row) => movedRow(table, row, offsets)),
      );
    });
  }
}

/** A subscription sees what comes after an edition, whose number may have moved. */
function movedRow(table: CarriedTable, row: CarriedRow, offsets: Note['offsets']): CarriedRow {
  const offset = table === 'subscription' ? (offsets[String(row[1])] ?? 0) : 0;
  return offset === 0 ? row : row.map((value, i) => (i === 10 ? (value as bigint) + BigInt(offset) : value));
}

async function compare(
  { from, to, signal, onProgress }: CopyOptions,
  { offsets }: Note,
  total: number,
): Promise<Omit<CopyReport, 'copied'>> {
  const hash = createHash('sha256');
  const differences: string[] = [];
  const counts = { calls: 0, editions: 0, rows: 0 };
  for (const tenantId of await from.evidence.tenants()) {
    const checksums = async (store: CallRecordStore, callId: string, by: number) => {
      const read = await readCall(store, tenantId, callId);
      return read.map((one) => editionChecksum(renumbered(one, by)));
    };
    for await (const ids of callIds(from, tenantId)) {
      signal.throwIfAborted();
      const pairs = ids.map((callId) =>
        Promise.all([checksums(from, callId, offsets[tenantId] ?? 0), checksums(to, callId, 0)]),
      );
      for (const [i, [here, there]] of (await Promise.all(pairs)).entries()) {
        for (const checksum of here) hash.update(checksum);
        if (here.join() !== there.join()) differences.push(`The call ${ids[i]} is not the same.`);
        counts.editions += here.length;
      }
      onProgress('comparing', (counts.calls += ids.length), total);
    }
    const tallies = [await from.evidence.tally(tenantId), await to.evidence.tally(tenantId)];
    if (JSON.stringify(tallies[0]) !== JSON.stringify(tallies[1]))
      differences.push('The counts of a tenant are not the same.');
  }
  for (const table of carriedTables) {
    const here = await rowsOf(from.transfer!, table, (row) => movedRow(table, row, offsets));
    const there = await rowsOf(to.transfer!, table, (row) => row);
    hash.update(here.checksum);
    counts.rows += here.count;
    if (here.checksum !== there.checksum) differences.push(`The rows of ${table} are not the same.`);
  }
  return { ...counts, checksum: hash.digest('hex'), differences };
}

interface Rows {
  readonly count: number;
  /** Of all rows, whatever order the engine gives them in: the sum of their checksums. */
  readonly checksum: string;
}

async function rowsOf(
  store: TransferStore,
  table: CarriedTable,
  moved: (row: CarriedRow) => CarriedRow,
): Promise<Rows> {
  let count = 0;
  let sum = 0n;
  await store.eachRows(table, (rows) => {
    for (const row of rows) sum = (sum + BigInt(`0x${rowChecksum(moved(row))}`)) % 2n ** 256n;
    count += rows.length;
    return Promise.resolve();
  });
  return { count, checksum: sum.toString(16) };
}
