/**
 * Subscriptions to changes of a tenant's calls, and the outbox of notifications that are still to be delivered.
 *
 * The outbox is written by the store itself, in the transaction of what causes a notification: who adds a call need
 * not know that anyone listens, and no crash comes between the two. What is due and what has expired goes by the clock
 * that the store was opened with.
 */
import type { Awaitable } from '../base/awaitable.ts';

/** Graph's `deleted` is not offered for call records. */
export type CallChangeType = 'created' | 'updated';

export interface Subscription {
  /** In lower case, as everywhere in the store. */
  readonly tenantId: string;
  readonly id: string;
  /** The application that asked for it, and alone may see it. */
  readonly applicationId: string;
  /** As the client wrote it: with or without a slash before it, and with its filter. */
  readonly resource: string;
  /** Canonical ids of the filter in the resource, one of which must take part in a call; absent where it has none. */
  readonly participantIds?: readonly string[] | undefined;
  /** As the client wrote it: `created,updated`. */
  readonly changeType: string;
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  readonly clientState: string | null;
  readonly latestSupportedTlsVersion: string;
  /** `expirationDateTime` in 100-nanosecond ticks since 1970. */
  readonly expirationTicks: bigint;
  /** When a challenge to renew it is due, in milliseconds since 1970; `undefined` when none is. */
  readonly challengeMs: number | undefined;
}

/** What a notification says happened. */
export type NotificationEvent = CallChangeType | 'reauthorizationRequired';

/** A notification that is still to be delivered. */
export interface OutboxEntry {
  /** Unique in the store and growing. */
  readonly number: number;
  readonly event: NotificationEvent;
  /** Absent in a lifecycle notification. */
  readonly callId: string | undefined;
  /** End of the call in ticks, where it is known: a reader may be shown the call only some time after it. */
  readonly endTicks: bigint | undefined;
  /** When the change happened, in milliseconds since 1970. */
  readonly causedMs: number;
  /** Deliveries tried so far. */
  readonly attempts: number;
  readonly subscription: Subscription;
}

/** What became of an entry that was taken. */
export type Settlement =
  | { readonly number: number; readonly outcome: 'done' }
  /** Tried in vain: once more at this time. */
  | { readonly number: number; readonly outcome: 'retry'; readonly dueMs: number }
  /** Not tried yet: its time is still to come. */
  | { readonly number: number; readonly outcome: 'postpone'; readonly dueMs: number };

/** Somewhere that notifications are to be sent to. */
export interface Endpoint {
  readonly url: string;
  /** When its first entry is due, in milliseconds since 1970. */
  readonly dueMs: number;
}

/** What is absent stays as it is; `challengeMs: undefined` ends the challenges. */
export type SubscriptionChanges = Partial<
  Pick<Subscription, 'challengeMs' | 'expirationTicks' | 'notificationUrl'>
>;

/** Why a subscription is not added. */
export type SubscriptionRefusal =
  /** The application has one for the same changes of the same resource. */
  | { readonly reason: 'exists'; readonly id: string }
  /** The tenant has as many as it may have. */
  | { readonly reason: 'limit' };

export interface SubscriptionStore {
  /**
   * Adds a subscription, which sees what is added to the store from then on.
   *
   * @param limit How many a tenant may have that have not expired.
   * @returns Why it is not added; `undefined` when it is.
   */
  create(subscription: Subscription, limit: number): Awaitable<SubscriptionRefusal | undefined>;

  /** A subscription that has not expired. */
  get(tenantId: string, applicationId: string, id: string): Awaitable<Subscription | undefined>;

  /** Those of an application, or of all in the tenant, that have not expired, oldest first. */
  list(tenantId: string, applicationId: string | undefined): Awaitable<readonly Subscription[]>;

  /**
   * Changes when it ends, when it is challenged, or where its notifications go: also those still to be delivered.
   *
   * @returns The subscription as it is then; `undefined` when there is none that has not expired.
   */
  update(
    tenantId: string,
    applicationId: string,
    id: string,
    changes: SubscriptionChanges,
  ): Awaitable<Subscription | undefined>;

  /** Ends it, with whatever is still to be delivered to it. @returns False when there is none that has not expired. */
  delete(tenantId: string, applicationId: string, id: string): Awaitable<boolean>;

  /**
   * Writes the challenges that are due to the outbox, and forgets subscriptions some time after they expired: until
   * then, what happened while they lived is still delivered.
   *
   * @param nextChallenge When to challenge again, if nobody answers.
   */
  attend(
    forgetAfterMs: number,
    nextChallenge: (subscription: Subscription) => number | undefined,
  ): Awaitable<void>;

  /** When a challenge is due next, in milliseconds since 1970. */
  nextChallengeMs(): Awaitable<number | undefined>;

  /** Every endpoint with something in the outbox. */
  endpoints(): Awaitable<readonly Endpoint[]>;

  /** What is due at an endpoint, longest due first. */
  due(url: string, limit: number): Awaitable<readonly OutboxEntry[]>;

  /** Writes what became of entries. An entry that is gone meanwhile stays gone. */
  settle(settlements: readonly Settlement[]): Awaitable<void>;

  /** How much is still to be delivered, over all tenants. */
  outboxSize(): Awaitable<number>;
}
