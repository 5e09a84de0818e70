/** The operations that copy all data of a store to another: the same for every engine. */
import type { Block } from '../wire/text/block.ts';
import type { Health } from '../wire/text/session-health.ts';
import type { TransferredRow } from './transferred-rows.ts';
import type { Awaitable } from '../base/awaitable.ts';
import type { Edition } from './edition.ts';
import { type CopiedTable, copiedTables, tables } from './tables.ts';

/** A stored call: its editions and their blocks. */
export interface TransferredCall {
  readonly callId: string;
  /** Ordered by number. */
  readonly editions: readonly Edition[];
  /** Keyed by the number of the edition. */
  readonly contents: ReadonlyMap<number, EditionContent>;
  /**
   * Health of the newest edition, where the store's search index has it: computing it takes longer than copying the
   * call.
   */
  readonly health: Health | undefined;
}

/** The blocks that an edition brought, as the stored bytes. */
export interface EditionContent {
  readonly headDigest: string;
  readonly participantsDigest: string | undefined;
  readonly sessionsDigest: string | undefined;
  readonly head: Block;
  /** Lists that the edition brought, or whose participants are indexed by its start for the first time. */
  readonly participants: readonly Block[] | undefined;
  readonly sessions: { readonly blocks: readonly Block[]; readonly segments: readonly Block[] } | undefined;
  readonly found: readonly Block[] | undefined;
}

/** Returns all blocks that an edition brought. */
export function blocksOf({ head, participants, sessions, found }: EditionContent): readonly Block[] {
  const lists = [participants, sessions?.blocks, sessions?.segments, found];
  return [head, ...lists.flatMap((list) => list ?? [])];
}

/** Returns the total bytes of the blocks of calls. */
export function bytesOf(calls: readonly TransferredCall[]): number {
  let bytes = 0;
  for (const { contents } of calls)
    for (const content of contents.values()) for (const { body } of blocksOf(content)) bytes += body.length;
  return bytes;
}

/** Tables whose rows change, so that a copy replaces them; log rows are many, and a copy adds to them. */
export const replacedTables = copiedTables.filter((table) => tables[table].copied === 'replaced');

/** Secrets that belong to one store and not to its copies: its identity, and the progress of a copy into it. */
export const ownSecrets = ['store-id', 'transfer-note'] as const;
export const transferNote = 'transfer-note';

export type TakeRows = (table: CopiedTable, rows: readonly TransferredRow[]) => Promise<void>;

export interface TransferStore {
  /** Whether edition numbers are unique in the store, or in each tenant. */
  readonly numbersAre: 'of the store' | 'of the tenant';
  /** Returns false when two tenants have editions with the same number. */
  numbersDiffer(): Awaitable<boolean>;
  /**
   * Writes the editions that are not stored yet under their own numbers, and the note, in one transaction that is on
   * disk when the method returns. No subscription is notified.
   *
   * @returns How many editions were written.
   */
  put(tenantId: string, calls: readonly TransferredCall[], note: string): Awaitable<number>;
  /** Ensures that no later edition gets a number up to this one. */
  reserve(tenantId: string, edition: number): Awaitable<void>;
  /** Passes the rows of tables, as of one moment, in batches. */
  eachRows(tables: readonly CopiedTable[], take: TakeRows): Promise<void>;
  /** Empties the tables, those that refer to others first. */
  clear(tables: readonly CopiedTable[]): Awaitable<void>;
  insert(table: CopiedTable, rows: readonly TransferredRow[]): Awaitable<void>;
  /** Returns the note of the last copy into this store. */
  note(): Awaitable<string | undefined>;
  setNote(text: string): Awaitable<void>;
  /** Returns the number of rows of each log, keyed by row type: of a tenant, or of all. */
  logRowCounts(tenantId?: string): Awaitable<Readonly<Record<string, number>>>;
  /**
   * Describes the store.
   *
   * @param tenantId Restricts sessions and times to a tenant; bytes and tables are of the whole store.
   */
  describe(tenantId?: string): Awaitable<StoreDescription>;
  /** Writes a copy of the store, as of one moment, to a file, while others continue to write. */
  backup?(path: string, onProgress: (done: number, total: number) => void): Promise<void>;
}

export interface StoreDescription {
  readonly kind: 'sqlite' | 'postgres';
  readonly schema: number;
  /** Bytes on disk, including indexes and free space. */
  readonly bytes: number;
  readonly tables: readonly { readonly name: string; readonly bytes: number }[];
  /** Sessions of the newest editions. */
  readonly sessions: number;
  readonly oldestTicks: bigint | undefined;
  readonly newestTicks: bigint | undefined;
}
