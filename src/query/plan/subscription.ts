/** What a client asks for when it subscribes, or changes a subscription: every member is one that Graph would take for call records. */
import { Fault } from '../../contract/faults.ts';
import { isSameId } from '../../contract/ids.ts';
import { parseTicks, ticksOf } from '../../base/ticks.ts';
import type { BodyMembers } from './members.ts';
import { isSameChangeType, isSameResource } from './same-subscription.ts';
import { planResource } from './subscription-resource.ts';

interface SubscriptionPlan {
  readonly resource: string;
  /** Of the filter in the resource; absent where it has none. */
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
  /** False where endpoints may be plain http: for developing. */
  readonly requiresHttps: boolean;
}

/** Reference "subscription resource type": the life of one to callRecord, and the shortest of any. */
const longestMinutes = 4230;
const shortestMinutes = 45;
const maxClientState = 128;
const maxUrlLength = 2048;
const ticksPerMinute = 600_000_000n;
/** The documentation names v1_3 too; the live service refuses it (issue microsoftgraph/aspnetcore-webhooks-sample#400). */
const tlsVersions = ['v1_0', 'v1_1', 'v1_2'];
/** Of notifications with resource data, which call records do not have, and of other channels. */
const notOffered = [
  'encryptionCertificate',
  'encryptionCertificateId',
  'notificationQueryOptions',
  'notificationUrlAppId',
];

/** @throws Fault `badSubscription`, `subscriptionTooLong` */
export function planSubscription(members: BodyMembers, rules: SubscriptionRules): SubscriptionPlan {
  const text = (name: string) => (members.get(name) ?? null) as string | null; // of this type, by the model
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

/** What a client changes of a subscription; what is absent stays as it is. */
interface ChangePlan {
  readonly notificationUrl?: string;
  readonly expirationTicks?: bigint;
}

/**
 * Only the end of a subscription and its endpoint can be changed (reference "Update subscription"). Clients send the
 * whole object that they were given: a member that equals what is stored is no change.
 *
 * @param stored The subscription as a client is given it, by the names of its properties.
 * @throws Fault `badSubscription`, `subscriptionTooLong`
 */
export function planChanges(members: BodyMembers, stored: BodyMembers, rules: SubscriptionRules): ChangePlan {
  const other = [...members].find(([name, value]) => !changeable.has(name) && !isStored(name, value, stored));
  if (other !== undefined)
    throw invalid(
      `The property '${other[0]}' cannot be changed: only expirationDateTime and notificationUrl can.`,
      other[0],
    );
  const url = members.get('notificationUrl') as string | undefined; // of these types, by the model
  const expiration = members.get('expirationDateTime') as string | undefined;
  if (url === undefined && expiration === undefined)
    // The words are Graph's (issue microsoftgraph/msgraph-sdk-java#2323).
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

/** True of a value that leaves the stored one as it is, written in any form that says the same. */
function isStored(name: string, value: unknown, stored: BodyMembers): boolean {
  // A client reads null there, and sends back what it read.
  if (name === 'clientState' && value === null) return true;
  const [given, known] = [value, stored.get(name)].map((one) =>
    one === '' || one === undefined || one === null ? (standard[name] ?? null) : one,
  );
  if (given === known) return true;
  return typeof given === 'string' && typeof known === 'string' && comparisons[name]?.(given, known) === true;
}

/** What holds where a property is absent, as in a new subscription. */
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

/** Other ways that Graph delivers (page "Change notifications delivery"), by the scheme of the URL. */
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
  const asked = parseTicks(expirationDateTime)!; // it is one, by the model
  const nowTicks = ticksOf(now);
  if (asked <= nowTicks)
    throw invalid('Subscription expiration must be in the future.', 'expirationDateTime');
  if (asked > nowTicks + BigInt(longestMinutes) * ticksPerMinute) {
    // The words are Graph's (issue docs-contrib#7726).
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
