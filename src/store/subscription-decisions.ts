/** Decides how subscriptions and the outbox change: rows in, writes out. Both engines call it. */
import { changeTypesOf, isSameSubscription } from '../query/plan/same-subscription.ts';
import { eventsOf, isChange } from './call-changes.ts';
import {
  type CallChange,
  type ChangeListener,
  formatIds,
  type ListedParticipant,
  parseIds,
  passesOf,
} from './change-listeners.ts';
import type {
  NotificationEvent,
  OutboxEntry,
  Settlement,
  Subscription,
  SubscriptionChanges,
  SubscriptionRefusal,
} from './subscriptions.ts';
import { fieldsOf, type FieldsRow } from './table-sql.ts';
import type { RowWrite } from './writes.ts';

const aliases = { t: 'tenant', s: 'subscription', e: 'endpoint', l: 'endpoint', o: 'outbox' } as const;

/** The columns of a subscription with its tenant and its endpoints. */
const shown = {
  tenantId: 't.tenant_id',
  id: 's.subscription_id',
  applicationId: 's.application_id',
  resource: 's.resource',
  participantIds: 's.participant_ids',
  changeType: 's.change_type',
  notificationUrl: 'e.url',
  lifecycleNotificationUrl: 'l.url?',
  clientState: 's.client_state',
  latestSupportedTlsVersion: 's.latest_supported_tls_version',
  expirationTicks: 's.expiration_ticks',
  challengeMs: 's.challenge_ms',
} as const;
export const subscriptionFields = fieldsOf(aliases, shown);
/** The same columns for a subscription whose challenge is due. */
export const challengedFields = fieldsOf(aliases, {
  subscriptionNo: 's.subscription_no',
  lifecycleEndpointNo: 's.lifecycle_endpoint_no',
  ...shown,
});
/** The columns of a notification that is due, with its subscription. */
export const entryFields = fieldsOf(aliases, {
  ...{ number: 'o.outbox_no', event: 'o.event', callId: 'o.call_id', endTicks: 'o.end_ticks' },
  ...{ causedMs: 'o.caused_ms', attempts: 'o.attempts' },
  ...shown,
});
/** The columns of a subscription that decide which changes it is notified of. */
export const listenerFields = fieldsOf(aliases, {
  subscriptionNo: 's.subscription_no',
  changeType: 's.change_type',
  since: 's.since_edition',
  endpointNo: 's.endpoint_no',
  participantIds: 's.participant_ids',
});

type SubscriptionRow = FieldsRow<typeof subscriptionFields>;
type ChallengedRow = FieldsRow<typeof challengedFields>;
type EntryRow = FieldsRow<typeof entryFields>;

export function subscriptionOf(row: SubscriptionRow): Subscription {
  const { lifecycleNotificationUrl = null, clientState = null, participantIds, ...others } = row;
  return { ...others, lifecycleNotificationUrl, clientState, participantIds: parseIds(participantIds) };
}

export function entryOf(row: EntryRow): OutboxEntry {
  const { number, event, callId, endTicks, causedMs, attempts, ...subscription } = row;
  return {
    ...{ number, callId, endTicks, causedMs, attempts },
    event: event as NotificationEvent, // `notice` wrote it
    subscription: subscriptionOf(subscription),
  };
}

interface NewSubscription {
  readonly tenantNo: number;
  /** Number of the newest edition. */
  readonly since: number;
  readonly endpointNo: number;
  readonly lifecycleEndpointNo: number | undefined;
}

/**
 * Decides whether a subscription may be added.
 *
 * @param live The application's subscriptions that have not expired.
 * @param count Number of the tenant's subscriptions that have not expired.
 * @param limit How many a tenant may have.
 */
export function refusalOf(
  subscription: Subscription,
  live: readonly Subscription[],
  count: number,
  limit: number,
): SubscriptionRefusal | undefined {
  const same = live.find((one) => isSameSubscription(one, subscription));
  if (same !== undefined) return { reason: 'exists', id: same.id };
  return count >= limit ? { reason: 'limit' } : undefined;
}

