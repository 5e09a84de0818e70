/** The evidence of a store: what proves that its data is complete and undamaged. */
import type { Awaitable } from '../base/awaitable.ts';
import type { Edition } from './edition.ts';
import type { TransferredCall } from './transfer.ts';

/** Counts of a tenant, kept as calls are added: asking costs nothing. */
export interface Tally {
  readonly calls: number;
  readonly editions: number;
  /** Versions of calls, as Graph counts them. */
  readonly versions: number;
  /** Of the newest edition of each call, without those inferred. */
  readonly participants: number;
  /** Calls whose newest edition lacks something. */
  readonly incomplete: number;
  /** Participants inferred in newest editions. */
  readonly found: number;
  /** Calls whose newest edition has marks (model/oddities.ts). */
  readonly odd: number;
}

/** Numbers that grow whenever something of a tenant is stored: they separate what a verification read from what came later. */
export interface Changes {
  /** The newest edition of the tenant; 0 where none came since these numbers are kept. */
  readonly lastEdition: number;
  /** How often rows of logs were added. */
  readonly logChanges: number;
}

/** What a verification of a tenant found, and when it ended. */
export interface Verification {
  readonly endedMs: number;
  /** JSON, as `rollcall verify` writes it. */
  readonly report: string;
}

interface CheckedRows {
  readonly rows: number;
  readonly damaged: number;
}

export interface IncompleteCall {
  readonly callId: string;
  /** Its newest edition; `undefined` where that is damaged. */
  readonly edition: Edition | undefined;
}

export interface EvidenceStore {
  /** Tenants that have calls, in order. */
  tenants(): Awaitable<readonly string[]>;
  /** Tenants that ever had calls or rows of logs, in order. */
  stored(): Awaitable<readonly string[]>;
  changes(tenantId: string): Awaitable<Changes>;
  tally(tenantId: string): Awaitable<Tally>;
  /** Ids of calls in order, after one. */
  calls(tenantId: string, after: string | undefined, limit: number): Awaitable<readonly string[]>;
  /** Ids, in order, of the calls whose newest edition lacks something or has participants found in its sessions. */
  wanting(tenantId: string, after: string | undefined, limit: number): Awaitable<readonly string[]>;
  /** Calls whose newest edition lacks something, in the order of their ids, after one. */
  lacking(tenantId: string, after: string | undefined, limit: number): Awaitable<readonly IncompleteCall[]>;
  /** Calls whose newest edition has marks, likewise. */
  odd(tenantId: string, after: string | undefined, limit: number): Awaitable<readonly IncompleteCall[]>;
  /** The newest editions of these calls, of those that are there and not damaged, asked for together. */
  newest(tenantId: string, callIds: readonly string[]): Awaitable<readonly Edition[]>;
  /** True when something of the tenant was ever stored: calls, rows of logs, or what a sync notes. */
  knows(tenantId: string): Awaitable<boolean>;
  /** Every edition of a call, by version and then as they came. */
  editions(tenantId: string, callId: string): Awaitable<readonly Edition[]>;
  /** Calls with everything that came with their editions, asked for together; one that is not there has no editions. */
  whole(tenantId: string, callIds: readonly string[]): Awaitable<readonly TransferredCall[]>;
  /** Ids of those calls that are not listed, or whose participants or sessions are not found, as their editions say. */
  misplaced(tenantId: string, calls: readonly TransferredCall[]): Awaitable<readonly string[]>;
  /** How many rows of logs there are, and how many of them do not match their checksum. */
  checkLogRows(tenantId: string): Awaitable<CheckedRows>;
  /** `undefined` also where what was kept does not match its checksum. */
  lastVerification(tenantId: string): Awaitable<Verification | undefined>;
  /** Keeps what a verification found in place of what the last one did; of a tenant of which nothing is stored nothing is kept. */
  keepVerification(tenantId: string, verification: Verification): Awaitable<void>;
  /** How many faults the storage engine finds in its own structures. */
  engineFaults(): Awaitable<number>;
}
