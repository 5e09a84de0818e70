/** `/subscriptions`: those of the application that asks, and a new one. */
import { randomUUID } from 'node:crypto';
import { Fault } from '../../faults.ts';
import { firstChallengeMs } from '../../notify/challenge.ts';
import { planSubscription } from '../../plan/subscription.ts';
import type { GraphResponse } from '../messages.ts';
import type { Read, ReadParts } from '../read.ts';
import { subscriptionBody, subscriptionsBody } from '../subscription-body.ts';
import type { Write, WriteParts } from '../write.ts';

/** Reference "Change notifications API", quotas: per organization. */
const perTenant = 100;

export async function readSubscriptions(read: Read, { store }: ReadParts): Promise<GraphResponse> {
  const { tenantId, appId } = read.caller;
  const found = await store.subscriptions.list(tenantId, appId);
  return {
    status: 200,
    contentType: read.media.contentType,
    etag: undefined,
    isMomentary: true,
    body: subscriptionsBody(found, read),
  };
}

export async function createSubscription(write: Write, parts: WriteParts): Promise<GraphResponse> {
  const { caller, request, media, members } = write;
  const { clock, handshake, requiresHttps, store } = parts;
  const plan = planSubscription(members, { now: clock(), requiresHttps });
  for (const url of [plan.notificationUrl, plan.lifecycleNotificationUrl]) {
    const problem = url === null ? undefined : await handshake(caller, url);
    if (problem !== undefined) throw new Fault('badSubscription', problem);
  }
  const subscription = {
    ...plan,
    tenantId: caller.tenantId,
    applicationId: caller.appId,
    id: randomUUID(),
    challengeMs: firstChallengeMs(plan, clock().getTime()),
  };
  if (!(await store.subscriptions.create(subscription, perTenant)))
    throw new Fault(
      'tooManySubscriptions',
      `The limit of ${perTenant} subscriptions to call records per organization is reached. Delete one, or wait until one expires.`,
    );
  return {
    status: 201,
    contentType: media.contentType,
    etag: undefined,
    location: `${request.serviceRoot}/subscriptions/${subscription.id}`,
    body: subscriptionBody(subscription, write, { showsClientState: true }),
  };
}
