/** The evidence of a store: what proves that its data is complete and undamaged. */
import type { Awaitable } from '../base/awaitable.ts';
import type { Edition } from './edition.ts';
import type { TransferredCall } from './transfer.ts';

/** Counts of a tenant, updated as calls are added: reading them costs nothing. */
export interface Tally {
  readonly calls: number;
  readonly editions: number;
  /** Versions of calls, counted as Graph counts them. */
  readonly versions: number;
  /** Received participants of the newest edition of each call. */
  readonly participants: number;
  /** Calls whose newest edition has missing parts. */
  readonly incomplete: number;
  /** Participants inferred in newest editions. */
  readonly found: number;
  /** Calls whose newest edition has oddities (contract/oddities.ts). */
  readonly odd: number;
}

/**
 * Numbers that grow whenever a tenant's data is added: they separate what a verification read from what was added
 * later.
 */
export interface Changes {
  /** The newest edition of the tenant; 0 when none was added since these numbers are recorded. */
  readonly lastEdition: number;
  /** How often log rows were added. */
  readonly logChanges: number;
}

/** The result of a verification of a tenant, and when it ended. */
export interface Verification {
  readonly endedMs: number;
  /** JSON in the form that `rollcall verify` writes. */
  readonly report: string;
}

interface CheckedRows {
  readonly rows: number;
  readonly damaged: number;
}

export interface IncompleteCall {
  readonly callId: string;
  /** Its newest edition; `undefined` when that is damaged. */
  readonly edition: Edition | undefined;
}

export interface EvidenceStore {
  /** Returns the tenants that have calls, in order. */
  tenants(): Awaitable<readonly string[]>;
  /** Returns the tenants that ever had calls or log rows, in order. */
  stored(): Awaitable<readonly string[]>;
  changes(tenantId: string): Awaitable<Changes>;
  tally(tenantId: string): Awaitable<Tally>;
  /** Returns ids of calls in order, after one. */
  calls(tenantId: string, after: string | undefined, limit: number): Awaitable<readonly string[]>;
  /** Returns ids, in order, of the calls whose newest edition has missing parts or inferred participants. */
  wanting(tenantId: string, after: string | undefined, limit: number): Awaitable<readonly string[]>;
  /** Returns calls whose newest edition has missing parts, ordered by id, after one. */
  lacking(tenantId: string, after: string | undefined, limit: number): Awaitable<readonly IncompleteCall[]>;
  /** Returns calls whose newest edition has oddities, ordered by id, after one. */
  odd(tenantId: string, after: string | undefined, limit: number): Awaitable<readonly IncompleteCall[]>;
  /** Returns the newest editions of these calls in one query; missing and damaged ones are left out. */
  newest(tenantId: string, callIds: readonly string[]): Awaitable<readonly Edition[]>;
  /** Returns true when any data of the tenant was ever stored: calls, log rows or the state of a sync. */
  knows(tenantId: string): Awaitable<boolean>;
  /** Returns every edition of a call, ordered by version and number. */
  editions(tenantId: string, callId: string): Awaitable<readonly Edition[]>;
  /** Returns calls with all editions and their blocks in one query; a call that does not exist has no editions. */
  whole(tenantId: string, callIds: readonly string[]): Awaitable<readonly TransferredCall[]>;
  /**
   * Returns the ids of the calls whose index entries do not match their editions: list entry, participants or sessions.
   */
  misplaced(tenantId: string, calls: readonly TransferredCall[]): Awaitable<readonly string[]>;
  /** Counts the log rows, and those that do not match their checksum. */
  checkLogRows(tenantId: string): Awaitable<CheckedRows>;
  /** Returns the last verification; `undefined` also when the stored one does not match its checksum. */
  lastVerification(tenantId: string): Awaitable<Verification | undefined>;
  /** Stores a verification in place of the last one; does nothing for a tenant without stored data. */
  keepVerification(tenantId: string, verification: Verification): Awaitable<void>;
  /** Returns how many faults the storage engine finds in its own structures. */
  engineFaults(): Awaitable<number>;
}
