/** What it takes to carry everything that a store keeps into another: the same in both, whatever engine each is on. */
import type { Block } from '../text/block.ts';
import type { Recorded } from './evidence.ts';
import type { Awaitable, Edition } from './store.ts';

/** An edition with what came with it, as it is stored. */
export interface TransferredEdition {
  /** As it is in the store it comes from. */
  readonly edition: Edition;
  readonly recorded: Recorded;
  readonly head: Block;
  /** Lists that this edition brought; those it shares came with an earlier one of the call. */
  readonly participants: readonly Block[] | undefined;
  readonly sessions: { readonly blocks: readonly Block[]; readonly segments: readonly Block[] } | undefined;
  readonly found: readonly Block[] | undefined;
}

/** A value as both engines have it; whole numbers are bigints. */
export type CarriedValue = null | string | bigint | Uint8Array;
export type CarriedRow = readonly CarriedValue[];

/**
 * How a column is kept: `tenant`, `call` and `key` are ids, each in the form its engine has for them; `bytes` of text are
 * text in SQLite.
 */
export type CarriedKind = 'tenant' | 'call' | 'key' | 'text' | 'textBytes' | 'bytes' | 'integer';

/** Everything besides calls, in an order in which rows refer to rows before them. */
export const carried = {
  secret: { name: 'text', value: 'text' },
  log_row: { tenant_no: 'tenant', kind: 'text', ticks: 'integer', row_id: 'key', text: 'bytes' },
  endpoint: { endpoint_no: 'integer', url: 'text' },
  subscription: {
    subscription_no: 'integer',
    tenant_no: 'tenant',
    subscription_id: 'text',
    application_id: 'text',
    resource: 'text',
    change_type: 'text',
    client_state: 'textBytes',
    latest_supported_tls_version: 'text',
    expiration_ticks: 'integer',
    challenge_ms: 'integer',
    since_edition: 'integer',
    endpoint_no: 'integer',
    lifecycle_endpoint_no: 'integer',
  },
  outbox: {
    outbox_no: 'integer',
    endpoint_no: 'integer',
    subscription_no: 'integer',
    event: 'text',
    call_id: 'textBytes',
    end_ticks: 'integer',
    caused_ms: 'integer',
    due_ms: 'integer',
    attempts: 'integer',
  },
  upstream_call: {
    tenant_no: 'tenant',
    call_id: 'call',
    version: 'integer',
    start_ticks: 'integer',
    sightings: 'integer',
    wanted_ms: 'integer',
    attempts: 'integer',
    due_ms: 'integer',
    reason: 'text',
    gone: 'integer',
    taken: 'integer',
  },
  upstream_span: {
    tenant_no: 'tenant',
    what: 'text',
    from_ticks: 'integer',
    before_ticks: 'integer',
    listed_ms: 'integer',
  },
  upstream_state: { tenant_no: 'tenant', name: 'text', value: 'text' },
  verification: { tenant_no: 'tenant', ended_ms: 'integer', report: 'text' },
} as const satisfies Record<string, Record<string, CarriedKind>>;

export type CarriedTable = keyof typeof carried;
export const carriedTables = Object.keys(carried) as readonly CarriedTable[]; // the table's own keys

export interface TransferStore {
  /** Whether an edition's number is given once in the store, or once in its tenant. */
  readonly numbersAre: 'of the store' | 'of the tenant';
  /** The largest number that an edition of any tenant has. */
  largestEdition(): Awaitable<number>;
  /**
   * Puts editions of calls of a tenant where they belong, under their own numbers; all of it or none, on disk when it
   * returns. Nobody is notified. Editions of a call are in the order of their numbers, and none is there yet.
   */
  put(tenantId: string, editions: readonly TransferredEdition[]): Awaitable<void>;
  /** Gives the rows of a table, some at a time, in an order of the engine's. */
  eachRows(table: CarriedTable, take: (rows: readonly CarriedRow[]) => Promise<void>): Promise<void>;
  /** Empties the tables, those that refer to others first. */
  clear(tables: readonly CarriedTable[]): Awaitable<void>;
  insert(table: CarriedTable, rows: readonly CarriedRow[]): Awaitable<void>;
  /** A note of the store's own, replaced whole; it is not carried. */
  note(): Awaitable<string | undefined>;
  setNote(text: string): Awaitable<void>;
  describe(): Awaitable<StoreDescription>;
  /** Writes a copy of the store, as it is at one moment, to a file, while others go on writing. */
  backup?(path: string, onProgress: (done: number, total: number) => void): Promise<void>;
}

export interface StoreDescription {
  readonly kind: 'sqlite' | 'postgres';
  readonly schema: number;
  /** On disk, indexes and what is free included. */
  readonly bytes: number;
  readonly tables: readonly { readonly name: string; readonly bytes: number }[];
  /** Rows of each log, by the type of its rows. */
  readonly logRows: Readonly<Record<string, number>>;
  readonly oldestTicks: bigint | undefined;
  readonly newestTicks: bigint | undefined;
}

/** Names of secrets that belong to a store and to no copy of it. */
export const ownSecrets = ['store-id', 'transfer-note'] as const;

/** What is said of an edition by the numbers it has after the move. */
export function renumbered(moved: TransferredEdition, by: number): TransferredEdition {
  if (by === 0) return moved;
  const { edition } = moved;
  const list = <T extends { readonly list: number }>(one: T | undefined) =>
    one && { ...one, list: one.list < 0 ? one.list - by : one.list + by };
  return {
    ...moved,
    edition: {
      ...edition,
      edition: edition.edition + by,
      call: edition.call + by,
      participants: list(edition.participants),
      sessions: list(edition.sessions),
      found: list(edition.found),
    },
  };
}
