/**
 * Plans a subscription or a change of one from a request body: every member must have a value that Graph would accept
 * for call records.
 */
import { Fault } from '../../contract/faults.ts';
import { isSameId } from '../../contract/ids.ts';
import { parseTicks, ticksOf } from '../../base/ticks.ts';
import type { BodyMembers } from './members.ts';
import { isSameChangeType, isSameResource } from './same-subscription.ts';
import { planResource } from './subscription-resource.ts';

interface SubscriptionPlan {
  readonly resource: string;
  /** Ids in the filter of the resource; absent without a filter. */
  readonly participantIds: readonly string[] | undefined;
  readonly changeType: string;
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  readonly clientState: string | null;
  readonly latestSupportedTlsVersion: string;
  readonly expirationTicks: bigint;
}

interface SubscriptionRules {
  readonly now: Date;
  /** False where endpoints may use plain http, for development. */
  readonly requiresHttps: boolean;
}

/** Reference "subscription resource type": of callRecord the longest, and of any the shortest. */
const longestMinutes = 4230;
const shortestMinutes = 45;
const maxClientState = 128;
const maxUrlLength = 2048;
const ticksPerMinute = 600_000_000n;
/** The documentation has v1_3, which the live service refuses (aspnetcore-webhooks-sample#400). */
const tlsVersions = ['v1_0', 'v1_1', 'v1_2'];
/** Properties for notifications with resource data, which call records do not have, and for other channels. */
const notOffered = [
  'encryptionCertificate',
  'encryptionCertificateId',
  'notificationQueryOptions',
  'notificationUrlAppId',
];

/** Plans a new subscription. @throws Fault `badSubscription`, `subscriptionTooLong` */
export function planSubscription(members: BodyMembers, rules: SubscriptionRules): SubscriptionPlan {
  const text = (name: string) => (members.get(name) ?? null) as string | null; // the model checked the type
  const required = (name: string) => {
    const value = text(name);
    if (value === null || value === '') throw invalid(`The property '${name}' is required.`, name);
    return value;
  };
  if (members.get('includeResourceData') === true)
    throw invalid(
      'Resource data is not supported for change notifications of call records.',
      'includeResourceData',
    );
  const extra = notOffered.find((name) => text(name) !== null);
  if (extra !== undefined)
    throw invalid(`The property '${extra}' is not supported for subscriptions to call records.`, extra);
  if ((text('notificationContentType') ?? 'application/json') !== 'application/json')
    throw invalid(
      "The property 'notificationContentType' can only be application/json.",
      'notificationContentType',
    );
  const lifecycleNotificationUrl = text('lifecycleNotificationUrl');
  if (lifecycleNotificationUrl !== null)
    checkUrl('lifecycleNotificationUrl', lifecycleNotificationUrl, rules);
  const resource = required('resource');
  return {
    changeType: changeTypeOf(required('changeType')),
    notificationUrl: checkUrl('notificationUrl', required('notificationUrl'), rules),
    resource,
    participantIds: planResource(resource),
    lifecycleNotificationUrl,
    clientState: clientStateOf(text('clientState')),
    latestSupportedTlsVersion: tlsVersionOf(text('latestSupportedTlsVersion')),
    expirationTicks: expirationOf(required('expirationDateTime'), rules.now),
  };
}

/** The changes of a subscription; an absent member stays unchanged. */
interface ChangePlan {
  readonly notificationUrl?: string;
  readonly expirationTicks?: bigint;
}

/**
 * Plans a change. Only the expiration and the endpoint can be changed (reference "Update subscription"). Clients may
 * send the whole object that they received: a member with the stored value is no change.
 *
 * @param stored The subscription as clients receive it, by property name.
 * @throws Fault `badSubscription`, `subscriptionTooLong`
 */
export function planChanges(members: BodyMembers, stored: BodyMembers, rules: SubscriptionRules): ChangePlan {
  const other = [...members].find(([name, value]) => !changeable.has(name) && !isStored(name, value, stored));
  if (other !== undefined)
    throw invalid(
      `The property '${other[0]}' cannot be changed: only expirationDateTime and notificationUrl can.`,
      other[0],
    );
  const url = members.get('notificationUrl') as string | undefined; // the model checked the types
  const expiration = members.get('expirationDateTime') as string | undefined;
  if (url === undefined && expiration === undefined)
    // The message is Graph's (issue microsoftgraph/msgraph-sdk-java#2323).
    throw invalid(
      "Subscription must contain either the 'expirationDateTime' or 'notificationUrl' property and its value.",
      'expirationDateTime',
    );
  const isUrlNew = url !== undefined && url !== stored.get('notificationUrl');
  const end = stored.get('expirationDateTime') as string;
  const isEndNew = expiration !== undefined && parseTicks(expiration) !== parseTicks(end);
  return {
    ...(isUrlNew && { notificationUrl: checkUrl('notificationUrl', url, rules) }),
    ...(isEndNew && { expirationTicks: expirationOf(expiration, rules.now) }),
  };
}

