/**
 * Receives change notifications from upstream. It stores the calls they name before it responds 202. Anyone can send
 * requests to it, so checking a false notification costs only a digest and a lookup in memory.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../contract/faults.ts';
import { digestOf, type NotifiedTenant, urlSecretName } from '../../collect/sync/notified-tenant.ts';
import { corsRules } from './cors.ts';
import { drain } from './drain.ts';
import type { OnDefect } from '../../graph/error-response.ts';
import { bodyOf, type Exchange, send } from '../../graph/exchange.ts';
import { readBody } from '../../graph/read-body.ts';
import { createServer } from './server.ts';

/** The reasons to reject a notification. */
type RefusedNotification = 'otherForm' | 'unknownClientState' | 'noCall';
export type NotificationCounts = Readonly<Record<'taken' | RefusedNotification, number>>;

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly clock: Clock;
  readonly tenants: readonly NotifiedTenant[];
  /** Called with each body: the number of accepted notifications, and of rejected ones by reason. */
  readonly onNotifications: (counts: NotificationCounts) => void;
  readonly onDefect: OnDefect;
}

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

const maxBodyBytes = 4 * 2 ** 20;
/** Maximum notifications in one body; Graph sends a few hundred at most. */
const maxNotifications = 10_000;
const maxTokenLength = 4096;

/** Limits texts to upstream's own lengths: `clientState` has at most 128 characters. */
const notification = z.object({
  subscriptionId: z.string().max(256),
  clientState: z.string().max(128).nullish(),
  resource: z.string().max(2048).nullish(),
  resourceData: z.object({ id: z.string().min(1).max(512).nullish() }).nullish(),
  lifecycleEvent: z.enum(['reauthorizationRequired', 'subscriptionRemoved', 'missed']).nullish(),
});
type Notification = z.infer<typeof notification>;

export async function startListener(options: ListenerOptions): Promise<Listener> {
  const { host, port, tls, clock, onDefect } = options;
  // Every path has this route: the operator chooses the path in the notification URL.
  const route = { template: 'other', answer: (exchange: Exchange) => answer(exchange, options) };
  const { server, connections } = createServer({
    routeOf: () => route,
    challenge: '',
    cors: corsRules([]),
    tls,
    clock: clock.now,
    onAnswered: () => undefined,
    onDefect,
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    close: () => drain(server, connections),
  };
}

/** Answers a request. @throws Fault; a StoreError when calls cannot be stored, so that upstream retries */
async function answer(exchange: Exchange, options: ListenerOptions): Promise<void> {
  const { request } = exchange;
  if (request.method !== 'POST')
    throw new Fault('methodNotAllowed', 'Notifications are sent with POST.', { target: 'POST' });
  const { searchParams } = new URL(request.url ?? '/', 'http://listener');
  const token = searchParams.get('validationToken');
  if (token !== null) {
    echo(exchange, token);
    return;
  }
  const items = itemsIn(await readBody(request, maxBodyBytes));
  const secret = searchParams.get(urlSecretName);
  options.onNotifications(await take(items, secret, options.tenants));
  send(exchange, { status: 202, headers: [], body: '' });
}

/** Returns the token, which is untrusted text: the headers keep browsers from rendering it as a page. */
function echo(exchange: Exchange, token: string): void {
  if (token.length > maxTokenLength)
    throw new Fault('malformedRequest', `The validation token is longer than ${maxTokenLength} characters.`);
  const headers = [
    ...['Content-Type', 'text/plain; charset=utf-8', 'X-Content-Type-Options', 'nosniff'],
    ...['Content-Security-Policy', "default-src 'none'; sandbox"],
  ];
  send(exchange, { status: 200, headers, body: bodyOf(Buffer.from(token)) });
}

/** Returns the notifications of a body. @throws Fault when the body is not a collection; each item is checked later */
function itemsIn(body: Buffer): readonly unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)); // drops a byte order mark
  } catch {
    throw new Fault('malformedRequest', 'The body is not JSON in UTF-8.');
  }
  const value = typeof parsed === 'object' && parsed !== null && 'value' in parsed ? parsed.value : undefined;
  if (!Array.isArray(value)) throw new Fault('malformedRequest', "The body has no list 'value'.");
  if (value.length > maxNotifications)
    throw new Fault('bodyTooLarge', `The body has more than ${maxNotifications} notifications.`);
  return value;
}

/** Accepts the notifications of the tenants' subscriptions. @param secret Identifies one by its URL. */
async function take(
  items: readonly unknown[],
  secret: string | null,
  tenants: readonly NotifiedTenant[],
): Promise<NotificationCounts> {
  const counts = { taken: 0, otherForm: 0, unknownClientState: 0, noCall: 0 };
  const urlDigest = secret === null ? undefined : digestOf(secret);
  const read = items.flatMap((item) => {
    const { success, data } = notification.safeParse(item);
    if (success && (typeof data.clientState === 'string' || urlDigest !== undefined))
      return [{ ...data, digest: digestOf(data.clientState ?? '') }];
    counts.otherForm++;
    return [];
  });
  const known = () => {
    const byState = byDigest(tenants, 'clientStateDigest');
    const byUrl = byDigest(tenants, 'urlSecretDigest').get(urlDigest);
    return (digest: string) => byState.get(digest) ?? byUrl;
  };
  let tenantOf = known();
  if (read.some(({ digest }) => tenantOf(digest) === undefined)) {
    await Promise.all(tenants.map((tenant) => tenant.refresh()));
    tenantOf = known();
  }
  const named = new Map<NotifiedTenant, Set<string>>();
  for (const { digest, ...one } of read) {
    const tenant = tenantOf(digest);
    const callId = callIdOf(one);
    if (tenant === undefined) counts.unknownClientState++;
    else if (typeof one.lifecycleEvent === 'string') {
      counts.taken++;
      await tenant.lifecycle(one.lifecycleEvent, one.subscriptionId);
    } else if (callId === undefined) counts.noCall++;
    else {
      counts.taken++;
      const ids = named.get(tenant) ?? new Set();
      named.set(tenant, ids.add(callId));
    }
  }
  for (const [tenant, ids] of named) await tenant.notified([...ids]);
  return counts;
}

function byDigest(
  tenants: readonly NotifiedTenant[],
  kind: 'clientStateDigest' | 'urlSecretDigest',
): ReadonlyMap<string | undefined, NotifiedTenant> {
  return new Map(tenants.flatMap((tenant) => (tenant[kind] === undefined ? [] : [[tenant[kind], tenant]])));
}

/** Returns the call id of a notification, or the key in `communications/callRecords/{id}` or `callRecords('{id}')`. */
function callIdOf({ resourceData, resource }: Notification): string | undefined {
  if (typeof resourceData?.id === 'string') return resourceData.id;
  const collection = 'callRecords';
  const at = resource?.indexOf(collection) ?? -1;
  if (typeof resource !== 'string' || at < 0) return undefined;
  const [, segment, key] = /^(?:\/([^/?]+)|\('(.+)'\))$/.exec(resource.slice(at + collection.length)) ?? [];
  return key?.replaceAll("''", "'") ?? segment;
}
