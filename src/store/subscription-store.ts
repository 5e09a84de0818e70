/** Implements subscriptions and the outbox for both engines. */
import type { Clock } from '../base/clock.ts';
import { ticksOf } from '../base/ticks.ts';
import {
  type CallChange,
  type ChangeListeners,
  earlierParticipants,
  KnownListeners,
  type ListedParticipant,
} from './change-listeners.ts';
import { all, type Database, one, type Steps, type StepValue, writeRows } from './steps.ts';
import {
  added,
  challenged,
  changed,
  entryOf,
  notified,
  refusalOf,
  settled,
  subscriptionOf,
} from './subscription-decisions.ts';
import type { Subscription, SubscriptionStore } from './subscriptions.ts';

/** Subscriptions, with the steps that a transaction runs when it adds calls. */
export interface Subscriptions extends SubscriptionStore {
  /** Returns the subscriptions that a change to the tenant's calls may concern. */
  listenersOf(tenantNo: number): Steps<ChangeListeners>;
  /** Writes the notifications for a new edition of a call. */
  changed(tenantNo: number, listeners: ChangeListeners, change: CallChange): Steps<void>;
}

/** Reads the lists of a call that have one of some participants, by one of the starts of the call. */
export type ListedOf = (
  tenantNo: number,
  call: number,
  ids: readonly string[],
  starts: readonly bigint[],
) => Steps<readonly ListedParticipant[]>;

export function createSubscriptions(database: Database, clock: Clock, listedOf: ListedOf): Subscriptions {
  const knownListeners = new KnownListeners();
  const nowMs = () => clock.now().getTime();
  const nowTicks = () => ticksOf(clock.now());
  return {
    create: (subscription, limit) =>
      database.addTo(subscription.tenantId, function* (tenantNo) {
        const { applicationId, notificationUrl, lifecycleNotificationUrl } = subscription;
        // The lock keeps calls from being added meanwhile: the subscription sees later editions and no earlier ones.
        const [since = 0] = (yield* one('lockTenant', tenantNo)) ?? [];
        const now = nowTicks();
        const [count] = (yield* one('countLiveSubscriptions', tenantNo, now))!; // an aggregate has a row
        const live = yield* subscriptionsBy('subscriptions', tenantNo, now, applicationId);
        const refusal = refusalOf(subscription, live, Number(count), limit);
        if (refusal !== undefined) return refusal;
        const endpointNo = yield* endpointOf(notificationUrl);
        const lifecycleEndpointNo =
          lifecycleNotificationUrl === null ? undefined : yield* endpointOf(lifecycleNotificationUrl);
        const numbers = { tenantNo, since: Number(since), endpointNo, lifecycleEndpointNo };
        yield* writeRows(added(subscription, numbers));
        return undefined;
      }),

    get: (tenantId, applicationId, id) =>
      database.readOf(tenantId, function* (tenantNo) {
        return (yield* subscriptionsBy('subscription', tenantNo, nowTicks(), applicationId, id))[0];
      }),

    list: (tenantId, applicationId) =>
      database.readOf(tenantId, (tenantNo) =>
        applicationId === undefined
          ? subscriptionsBy('tenantSubscriptions', tenantNo, nowTicks())
          : subscriptionsBy('subscriptions', tenantNo, nowTicks(), applicationId),
      ),

    update: (tenantId, applicationId, id, changes) =>
      database.writeOf(tenantId, function* (tenantNo) {
        const { notificationUrl } = changes;
        // Without the lock, notifications added meanwhile would go to the previous endpoint.
        if (notificationUrl !== undefined) yield* one('lockTenant', tenantNo);
        const key = [tenantNo, nowTicks(), applicationId, id] as const;
        const found = yield* one('lockSubscription', ...key);
        if (found === undefined) return undefined;
        const endpointNo = notificationUrl === undefined ? undefined : yield* endpointOf(notificationUrl);
        yield* writeRows(changed(Number(found[0]), changes, endpointNo));
        return (yield* subscriptionsBy('subscription', ...key))[0];
      }),

    delete: (tenantId, applicationId, id) =>
      database.writeOf(tenantId, function* (tenantNo) {
        return (yield* one('deleteSubscription', tenantNo, nowTicks(), applicationId, id)) !== undefined;
      }),

    *listenersOf(tenantNo) {
      return knownListeners.of(tenantNo, yield* all('listeners', tenantNo, nowTicks()));
    },

    *changed(tenantNo, listeners, change) {
      const concerned = listeners.concernedBy(change);
      if (concerned.length === 0) return;
      const { ids, starts } = earlierParticipants(concerned, change.before);
      const listed = ids.length === 0 ? [] : yield* listedOf(tenantNo, change.edition.call, ids, starts);
      yield* writeRows(notified(concerned, change, listed, nowMs()));
    },

    async attend(forgetAfterMs, nextChallenge) {
      const [now, ticks] = [nowMs(), nowTicks()];
      const expired = ticks - BigInt(forgetAfterMs) * 10_000n;
      const isDue = await database.read(function* () {
        const next = yield* nextChallengeMs();
        const isChallenged = next !== undefined && next <= now;
        return isChallenged || (yield* one('forgettable', expired)) !== undefined;
      });
      if (!isDue) return;
      await database.write(function* () {
        yield* writeRows(challenged(yield* all('challenged', now), nextChallenge, now, ticks));
        yield* all('forgetSubscriptions', expired);
        yield* all('forgetEndpoints');
      });
    },

    nextChallengeMs: () => database.read(nextChallengeMs),

    endpoints: () =>
      database.read(function* () {
        const rows = yield* all('endpoints');
        return rows.map(([url, dueMs]) => ({ url: url as string, dueMs: Number(dueMs) }));
      }),

    due: (url, limit) =>
      database.read(function* () {
        const [endpointNo] = (yield* one('endpointNo', url)) ?? [];
        if (endpointNo === undefined) return [];
        return (yield* all('dueEntries', endpointNo, nowMs(), limit)).map(entryOf);
      }),

    settle: (settlements) =>
      database.write(function* () {
        yield* writeRows(settled(settlements));
      }),

    outboxSize: () =>
      database.read(function* () {
        return Number((yield* one('outboxSize'))?.[0]); // an aggregate has a row
      }),
  };
}

function* subscriptionsBy(
  name: 'subscription' | 'subscriptions' | 'tenantSubscriptions',
  ...values: readonly StepValue[]
): Steps<readonly Subscription[]> {
  return (yield* all(name, ...values)).map(subscriptionOf);
}

function* nextChallengeMs(): Steps<number | undefined> {
  const [next = null] = (yield* one('nextChallenge')) ?? [];
  return next === null ? undefined : Number(next);
}

function* endpointOf(url: string): Steps<number> {
  yield* all('addEndpoint', url);
  return Number((yield* one('lockEndpoint', url))?.[0]);
}
