/**
 * What Rollcall asks of a store, in the model's words: a method per question the API asks, and one to add what was
 * received. The tenant is in every call and in every key.
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
  /** What there is to prove of what is stored. */
  readonly evidence: EvidenceStore;
  /** Who is notified of changes, and what they have not been told yet. */
  readonly subscriptions: SubscriptionStore;
  /** What is known of the upstream that the calls are kept from. */
  readonly upstream: UpstreamStore;
  /** What one process at a time may do. */
  readonly leases: LeaseStore;
  /** Dropping what is not to be kept any longer. */
  readonly retention: RetentionStore;
  /** Finding calls by who was in them and how they went. */
  readonly search: SearchStore;
  /** Carrying everything to another store. */
  readonly transfer: TransferStore;
  /** What could not be stored where it stood. */
  readonly quarantine: QuarantineStore;
  /** Rewrites blocks of an earlier release. */
  readonly renewal: RenewalStore;
  /** Infers the participants of calls that an earlier release stored without a list. */
  readonly inference: InferenceStore;

  /**
   * The newest edition of a call, or the edition with this number.
   *
   * @returns `undefined` when the tenant has no such call, or the call no such edition.
   */
  edition(tenantId: string, callId: string, edition?: number): Awaitable<Edition | undefined>;

  /**
   * The edition a call had: the newest of a version, or the one that was the newest at a time. What was received after
   * that time only is shown as Graph had it then: the newest version modified no later.
   */
  editionAsOf(tenantId: string, callId: string, asOf: AsOf): Awaitable<Edition | undefined>;

  /** The call's own members in stored form: a block of one callRecord. */
  head(edition: Edition): Awaitable<Block>;

  /**
   * An edition and a block of its participants in one question: what a page needs.
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

  /** A block of participants, counted from 0; `undefined` past the end. */
  participantsBlock(edition: Edition, block: number): Awaitable<Block | undefined>;

  /** A block of the inferred participants, counted from 0; `undefined` past the end. */
  inferredBlock(edition: Edition, block: number): Awaitable<Block | undefined>;

  /** A block of sessions, counted from 0; `undefined` past the end. */
  sessionsBlock(edition: Edition, block: number): Awaitable<Block | undefined>;

  /** The segments of a block of sessions: an entity there is a JSON array, or null where none were received. */
  segmentsBlock(edition: Edition, block: number): Awaitable<Block | undefined>;

  /** The place in the list of the first session with this id, from 0. */
  sessionIndex(edition: Edition, sessionId: string): Awaitable<number | undefined>;

  /** Number of a tenant's newest edition, 0 before the first: a list of calls as of it does not change any more. */
  newestEdition(tenantId: string): Awaitable<number>;

  /**
   * Calls in the order of start and number, each in its newest edition as of an edition.
   *
   * @param after Where to go on; from the beginning when absent.
   */
  callsPage(
    tenantId: string,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
  ): Awaitable<readonly ListedCall[]>;

  /**
   * The calls of `callsPage` as text ready to be sent, joined by commas: what most clients ask for.
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

  /** How many calls `callsPage` would give in all. */
  callsCount(tenantId: string, query: CallsQuery, asOf: number): Awaitable<number>;

  /** Rows of a log in the order of time and id. */
  logRows(tenantId: string, query: LogQuery): Awaitable<readonly Uint8Array[]>;

  /**
   * Adds rows of logs; one that is there in the same words changes nothing, one in other words takes its place: rows
   * have no versions.
   */
  addLogRows(tenantId: string, rows: readonly LogRow[]): Awaitable<readonly Added[]>;

  /** The place in the list of the first participant with this id, from 0. */
  participantIndex(edition: Edition, participantId: string): Awaitable<number | undefined>;

  /** Likewise in the list of inferred participants. */
  inferredIndex(edition: Edition, participantId: string): Awaitable<number | undefined>;

  /** True when some edition of the call has a list with this digest. */
  hasList(tenantId: string, callId: string, digest: string): Awaitable<boolean>;

  /** Ids of calls of a tenant, newest first; for showing what is there. */
  someCalls(tenantId: string, limit: number): Awaitable<readonly { callId: string; participants: number }[]>;

  /**
   * Adds what was received, all of it or none; on disk when it returns.
   *
   * @returns What became of each call, in order. A call whose every part is known already changes nothing.
   */
  add(tenantId: string, calls: readonly ReceivedCall[]): Awaitable<readonly Added[]>;

  /**
   * A secret of this store by name (the key of skip tokens, the development issuer's key), made by `create` on first
   * use and the same ever after, whichever process asks first.
   *
   * @param isGood False for a secret that must be replaced; the first process that finds it replaces it.
   */
  secret(name: string, create: () => Promise<string>, isGood?: (value: string) => boolean): Promise<string>;

  /**
   * A number that changes whenever anything in the store may have changed, by whichever process: what was answered at
   * one revision is still the answer at the same. `undefined` when the store cannot tell.
   */
  revision(): Awaitable<number | undefined>;

  /** Servers that the store is on; none where it is a file. */
  servers(): readonly StoreServer[];

  /** Servers that reads may go to besides the one that is written to. */
  replicas(): readonly ReplicaState[];

  /** How much is stored, over all tenants. */
  totals(): Awaitable<Totals>;
}

export interface StoreServer {
  /** Host and port. */
  readonly server: string;
  /** One of which one is written to, or one of a cluster that holds a part of the rows. */
  readonly role: 'host' | 'node';
  /** False of a host that stands by, and of whichever did not answer when it was last asked. */
  readonly isUsed: boolean;
}

export interface ReplicaState {
  /** In words, without a password. */
  readonly server: string;
  /** Why it is not read from at present. */
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
