/** What it takes to carry everything that a store keeps into another: the same in both, whatever engine each is on. */
import type { Block } from '../text/block.ts';
import type { Health } from '../text/session-health.ts';
import type { Awaitable, Edition } from './store.ts';

/** A call as a store has it: its editions, and what came with those of them that are to be carried. */
export interface TransferredCall {
  readonly callId: string;
  /** In the order of their numbers, whether they are carried or not. */
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

/** Which editions of a call are meant. */
export interface Wanted {
  /** None after this one. */
  readonly upTo: number;
  /** Not these. */
  readonly without: ReadonlySet<number>;
}

/** All of them. */
export const everyEdition: Wanted = { upTo: Number.MAX_SAFE_INTEGER, without: new Set() };

/** A value as both engines have it; whole numbers are bigints. */
export type CarriedValue = null | string | bigint | Uint8Array;
export type CarriedRow = readonly CarriedValue[];

/**
 * How a column is kept: `tenant`, `call` and `key` are ids, each in the form its engine has for them; `textBytes` is text
 * that is bytes in PostgreSQL; `edition` is the number of one.
 */
export type CarriedKind = 'tenant' | 'call' | 'key' | 'text' | 'textBytes' | 'bytes' | 'integer' | 'edition';

/** Everything besides calls, in an order in which rows refer to rows before them. */
export const carried = {
  secret: { name: 'text', value: 'text' },
  log_row: {
    tenant_no: 'tenant',
    kind: 'text',
    ticks: 'integer',
    row_id: 'key',
    text: 'bytes',
    crc: 'integer',
  },
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
    since_edition: 'edition',
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

/** Rows of logs are many and are added to; those of the other tables change, and are replaced. */
export const replacedTables = carriedTables.filter((table) => table !== 'log_row');

/** Secrets that belong to a store and to no copy of it: who it is, and how far a copy into it has come. */
export const ownSecrets = ['store-id', 'transfer-note'] as const;
export const transferNote = 'transfer-note';

/** Calls made ready to be written by a store, which alone looks into them; they can be sent to another thread. */
export interface ReadyCalls {
  /** What of them can be moved there, and is not to be used here then. */
  readonly movable: readonly ArrayBuffer[];
}

export type TakeRows = (table: CarriedTable, rows: readonly CarriedRow[]) => Promise<void>;

export interface TransferStore<Ready extends ReadyCalls = ReadyCalls> {
  /** Whether an edition's number is given once in the store, or once in its tenant. */
  readonly numbersAre: 'of the store' | 'of the tenant';
  /** False when two tenants have editions of one number. */
  numbersDiffer(): Awaitable<boolean>;
  /** Numbers of all editions of these calls. */
  numbersOf(tenantId: string, callIds: readonly string[]): Awaitable<ReadonlySet<number>>;
  /** Calls of a tenant, each with what came with those of its editions that are wanted. */
  read(tenantId: string, callIds: readonly string[], wanted: Wanted): Awaitable<readonly TransferredCall[]>;
  /** Does what of writing calls does not depend on what is there, so that several threads can. */
  ready(tenantId: string, calls: readonly TransferredCall[]): Awaitable<Ready>;
  /**
   * Writes the carried editions of calls under their own numbers, and the note with them; all of it or none, on disk when
   * it returns. Nobody is notified. Editions that are not carried are there already.
   */
  put(tenantId: string, calls: readonly Ready[], note: string): Awaitable<void>;
  /** Sees to it that no number up to this one is given to an edition that comes. */
  reserve(tenantId: string, edition: number): Awaitable<void>;
  /** Gives the rows of tables as they are at one moment, some at a time. */
  eachRows(tables: readonly CarriedTable[], take: TakeRows): Promise<void>;
  /** Empties the tables, those that refer to others first. */
  clear(tables: readonly CarriedTable[]): Awaitable<void>;
  insert(table: CarriedTable, rows: readonly CarriedRow[]): Awaitable<void>;
  /** What the last copy into this store noted. */
  note(): Awaitable<string | undefined>;
  setNote(text: string): Awaitable<void>;
  /** Rows of each log, by the type of its rows. */
  logRowCounts(): Awaitable<Readonly<Record<string, number>>>;
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
  /** Sessions of the newest editions. */
  readonly sessions: number;
  readonly oldestTicks: bigint | undefined;
  readonly newestTicks: bigint | undefined;
}
