/** Answers `/subscriptions/{id}`: reads, changes and deletes one subscription. */
import { Fault } from '../../contract/faults.ts';
import { canonicalId } from '../../contract/ids.ts';
import { firstChallengeMs } from '../../notify/challenge.ts';
import { planChanges } from '../../query/plan/subscription.ts';
import type { Subscription, SubscriptionChanges } from '../../store/subscriptions.ts';
import type { GraphResponse } from '../messages.ts';
import { subscriptionBody, wholeSubscription } from '../subscription-body.ts';
import type { Write, WriteParts, Read, ReadParts } from '../handler.ts';

export async function readSubscription(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const found = await subscriptionOf(read, parts);
  return {
    status: 200,
    contentType: read.media.contentType,
    isMomentary: true,
    body: subscriptionBody(found, read),
  };
}

/** Renews a subscription, changes its endpoint, or both. */
export async function changeSubscription(write: Write, parts: WriteParts): Promise<GraphResponse> {
  const { clock, handshake, requiresHttps } = parts;
  const found = await subscriptionOf(write, parts);
  const now = clock();
  const stored = wholeSubscription(found, write);
  const changes = planChanges(write.members, stored, { now, requiresHttps });
  const { expirationTicks, notificationUrl } = changes;
  if (notificationUrl !== undefined) await handshake(write.caller, notificationUrl);
  const challenge = expirationTicks !== undefined && {
    challengeMs: firstChallengeMs({ ...found, expirationTicks }, now.getTime()),
  };
  const changed = await change(write, parts, { ...changes, ...challenge });
  return {
    status: 200,
    contentType: write.media.contentType,
    body: subscriptionBody(changed, write, { showsClientState: true }),
  };
}

export async function deleteSubscription(write: Write, { store }: WriteParts): Promise<GraphResponse> {
  if (!(await store.subscriptions.delete(...keyOf(write)))) throw subscriptionMissing();
  return noContent(write);
}

/** Answers `/subscriptions/{id}/reauthorize`: clears the challenge without renewing; 204, as documented. */
export async function reauthorizeSubscription(write: Write, parts: WriteParts): Promise<GraphResponse> {
  await change(write, parts, { challengeMs: undefined });
  return noContent(write);
}

type Asked = Pick<Read, 'caller' | 'target'>;

async function subscriptionOf(asked: Asked, { store }: ReadParts): Promise<Subscription> {
  const found = await store.subscriptions.get(...keyOf(asked));
  if (found === undefined) throw subscriptionMissing();
  return found;
}

async function change(
  asked: Asked,
  { store }: WriteParts,
  changes: SubscriptionChanges,
): Promise<Subscription> {
  const changed = await store.subscriptions.update(...keyOf(asked), changes);
  if (changed === undefined) throw subscriptionMissing();
  return changed;
}

function keyOf({ caller, target }: Asked): [tenantId: string, applicationId: string, id: string] {
  return [caller.tenantId, caller.appId, canonicalId(target.keys[0] ?? '')];
}

function noContent({ media }: Write): GraphResponse {
  return { status: 204, contentType: media.contentType };
}

/** Returns Graph's fault, which also hides other applications' (issue microsoftgraph/msgraph-sdk-php#221). */
function subscriptionMissing(): Fault {
  return new Fault('subscriptionMissing', 'The object was not found.');
}
