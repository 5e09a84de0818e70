/** Reads and writes the note about a copy in its target, and rejects copies that do not fit it. */
import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { CallRecordStore } from '../../store/store.ts';
import { copiedTables } from '../../store/tables.ts';
import { replacedTables } from '../../store/transfer.ts';
import { rowSumsOf } from './checksum.ts';

const notes = z.object({
  /** The store that it is a copy of. */
  source: z.string(),
  /** The offset added to edition numbers, by tenant. */
  offsets: z.record(z.string(), z.number()),
  /** An unfinished copy. */
  copying: z
    .object({
      /** The state of the source when the copy began. */
      state: z.string(),
      /** The last edition to copy, by tenant. */
      upTo: z.record(z.string(), z.number()),
      /** The last call whose editions are all copied. */
      after: z.object({ tenantId: z.string(), callId: z.string() }).optional(),
    })
    .optional(),
  /** The state of the target after the last copy. */
  left: z.string().optional(),
});
export type CopyNote = z.infer<typeof notes>;
export type CopyingNote = CopyNote & { readonly copying: NonNullable<CopyNote['copying']> };

/** Thrown when the target cannot receive this source; the message explains why. */
export class CopyRefused extends Error {
  override readonly name = 'CopyRefused';
}

/**
 * Begins a copy, or resumes the one in progress.
 *
 * @throws CopyRefused when the target contains data of another source
 */
export async function beginCopy(from: CallRecordStore, to: CallRecordStore): Promise<CopyingNote> {
  const note = await readNote(from, to);
  const { copying } = note;
  if (copying !== undefined) return { ...note, copying };
  const state = await storeDigest(from);
  const upTo: Record<string, number> = {};
  for (const tenantId of await from.evidence.tenants()) upTo[tenantId] = await from.newestEdition(tenantId);
  const offsets = await offsetsOf(note, from, to, Object.keys(upTo));
  const begun: CopyingNote = { source: note.source, offsets, copying: { state, upTo } };
  await to.transfer.setNote(JSON.stringify(begun));
  return begun;
}

/** Completes a copy. The next run starts from the beginning, because existing calls have new editions. */
export async function endCopy({ source, offsets }: CopyingNote, to: CallRecordStore): Promise<void> {
  const note: CopyNote = { source, offsets, left: await storeDigest(to) };
  await to.transfer.setNote(JSON.stringify(note));
}

async function readNote(from: CallRecordStore, to: CallRecordStore): Promise<CopyNote> {
  const source = await storeId(from);
  if (source === (await storeId(to)))
    throw new CopyRefused('--to: this is the store of --from, or a backup of it. Name another store.');
  const text = await to.transfer.note();
  if (text === undefined) {
    await refuseInUse(to);
    return { source, offsets: {} };
  }
  const note = notes.parse(JSON.parse(text)); // written by this program
  if (note.source !== source)
    throw new CopyRefused('--to: this store is a copy of another store. Name an empty store.');
  if (note.left !== undefined && note.left !== (await storeDigest(to)))
    throw new CopyRefused(
      '--to: the store has changed since it was copied, and copying again would undo the changes. Name another store.',
    );
  return note;
}

/**
 * Returns the offsets of edition numbers. Numbers stay unchanged unless those of two tenants collide in a store with
 * globally unique numbers: there each tenant gets a separate range.
 */
async function offsetsOf(
  note: CopyNote,
  from: CallRecordStore,
  to: CallRecordStore,
  tenants: readonly string[],
): Promise<CopyNote['offsets']> {
  const offsets = { ...note.offsets };
  const known = Object.values(offsets);
  const isRanged = known.some((offset) => offset !== 0);
  const mayMeet =
    tenants.length > 1 &&
    to.transfer.numbersAre === 'of the store' &&
    from.transfer.numbersAre === 'of the tenant';
  const meet = isRanged || (mayMeet && !(await from.transfer.numbersDiffer()));
  if (meet && !isRanged && known.length > 1)
    throw new CopyRefused(
      '--to: two tenants have used the same edition numbers since they were copied. Name an empty store, in which the copy assigns separate numbers.',
    );
  for (const tenantId of tenants) offsets[tenantId] ??= meet ? Object.keys(offsets).length * range : 0;
  if (meet && Object.keys(offsets).length > mostRanges)
    throw new CopyRefused(
      `--to: a sqlite: store can hold ${mostRanges} tenants, and the source has more. Name a postgres: store.`,
    );
  return offsets;
}

/** The size of a tenant's range, so that the numbers of many tenants stay below half of 2^53. */
const range = 2 ** 40;
const mostRanges = 4096;

/** Returns a digest that changes whenever calls, logs, subscriptions or the sync state change. */
export async function storeDigest({ evidence, transfer }: CallRecordStore): Promise<string> {
  const hash = createHash('sha256');
  for (const tenantId of await evidence.tenants())
    hash.update(`${tenantId} ${JSON.stringify(await evidence.tally(tenantId))}\n`);
  hash.update(JSON.stringify(await transfer.logRowCounts()));
  const sums = await rowSumsOf(transfer, stateTables);
  for (const table of stateTables) hash.update(`${table} ${sums.of(table)}\n`);
  return hash.digest('hex');
}

/** Opening a store creates secrets in it. */
const stateTables = replacedTables.filter((table) => table !== 'secret');

/** Returns the id that a store gets when it is first copied. */
function storeId(store: CallRecordStore): Promise<string> {
  return store.secret('store-id', () => Promise.resolve(randomUUID()));
}

/** Rejects a target in use. A store that was only opened has nothing but secrets, which are replaced. */
async function refuseInUse(to: CallRecordStore): Promise<void> {
  const inUse = (what: string) =>
    new CopyRefused(
      `--to: the store already has ${what}. Name an empty store, or one that does not exist yet.`,
    );
  if ((await to.totals()).editions > 0) throw inUse('calls');
  const tables = copiedTables.filter((table) => table !== 'secret');
  await to.transfer.eachRows(tables, (table) => Promise.reject(inUse(`rows of ${table}`)));
}