/** Adds a subscription, which sees the editions after the newest one. */
export function added(subscription: Subscription, numbers: NewSubscription): readonly RowWrite[] {
  const { tenantNo, since, endpointNo, lifecycleEndpointNo } = numbers;
  return [
    {
      insert: 'subscription',
      row: {
        tenant_no: tenantNo,
        subscription_id: subscription.id,
        application_id: subscription.applicationId,
        resource: subscription.resource,
        participant_ids: formatIds(subscription.participantIds),
        change_type: subscription.changeType,
        client_state: subscription.clientState ?? undefined,
        latest_supported_tls_version: subscription.latestSupportedTlsVersion,
        expiration_ticks: subscription.expirationTicks,
        challenge_ms: subscription.challengeMs,
        since_edition: since,
        endpoint_no: endpointNo,
        lifecycle_endpoint_no: lifecycleEndpointNo,
      },
    },
  ];
}

/**
 * Changes a subscription. Undelivered notifications move to its new endpoint.
 *
 * @param endpointNo Number of the new endpoint, when it changes.
 */
export function changed(
  subscriptionNo: number,
  changes: SubscriptionChanges,
  endpointNo: number | undefined,
): readonly RowWrite[] {
  const { expirationTicks } = changes;
  const set = {
    ...('challengeMs' in changes && { challenge_ms: changes.challengeMs }),
    ...(expirationTicks !== undefined && { expiration_ticks: expirationTicks }),
    ...(endpointNo !== undefined && { endpoint_no: endpointNo }),
  };
  const where = { subscription_no: subscriptionNo };
  const writes: RowWrite[] = Object.keys(set).length === 0 ? [] : [{ update: 'subscription', where, set }];
  if (endpointNo === undefined) return writes;
  // Challenges go to the lifecycle endpoint, which cannot be changed.
  const moved = (['created', 'updated'] as const).map((event): RowWrite => {
    return { update: 'outbox', where: { ...where, event }, set: { endpoint_no: endpointNo } };
  });
  return [...writes, ...moved];
}

/**
 * Writes the notifications for a new edition of a call.
 *
 * @param concerned Subscriptions whose filter the edition passes.
 * @param listed The index rows of the participants that `earlierParticipants` returned.
 */
export function notified(
  concerned: readonly ChangeListener[],
  change: Omit<CallChange, 'participantIds'>,
  listed: readonly ListedParticipant[],
  nowMs: number,
): readonly RowWrite[] {
  const { edition, before } = change;
  const { callId, endTicks } = edition;
  return concerned.flatMap((listener) => {
    const passes = passesOf(listener, change, listed);
    if (!isChange(edition, before, passes)) return [];
    const { subscriptionNo, changeType, since, endpointNo } = listener;
    return eventsOf(changeTypesOf(changeType), since, before, passes).map((event) =>
      notice(endpointNo, subscriptionNo, { event, callId, endTicks }, nowMs),
    );
  });
}

/** Writes a challenge for each subscription that is due, unless it has expired. */
export function challenged(
  rows: readonly ChallengedRow[],
  nextChallenge: (subscription: Subscription) => number | undefined,
  nowMs: number,
  nowTicks: bigint,
): readonly RowWrite[] {
  return rows.flatMap(({ subscriptionNo, lifecycleEndpointNo, ...row }): RowWrite[] => {
    const subscription = subscriptionOf(row);
    const set = { challenge_ms: nextChallenge(subscription) };
    const next: RowWrite = { update: 'subscription', where: { subscription_no: subscriptionNo }, set };
    if (subscription.expirationTicks <= nowTicks || lifecycleEndpointNo === undefined) return [next];
    const what = { event: 'reauthorizationRequired', callId: undefined, endTicks: undefined } as const;
    return [next, notice(lifecycleEndpointNo, subscriptionNo, what, nowMs)];
  });
}

/** Applies the outcomes of outbox entries; an entry that was deleted meanwhile stays deleted. */
export function settled(settlements: readonly Settlement[]): readonly RowWrite[] {
  return settlements.map((settlement): RowWrite => {
    const where = { outbox_no: settlement.number };
    if (settlement.outcome === 'done') return { delete: 'outbox', where };
    const set = { due_ms: Math.ceil(settlement.dueMs) };
    return settlement.outcome === 'retry'
      ? { update: 'outbox', where, set, add: { attempts: 1 } }
      : { update: 'outbox', where, set };
  });
}

function notice(
  endpointNo: number,
  subscriptionNo: number,
  { event, callId, endTicks }: Pick<OutboxEntry, 'event' | 'callId' | 'endTicks'>,
  nowMs: number,
): RowWrite {
  return {
    insert: 'outbox',
    row: {
      ...{ endpoint_no: endpointNo, subscription_no: subscriptionNo, event },
      ...{ call_id: callId, end_ticks: endTicks, caused_ms: nowMs, due_ms: nowMs },
    },
  };
}
