/**
 * What Rollcall asks of a store, in the model's words: a method per question the API asks, and one to add what was
 * received. The tenant is in every call and in every key.
 *
 * A call has versions, numbered by Graph. What was received of a version may grow (its pages come one by one, its
 * sessions later), and nothing is overwritten, so each state a call was ever stored in is an **edition**: immutable,
 * numbered by the store, newest last. A read starts from the newest edition of the highest version, and a skip token
 * names the edition it walks.
 */
import { hash } from 'node:crypto';
import type { Block } from '../text/block.ts';

/** Entities in a block of participants: the largest page of participants_v2. */
export const participantsPerBlock = 130;
/** Entities in a block of sessions: the largest page of sessions. */
export const sessionsPerBlock = 60;

/** One immutable state of a call. */
export interface Edition {
  readonly tenantId: string;
  readonly callId: string;
  /** Number of the edition, unique in the store and growing. */
  readonly edition: number;
  /** Version as Graph counts them; 0 when what was received does not say. */
  readonly version: bigint;
  /** Changes whenever anything served of the call may change; safe inside an ETag. */
  readonly digest: string;
  /** Absent when no participants were received. */
  readonly participants: StoredList | undefined;
  /** Absent when no sessions were received. */
  readonly sessions: StoredList | undefined;
}

export interface StoredList {
  /** The edition that brought the list: later editions of the call may share it. */
  readonly list: number;
  readonly count: number;
  /** False when what was received ended with a next link. */
  readonly complete: boolean;
}

/** What was received of one call, in stored form; parts that were not received are absent. */
export interface ReceivedCall {
  readonly callId: string;
  /** Absent when what was received does not say, as in a saved page. */
  readonly version: bigint | undefined;
  /** `startDateTime` in 100-nanosecond ticks since 1970. */
  readonly startTicks: bigint | undefined;
  /** The callRecord's own members and organizer_v2, as a block of one. */
  readonly head: Part<Block>;
  readonly participants: Part<ParticipantList> | undefined;
  readonly sessions: Part<SessionList> | undefined;
}

/** A part of a call and the digest of everything in it, by which it is known again. */
export interface Part<T> {
  readonly digest: string;
  readonly value: T;
}

export interface ParticipantList {
  /** Blocks of `participantsPerBlock`, the last may be shorter. */
  readonly blocks: readonly Block[];
  /** The id of each participant, in order. */
  readonly ids: readonly string[];
  readonly complete: boolean;
}

export interface SessionList {
  /** Blocks of `sessionsPerBlock` sessions without their segments. */
  readonly blocks: readonly Block[];
  /** Beside each block of sessions, the segments of each: an entity there is a JSON array. */
  readonly segments: readonly Block[];
  readonly count: number;
  readonly complete: boolean;
}

/** What became of one received call. */
export type Added = 'added' | 'unchanged';

/** A value, or the promise of one: an embedded store answers at once. */
export type Awaitable<T> = T | Promise<T>;

export interface CallRecordStore extends AsyncDisposable {
  /**
   * The newest edition of a call, or the edition with this number.
   *
   * @returns `undefined` when the tenant has no such call, or the call no such edition.
   */
  edition(tenantId: string, callId: string, edition?: number): Awaitable<Edition | undefined>;

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

  /** A block of sessions and the block of their segments, counted from 0; `undefined` past the end. */
  sessionsBlock(edition: Edition, block: number): Awaitable<{ sessions: Block; segments: Block } | undefined>;

  /** The place in the list of the first participant with this id, from 0. */
  participantIndex(edition: Edition, participantId: string): Awaitable<number | undefined>;

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
   */
  secret(name: string, create: () => Promise<string>): Promise<string>;

  /**
   * A number that changes whenever anything in the store may have changed, by whichever process: what was answered at
   * one revision is still the answer at the same. `undefined` when the store cannot tell without asking.
   */
  revision(): number | undefined;

  /** How much is stored, over all tenants. */
  totals(): Awaitable<Totals>;
}

export interface Totals {
  readonly calls: number;
  readonly editions: number;
}

/** The store cannot do what was asked: the message is a sentence for the operator and holds no data. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** Digest of an edition from the digests of its parts. */
export function editionDigest(head: string, participants: string | null, sessions: string | null): string {
  return hash('sha256', `${head}.${participants ?? ''}.${sessions ?? ''}`, 'base64url').slice(0, 16);
}