const changeable = new Set(['expirationDateTime', 'notificationUrl']);

/** Returns true for a value that equals the stored one, in any equivalent form. */
function isStored(name: string, value: unknown, stored: BodyMembers): boolean {
  // A client reads null there, and may send it back.
  if (name === 'clientState' && value === null) return true;
  const [given, known] = [value, stored.get(name)].map((one) =>
    one === '' || one === undefined || one === null ? (standard[name] ?? null) : one,
  );
  if (given === known) return true;
  return typeof given === 'string' && typeof known === 'string' && comparisons[name]?.(given, known) === true;
}

/** Values that an absent property has in a new subscription. */
const standard: Readonly<Record<string, unknown>> = {
  includeResourceData: false,
  latestSupportedTlsVersion: 'v1_2',
  notificationContentType: 'application/json',
};

const comparisons: Readonly<Partial<Record<string, (a: string, b: string) => boolean>>> = {
  id: isSameId,
  applicationId: isSameId,
  creatorId: isSameId,
  changeType: isSameChangeType,
  resource: isSameResource,
};

function changeTypeOf(changeType: string): string {
  const wrong = changeType
    .split(',')
    .map((one) => one.trim())
    .find((one) => !/^(created|updated)$/i.test(one));
  if (wrong !== undefined)
    throw invalid(
      `The change type '${shown(wrong)}' is not supported for call records: created and updated are.`,
      'changeType',
    );
  return changeType;
}

/** Other delivery channels of Graph (page "Change notifications delivery"), by URL scheme. */
const channels: Readonly<Record<string, string>> = {
  eventhub: 'Azure Event Hubs (EventHub:)',
  eventgrid: 'Azure Event Grid (EventGrid:)',
};

function checkUrl(name: string, text: string, { requiresHttps }: SubscriptionRules): string {
  const channel = /^\s*(EventHub|EventGrid):/i.exec(text)?.[1]?.toLowerCase();
  if (channel !== undefined)
    throw invalid(
      `The property '${name}' names ${channels[channel]}, to which this server does not deliver. Set an https URL that receives notifications by POST.`,
      name,
    );
  const url = URL.parse(text);
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === null || !isWeb || text.length > maxUrlLength || /[\s\0-\x1f]/.test(text))
    throw invalid(
      `The property '${name}' is not an absolute URL of at most ${maxUrlLength} characters.`,
      name,
    );
  if (requiresHttps && url.protocol !== 'https:')
    throw invalid(`The property '${name}' must use https.`, name);
  if (url.username !== '' || url.password !== '' || text.includes('#'))
    throw invalid(`The property '${name}' must have neither a user nor a fragment.`, name);
  return text;
}

function clientStateOf(clientState: string | null): string | null {
  if (clientState !== null && clientState.length > maxClientState)
    throw invalid(`The property 'clientState' is longer than ${maxClientState} characters.`, 'clientState');
  return clientState;
}

function tlsVersionOf(version: string | null): string {
  if (version !== null && !tlsVersions.includes(version))
    throw invalid('Invalid property value for LatestSupportedTlsVersion', 'latestSupportedTlsVersion');
  return version ?? 'v1_2';
}

function expirationOf(expirationDateTime: string, now: Date): bigint {
  const asked = parseTicks(expirationDateTime)!; // the model checked that it parses
  const nowTicks = ticksOf(now);
  if (asked <= nowTicks)
    throw invalid('Subscription expiration must be in the future.', 'expirationDateTime');
  if (asked > nowTicks + BigInt(longestMinutes) * ticksPerMinute) {
    // The message is Graph's (issue docs-contrib#7726).
    throw new Fault(
      'subscriptionTooLong',
      `Subscription expiration can only be ${longestMinutes} minutes in the future.`,
      { target: 'expirationDateTime' },
    );
  }
  const shortest = nowTicks + BigInt(shortestMinutes) * ticksPerMinute;
  return asked < shortest ? shortest : asked;
}

function invalid(message: string, target: string): Fault {
  return new Fault('badSubscription', message, { target });
}

function shown(text: string): string {
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
}
