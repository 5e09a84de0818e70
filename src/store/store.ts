/**
 * The interface of a store: one method per question that the API asks, and methods that add received data. Every method
 * and every key has the tenant.
 *
 * Graph numbers the versions of a call. What is received of a version may grow (its pages arrive one by one, its
 * sessions later) and the store overwrites nothing, so it writes each state of a call as an **edition**: immutable and
 * numbered by the store, newest last. A read uses the newest edition of the highest version, and a skip token names the
 * edition that it pages through.
 */
import type { AsOf } from '../query/odata/as-of.ts';
import type { Block } from '../wire/text/block.ts';
import type { EvidenceStore } from './evidence.ts';
import type { InferenceStore } from './inference.ts';
import type { LeaseStore } from './leases.ts';
import type { QuarantineStore } from './quarantine.ts';
import type { SearchStore } from './search.ts';
import type { RenewalStore } from './renewal.ts';
import type { RetentionStore } from './retention.ts';
import type { TransferStore } from './transfer.ts';
import type { SubscriptionStore } from './subscriptions.ts';
import type { UpstreamStore } from './upstream.ts';
import type { Edition } from './edition.ts';
import type { ReceivedCall, Added } from './received-call.ts';
import type { CallPosition, CallsQuery, ListedCall, CallsText } from './call-list.ts';
import type { LogRow, LogQuery } from './log-row.ts';
import type { Awaitable } from '../base/awaitable.ts';

export interface CallRecordStore extends AsyncDisposable {
  /** Proves that the stored data is complete and undamaged. */
  readonly evidence: EvidenceStore;
  /** Stores subscriptions, and notifications that are not delivered yet. */
  readonly subscriptions: SubscriptionStore;
  /** Stores the state of the upstream that calls are synced from, and the queue of calls to fetch. */
  readonly upstream: UpstreamStore;
  /** Grants leases of work that one process at a time may do. */
  readonly leases: LeaseStore;
  /** Drops calls past their retention. */
  readonly retention: RetentionStore;
  /** Finds calls by participants, quality and other facts. */
  readonly search: SearchStore;
  /** Copies everything to another store. */
  readonly transfer: TransferStore;
  /** Keeps received text that could not be stored in its place. */
  readonly quarantine: QuarantineStore;
  /** Rewrites blocks of an earlier release. */
  readonly renewal: RenewalStore;
  /** Infers the participants of calls that an earlier release stored without a list. */
  readonly inference: InferenceStore;

  /**
   * Returns the newest edition of a call, or the edition with this number.
   *
   * @returns `undefined` when the tenant has no such call, or the call no such edition.
   */
  edition(tenantId: string, callId: string, edition?: number): Awaitable<Edition | undefined>;

  /**
   * Returns the edition that a call had: the newest of a version, or the newest at a time. For a time before a call was
   * received, returns the newest version that Graph had modified by then.
   */
  editionAsOf(tenantId: string, callId: string, asOf: AsOf): Awaitable<Edition | undefined>;

  /** Returns the call's own members in stored form: a block of one callRecord. */
  head(edition: Edition): Awaitable<Block>;

  /**
   * Returns an edition and a block of its participants in one query, which is all that a page needs.
   *
   * @param edition As in `edition`.
   * @param block Counted from 0; `undefined` is returned past the end of the list.
   */
  participantsPage(
    tenantId: string,
    callId: string,
    edition: number | undefined,
    block: number,
  ): Awaitable<{ readonly edition: Edition; readonly block: Block | undefined } | undefined>;

  /** Returns a block of participants, counted from 0; `undefined` past the end. */
  participantsBlock(edition: Edition, block: number): Awaitable<Block | undefined>;

  /** Returns a block of the inferred participants, counted from 0; `undefined` past the end. */
  inferredBlock(edition: Edition, block: number): Awaitable<Block | undefined>;

  /** Returns a block of sessions, counted from 0; `undefined` past the end. */
  sessionsBlock(edition: Edition, block: number): Awaitable<Block | undefined>;

  /** Returns the segments of a block of sessions: an entity there is a JSON array, or null where none were received. */
  segmentsBlock(edition: Edition, block: number): Awaitable<Block | undefined>;

