/**
 * Subscriptions to changes of a tenant's calls, and the outbox of undelivered notifications.
 *
 * The store itself writes the outbox, in the transaction of the change: code that adds a call need not know about
 * subscriptions, and no crash can separate the two. Due and expiry times are compared with the clock that the store was
 * opened with.
 */
import type { Awaitable } from '../base/awaitable.ts';

/** Graph does not offer `deleted` for call records. */
export type CallChangeType = 'created' | 'updated';

export interface Subscription {
  /** In lower case, as in the whole store. */
  readonly tenantId: string;
  readonly id: string;
  /** The application that created the subscription; no other may see it. */
  readonly applicationId: string;
  /** As the client wrote it: with or without a leading slash, and with its filter. */
  readonly resource: string;
  /** Canonical ids in the filter of the resource, one of which must take part in a call; absent without a filter. */
  readonly participantIds?: readonly string[] | undefined;
  /** As the client wrote it: `created,updated`. */
  readonly changeType: string;
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  readonly clientState: string | null;
  readonly latestSupportedTlsVersion: string;
  /** `expirationDateTime` in 100-nanosecond ticks since 1970. */
  readonly expirationTicks: bigint;
  /** When a challenge to renew it is due, in milliseconds since 1970; `undefined` when none is due. */
  readonly challengeMs: number | undefined;
}

/** The event that a notification reports. */
export type NotificationEvent = CallChangeType | 'reauthorizationRequired';

/** A notification that is not delivered yet. */
export interface OutboxEntry {
  /** Unique in the store and growing. */
  readonly number: number;
  readonly event: NotificationEvent;
  /** Absent in a lifecycle notification. */
  readonly callId: string | undefined;
  /** End of the call in ticks, where known: a reader may see the call only some time after it. */
  readonly endTicks: bigint | undefined;
  /** When the change happened, in milliseconds since 1970. */
  readonly causedMs: number;
  /** Delivery attempts so far. */
  readonly attempts: number;
  readonly subscription: Subscription;
}

/** The outcome of an outbox entry that was read for delivery. */
export type Settlement =
  | { readonly number: number; readonly outcome: 'done' }
  /** Delivery failed: retry at this time. */
  | { readonly number: number; readonly outcome: 'retry'; readonly dueMs: number }
  /** No delivery was attempted, because the entry may not be sent before this time. */
  | { readonly number: number; readonly outcome: 'postpone'; readonly dueMs: number };

/** A URL that notifications are sent to. */
export interface Endpoint {
  readonly url: string;
  /** When its first entry is due, in milliseconds since 1970. */
  readonly dueMs: number;
}

/** Absent members stay unchanged; `challengeMs: undefined` ends the challenges. */
export type SubscriptionChanges = Partial<
  Pick<Subscription, 'challengeMs' | 'expirationTicks' | 'notificationUrl'>
>;

/** Why a subscription is not added. */
export type SubscriptionRefusal =
  /** The application has a subscription to the same changes of the same resource. */
  | { readonly reason: 'exists'; readonly id: string }
  /** The tenant has the maximum number of subscriptions. */
  | { readonly reason: 'limit' };

export interface SubscriptionStore {
  /**
   * Adds a subscription to everything that is added to the store afterwards.
   *
   * @param limit How many unexpired subscriptions a tenant may have.
   * @returns Why it is not added; `undefined` when it is added.
   */
  create(subscription: Subscription, limit: number): Awaitable<SubscriptionRefusal | undefined>;

  /** Returns a subscription that has not expired. */
  get(tenantId: string, applicationId: string, id: string): Awaitable<Subscription | undefined>;

  /** Returns the unexpired subscriptions of an application, or of the whole tenant, oldest first. */
  list(tenantId: string, applicationId: string | undefined): Awaitable<readonly Subscription[]>;

  /**
   * Changes the expiration, the challenge time or the notification URL of a subscription; a new URL also applies to
   * undelivered notifications.
   *
   * @returns The changed subscription; `undefined` when no unexpired one has this id.
   */
  update(
    tenantId: string,
    applicationId: string,
    id: string,
    changes: SubscriptionChanges,
  ): Awaitable<Subscription | undefined>;

  /**
   * Deletes a subscription and its undelivered notifications.
   *
   * @returns False when no unexpired one has this id.
   */
  delete(tenantId: string, applicationId: string, id: string): Awaitable<boolean>;

  /**
   * Writes due challenges to the outbox, and deletes subscriptions some time after they expired; until then, changes
   * from before the expiration are still delivered.
   *
   * @param nextChallenge Returns when to challenge again if the client does not react.
   */
  attend(
    forgetAfterMs: number,
    nextChallenge: (subscription: Subscription) => number | undefined,
  ): Awaitable<void>;

  /** Returns when the next challenge is due, in milliseconds since 1970. */
  nextChallengeMs(): Awaitable<number | undefined>;

  /** Returns every endpoint that has entries in the outbox. */
  endpoints(): Awaitable<readonly Endpoint[]>;

  /** Returns the entries that are due at an endpoint, longest due first. */
  due(url: string, limit: number): Awaitable<readonly OutboxEntry[]>;

  /** Applies the outcomes of entries. An entry that was deleted meanwhile stays deleted. */
  settle(settlements: readonly Settlement[]): Awaitable<void>;

  /** Returns how many notifications are undelivered, over all tenants. */
  outboxSize(): Awaitable<number>;
}
