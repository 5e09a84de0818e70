/** Answers `/subscriptions`: lists the calling application's subscriptions and creates one. */
import { randomUUID } from 'node:crypto';
import { Fault } from '../../contract/faults.ts';
import { firstChallengeMs } from '../../notify/challenge.ts';
import { isSameSubscription } from '../../query/plan/same-subscription.ts';
import { planSubscription } from '../../query/plan/subscription.ts';
import type { GraphResponse } from '../messages.ts';
import { subscriptionBody, subscriptionsBody } from '../subscription-body.ts';
import type { Write, WriteParts, Read, ReadParts } from '../handler.ts';

/** The quota per organization (reference "Change notifications API"). */
const perTenant = 100;

export async function readSubscriptions(read: Read, { store }: ReadParts): Promise<GraphResponse> {
  const { tenantId, appId } = read.caller;
  const found = await store.subscriptions.list(tenantId, appId);
  return {
    status: 200,
    contentType: read.media.contentType,
    isMomentary: true,
    body: subscriptionsBody(found, read),
  };
}

export async function createSubscription(write: Write, parts: WriteParts): Promise<GraphResponse> {
  const { caller, request, media, members } = write;
  const { clock, handshake, requiresHttps, store } = parts;
  const { tenantId, appId } = caller;
  const plan = planSubscription(members, { now: clock(), requiresHttps });
  // The store checks again when it writes, because another request may create one in between.
  const known = await store.subscriptions.list(tenantId, appId);
  const same = known.find((one) => isSameSubscription(one, plan));
  if (same !== undefined) throw subscriptionExists(same.id);
  for (const url of [plan.notificationUrl, plan.lifecycleNotificationUrl])
    if (url !== null) await handshake(caller, url);
  const subscription = {
    ...plan,
    tenantId,
    applicationId: appId,
    id: randomUUID(),
    challengeMs: firstChallengeMs(plan, clock().getTime()),
  };
  const refusal = await store.subscriptions.create(subscription, perTenant);
  if (refusal?.reason === 'exists') throw subscriptionExists(refusal.id);
  if (refusal !== undefined)
    throw new Fault(
      'tooManySubscriptions',
      `The limit of ${perTenant} subscriptions to call records per organization is reached. Delete one, or wait until one expires.`,
    );
  return {
    status: 201,
    contentType: media.contentType,
    location: `${request.serviceRoot}/subscriptions/${subscription.id}`,
    body: subscriptionBody(subscription, write, { showsClientState: true }),
  };
}

/** Returns the fault of a live response of 2023-09-26 that abraunegg/onedrive quotes. */
function subscriptionExists(id: string): Fault {
  return new Fault(
    'subscriptionExists',
    `Subscription Id ${id} already exists for the requested combination`,
  );
}
