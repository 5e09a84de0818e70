/**
 * The interface of a store, in the model's words: a method per question that the API asks, and one that adds received
 * calls. The tenant is in every method and in every key.
 *
 * A call has versions, numbered by Graph. What was received of a version may grow (its pages come one by one, its
 * sessions later), and nothing is overwritten, so each state a call was ever stored in is an **edition**: immutable,
 * numbered by the store, newest last. A read starts from the newest edition of the highest version, and a skip token
 * names the edition it walks.
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
  /** Subscriptions, and the notifications that are still to be sent. */
  readonly subscriptions: SubscriptionStore;
  /** The state of the upstream that calls are synced from, and the queue of calls to fetch. */
  readonly upstream: UpstreamStore;
  /** Leases of work that one process at a time may do. */
  readonly leases: LeaseStore;
  /** Drops calls past their retention. */
  readonly retention: RetentionStore;
  /** Finds calls by who was in them and how they went. */
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
   * Returns the edition a call had: the newest of a version, or the one that was the newest at a time. What was received only after
   * that time is shown as Graph had it then: the newest version modified no later.
   */
  editionAsOf(tenantId: string, callId: string, asOf: AsOf): Awaitable<Edition | undefined>;

  /** Returns the call's own members in stored form: a block of one callRecord. */
  head(edition: Edition): Awaitable<Block>;

  /**
   * Returns an edition and a block of its participants in one query: what a page needs.
   *
   * @param edition As in `edition`.
   * @param block Counted from 0; there is none past the end of the list.
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

  /** Returns the place in the list of the first session with this id, from 0. */
  sessionIndex(edition: Edition, sessionId: string): Awaitable<number | undefined>;

  /** Returns the number of a tenant's newest edition, 0 before the first: a list of calls as of it never changes. */
  newestEdition(tenantId: string): Awaitable<number>;

  /**
   * Returns calls in the order of start and number, each in its newest edition as of an edition.
   *
   * @param after Where to continue; the beginning when absent.
   */
  callsPage(
    tenantId: string,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
  ): Awaitable<readonly ListedCall[]>;

  /**
   * Returns the calls of `callsPage` as text ready to send, joined by commas: what most clients request.
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

  /** Returns how many calls `callsPage` has in all. */
  callsCount(tenantId: string, query: CallsQuery, asOf: number): Awaitable<number>;

  /** Returns rows of a log in the order of time and id, or in the opposite order. */
  logRows(tenantId: string, query: LogQuery): Awaitable<readonly Uint8Array[]>;

  /**
   * Adds rows of logs. A row that is stored with the same text changes nothing; one with other text is replaced: rows
   * have no versions.
   */
  addLogRows(tenantId: string, rows: readonly LogRow[]): Awaitable<readonly Added[]>;

  /** Returns the place in the list of the first participant with this id, from 0. */
  participantIndex(edition: Edition, participantId: string): Awaitable<number | undefined>;

  /** Returns the place in the list of inferred participants, likewise. */
  inferredIndex(edition: Edition, participantId: string): Awaitable<number | undefined>;

  /** True when some edition of the call has a list with this digest. */
  hasList(tenantId: string, callId: string, digest: string): Awaitable<boolean>;

  /** Returns ids of a tenant's calls, newest first, as a sample. */
  someCalls(tenantId: string, limit: number): Awaitable<readonly { callId: string; participants: number }[]>;

  /**
   * Adds received calls, all or none of them; they are on disk when it returns.
   *
   * @returns The outcome of each call, in order. A call whose every part is stored already changes nothing.
   */
  add(tenantId: string, calls: readonly ReceivedCall[]): Awaitable<readonly Added[]>;

  /**
   * Returns a secret of this store by name (the key of skip tokens, the development issuer's key), made by `create` on
   * first use and the same for every process from then on.
   *
   * @param isGood False for a secret that must be replaced; the first process that finds it replaces it.
   */
  secret(name: string, create: () => Promise<string>, isGood?: (value: string) => boolean): Promise<string>;

  /**
   * Returns a number that changes whenever any process may have changed the store: a response made at one revision is
   * valid at the same revision. `undefined` when the store cannot know.
   */
  revision(): Awaitable<number | undefined>;

  /** Returns the servers of the store; none where it is a file. */
  servers(): readonly StoreServer[];

  /** Returns the servers that reads may use besides the one that is written to. */
  replicas(): readonly ReplicaState[];

  /** Returns how much is stored, over all tenants. */
  totals(): Awaitable<Totals>;
}

export interface StoreServer {
  /** Host and port. */
  readonly server: string;
  /** `host`: one of several, of which one is written to. `node`: holds a part of a cluster's rows. */
  readonly role: 'host' | 'node';
  /** False of a standby, and of a server that did not answer when it was last probed. */
  readonly isUsed: boolean;
}

export interface ReplicaState {
  /** How the operator named it, without a password. */
  readonly server: string;
  /** Why reads skip it at present. */
  readonly problem: string | undefined;
  /** A sentence, where it is read from and not everything about it is known. */
  readonly unchecked: string | undefined;
  /** How long it has been behind; absent where that is not known. */
  readonly lagSeconds: number | undefined;
  /** Statements it has answered. */
  readonly reads: number;
}

export interface Totals {
  readonly calls: number;
  readonly editions: number;
}
