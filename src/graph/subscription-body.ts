/** Formats subscriptions as JSON: all properties of the model's table in its order, nulls included. */
import { edms, structuredType } from '../contract/edm.ts';
import type { BodyMembers } from '../query/plan/members.ts';
import { type Body, textBody } from '../wire/projection/body.ts';
import type { Subscription } from '../store/subscriptions.ts';
import { formatTicks } from '../base/ticks.ts';
import type { Read } from './handler.ts';

type Asked = Pick<Read, 'request' | 'caller' | 'media'>;

interface Shown {
  /**
   * True when the response shows the client state: only to the client that sets it. A later read returns null (issue
   * microsoftgraph/microsoft-graph-docs #5725), so that a token with read access does not reveal how receivers
   * authenticate notifications.
   */
  readonly showsClientState: boolean;
}

export function subscriptionBody(
  subscription: Subscription,
  asked: Asked,
  shown: Shown = { showsClientState: false },
): Body {
  const context = contextOf(asked, '/$entity');
  return textBody(JSON.stringify({ ...context, ...membersOf(subscription, asked, shown) }));
}

export function subscriptionsBody(subscriptions: readonly Subscription[], asked: Asked): Body {
  const value = subscriptions.map((one) => membersOf(one, asked, { showsClientState: false }));
  return textBody(JSON.stringify({ ...contextOf(asked, ''), value }));
}

function contextOf({ request, media }: Asked, suffix: string): Record<string, string> {
  const context = `${request.serviceRoot}/$metadata#subscriptions${suffix}`;
  return media.metadata === 'none' ? {} : { '@odata.context': context };
}

function membersOf(
  subscription: Subscription,
  asked: Asked,
  { showsClientState }: Shown,
): Record<string, unknown> {
  const members = Object.fromEntries(wholeSubscription(subscription, asked));
  return showsClientState ? members : { ...members, clientState: null };
}

/** Returns all properties by name, including the client state. */
export function wholeSubscription(
  subscription: Subscription,
  { request, caller }: Pick<Asked, 'request' | 'caller'>,
): BodyMembers {
  const values: Readonly<Record<string, unknown>> = {
    ...subscription,
    expirationDateTime: formatTicks(subscription.expirationTicks),
    // An application sees only its own subscriptions.
    creatorId: caller.principalId,
  };
  const { properties } = structuredType(edms[request.version], 'microsoft.graph.subscription');
  return new Map([...properties.keys()].map((name) => [name, values[name] ?? null]));
}
