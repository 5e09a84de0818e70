/** Answers `GET /rollcall/status`: the subscriptions of a tenant, its lag behind upstream, and missing data. */
import type { Clock } from '../../../base/clock.ts';
import { newestListing } from '../../../store/recency.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import type { Subscription } from '../../../store/subscriptions.ts';
import { formatMs, formatTicks, ticksOf } from '../../../base/ticks.ts';
import { lastReport, shownVerification } from '../../../maintain/verify/last-report.ts';
import { listedHours } from '../../../maintain/verify/listings.ts';
import { completenessOf } from '../../../maintain/verify/report.ts';

interface StatusParts {
  readonly store: CallRecordStore;
  readonly clock: Clock;
}

export async function statusText({ store, clock }: StatusParts, tenantId: string): Promise<string> {
  const { evidence, subscriptions } = store;
  const asOfDateTime = formatTicks(ticksOf(clock.now()));
  const tally = await evidence.tally(tenantId);
  const last = await lastReport(store, tenantId);
  const options = { tally, checked: last?.checked };
  const report = await completenessOf(store, tenantId, clock, options);
  const { state, reason, sinceDateTime, calls, hours, gaps, gapCount, gapsCut } = report;
  return JSON.stringify({
    asOfDateTime,
    ...{ state, reason, sinceDateTime, calls, hours },
    ...(await listedHours(store, [tenantId])),
    subscriptions: (await subscriptions.list(tenantId, undefined)).map(shownSubscription),
    sync: await syncOf(store, clock, tenantId),
    gaps,
    gapCount,
    gapsCut,
    verification: shownVerification(last),
    store: { calls: tally.calls, editions: tally.editions },
  });
}

/** Returns the subscription without the client state and other members that may be secret. */
function shownSubscription(subscription: Subscription) {
  const { id, applicationId, resource, changeType, notificationUrl, lifecycleNotificationUrl } = subscription;
  return {
    id,
    applicationId,
    resource,
    changeType,
    notificationUrl: withoutQuery(notificationUrl),
    lifecycleNotificationUrl:
      lifecycleNotificationUrl === null ? null : withoutQuery(lifecycleNotificationUrl),
    expirationDateTime: formatTicks(subscription.expirationTicks),
  };
}

/** Removes the query of an endpoint's URL, which often contains a secret. */
function withoutQuery(url: string): string {
  return url.split(/[?#]/, 1)[0]!; // at least one part
}

async function syncOf({ upstream }: CallRecordStore, clock: Clock, tenantId: string) {
  const { pending: wanted, expiredUpstream: gone, nextDueMs } = await upstream.counts(tenantId);
  const listed = await newestListing(upstream, tenantId);
  const lagTicks = listed === undefined ? undefined : ticksOf(clock.now()) - listed.before;
  return {
    listedUntilDateTime: listed === undefined ? null : formatTicks(listed.before),
    lastListedDateTime: listed === undefined ? null : formatMs(listed.listedMs),
    lagSeconds: lagTicks === undefined ? null : Number(lagTicks / 10_000_000n),
    wanted,
    gone,
    nextDueDateTime: nextDueMs === undefined ? null : formatMs(nextDueMs),
  };
}
