/** What it takes to carry everything that a store keeps into another: the same in both, whatever engine each is on. */
import type { Block } from '../wire/text/block.ts';
import type { Health } from '../wire/text/session-health.ts';
import type { TransferredRow } from './transferred-rows.ts';
import type { Awaitable } from '../base/awaitable.ts';
import type { Edition } from './edition.ts';
import { type CopiedTable, copiedTables, tables } from './tables.ts';

/** A call as a store has it: its editions, and what came with them. */
export interface TransferredCall {
  readonly callId: string;
  /** In the order of their numbers. */
  readonly editions: readonly Edition[];
  /** By the number of the edition. */
  readonly contents: ReadonlyMap<number, EditionContent>;
  /** Of the newest edition, where the store's search index has it: to tell it anew takes longer than to carry the call. */
  readonly health: Health | undefined;
}

/** What came with an edition, in the bytes it is stored in. */
export interface EditionContent {
  readonly headDigest: string;
  readonly participantsDigest: string | undefined;
  readonly sessionsDigest: string | undefined;
  readonly head: Block;
  /** Lists that the edition brought, or whose participants are to be found by its start for the first time. */
  readonly participants: readonly Block[] | undefined;
  readonly sessions: { readonly blocks: readonly Block[]; readonly segments: readonly Block[] } | undefined;
  readonly found: readonly Block[] | undefined;
}

/** All blocks that an edition came with. */
export function blocksOf({ head, participants, sessions, found }: EditionContent): readonly Block[] {
  const lists = [participants, sessions?.blocks, sessions?.segments, found];
  return [head, ...lists.flatMap((list) => list ?? [])];
}

/** Bytes of all blocks of calls. */
export function bytesOf(calls: readonly TransferredCall[]): number {
  let bytes = 0;
  for (const { contents } of calls)
    for (const content of contents.values()) for (const { body } of blocksOf(content)) bytes += body.length;
  return bytes;
}

/** Rows of logs are many and are added to; those of the other tables change, and are replaced. */
export const replacedTables = copiedTables.filter((table) => tables[table].copied === 'replaced');

/** Secrets that belong to a store and to no copy of it: who it is, and how far a copy into it has come. */
export const ownSecrets = ['store-id', 'transfer-note'] as const;
export const transferNote = 'transfer-note';

export type TakeRows = (table: CopiedTable, rows: readonly TransferredRow[]) => Promise<void>;

export interface TransferStore {
  /** Whether an edition's number is given once in the store, or once in its tenant. */
  readonly numbersAre: 'of the store' | 'of the tenant';
  /** False when two tenants have editions of one number. */
  numbersDiffer(): Awaitable<boolean>;
  /**
   * Writes those editions of calls that are not there yet under their own numbers, and the note with them; all of it or none,
   * on disk when it returns. Nobody is notified.
   *
   * @returns How many editions were written.
   */
  put(tenantId: string, calls: readonly TransferredCall[], note: string): Awaitable<number>;
  /** Sees to it that no number up to this one is given to an edition that comes. */
  reserve(tenantId: string, edition: number): Awaitable<void>;
  /** Gives the rows of tables as they are at one moment, some at a time. */
  eachRows(tables: readonly CopiedTable[], take: TakeRows): Promise<void>;
  /** Empties the tables, those that refer to others first. */
  clear(tables: readonly CopiedTable[]): Awaitable<void>;
  insert(table: CopiedTable, rows: readonly TransferredRow[]): Awaitable<void>;
  /** What the last copy into this store noted. */
  note(): Awaitable<string | undefined>;
  setNote(text: string): Awaitable<void>;
  /** Rows of each log, by the type of its rows: of a tenant, or of all. */
  logRowCounts(tenantId?: string): Awaitable<Readonly<Record<string, number>>>;
  /** @param tenantId Whose sessions and times are described; all of them when absent. Bytes and tables are of the store. */
  describe(tenantId?: string): Awaitable<StoreDescription>;
  /** Writes a copy of the store, as it is at one moment, to a file, while others go on writing. */
  backup?(path: string, onProgress: (done: number, total: number) => void): Promise<void>;
}

export interface StoreDescription {
  readonly kind: 'sqlite' | 'postgres';
  readonly schema: number;
  /** On disk, indexes and what is free included. */
  readonly bytes: number;
  readonly tables: readonly { readonly name: string; readonly bytes: number }[];
  /** Sessions of the newest editions. */
  readonly sessions: number;
  readonly oldestTicks: bigint | undefined;
  readonly newestTicks: bigint | undefined;
}