  /** Returns the index in the list, from 0, of the first session with this id. */
  sessionIndex(edition: Edition, sessionId: string): Awaitable<number | undefined>;

  /**
   * Returns the number of a tenant's newest edition, 0 before the first. A list of calls as of this edition never
   * changes.
   */
  newestEdition(tenantId: string): Awaitable<number>;

  /**
   * Returns calls ordered by start and number, each in its newest edition as of an edition.
   *
   * @param after The position to continue at; the beginning when absent.
   */
  callsPage(
    tenantId: string,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
  ): Awaitable<readonly ListedCall[]>;

  /**
   * Returns the calls of `callsPage` as text ready to send, joined by commas; most clients request this.
   *
   * @param root The service root as the text of a JSON string.
   */
  callsPageText(
    tenantId: string,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
    root: string,
  ): Awaitable<CallsText>;

  /** Returns how many calls all pages of `callsPage` have. */
  callsCount(tenantId: string, query: CallsQuery, asOf: number): Awaitable<number>;

  /** Returns rows of a log ordered by time and id, or in reverse. */
  logRows(tenantId: string, query: LogQuery): Awaitable<readonly Uint8Array[]>;

  /**
   * Adds log rows. A row that is stored with the same text is unchanged; one with another text is replaced, because log
   * rows have no versions.
   */
  addLogRows(tenantId: string, rows: readonly LogRow[]): Awaitable<readonly Added[]>;

  /** Returns the index in the list, from 0, of the first participant with this id. */
  participantIndex(edition: Edition, participantId: string): Awaitable<number | undefined>;

  /** Returns the index in the list of inferred participants, from 0, of the first with this id. */
  inferredIndex(edition: Edition, participantId: string): Awaitable<number | undefined>;

  /** Returns true when an edition of the call has a list with this digest. */
  hasList(tenantId: string, callId: string, digest: string): Awaitable<boolean>;

  /** Returns the ids of a sample of a tenant's calls, newest first. */
  someCalls(tenantId: string, limit: number): Awaitable<readonly { callId: string; participants: number }[]>;

  /**
   * Adds received calls in one transaction, which is on disk when the method returns.
   *
   * @returns The outcome of each call, in order. A call of which every part is stored already is unchanged.
   */
  add(tenantId: string, calls: readonly ReceivedCall[]): Awaitable<readonly Added[]>;

  /**
   * Returns a secret of this store by name (the key of skip tokens, the development issuer's key). `create` makes it on
   * first use; every process then gets the same one.
   *
   * @param isGood Returns false for a secret that must be replaced; the first process that finds it replaces it.
   */
  secret(name: string, create: () => Promise<string>, isGood?: (value: string) => boolean): Promise<string>;

  /**
   * Returns a number that changes whenever any process may have changed the store: a response made at one revision is
   * valid while the revision is the same. `undefined` when the store cannot know.
   */
  revision(): Awaitable<number | undefined>;

  /** Returns the servers of the store; none where it is a file. */
  servers(): readonly StoreServer[];

  /** Returns the servers that reads may use in addition to the primary. */
  replicas(): readonly ReplicaState[];

  /** Returns the totals over all tenants. */
  totals(): Awaitable<Totals>;
}

export interface StoreServer {
  /** Host and port. */
  readonly server: string;
  /** `host`: one of several, of which one is the primary. `node`: stores a part of a cluster's rows. */
  readonly role: 'host' | 'node';
  /** False for a standby, and for a server that did not answer the last probe. */
  readonly isUsed: boolean;
}

export interface ReplicaState {
  /** The name that the operator configured, without a password. */
  readonly server: string;
  /** Why reads skip it at present; absent while they use it. */
  readonly problem: string | undefined;
  /** One sentence about what could not be checked; absent when everything was checked. */
  readonly unchecked: string | undefined;
  /** How far it lags behind the primary; absent where that is unknown. */
  readonly lagSeconds: number | undefined;
  /** Statements it has answered. */
  readonly reads: number;
}

export interface Totals {
  readonly calls: number;
  readonly editions: number;
}
