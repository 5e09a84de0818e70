/** Takes change notifications: what they name is in the store before upstream is told that they were taken. */
import * as http from 'node:http';
import * as https from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { StoreError } from '../store/store.ts';
import type { LifecycleEvent } from './subscription-keeper.ts';

/** Who is told of notifications: a tenant that is kept. */
export interface NotifiedTenant {
  /** True of the client state of its own subscription. */
  accepts(clientState: string): Promise<boolean>;
  /** @throws StoreError when they cannot be written down */
  notified(callIds: readonly string[]): Promise<void>;
  lifecycle(event: LifecycleEvent, subscriptionId: string): void;
}

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly tenants: readonly NotifiedTenant[];
}

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

const maxBodyBytes = 4 * 2 ** 20;
const maxTokenLength = 4096;

const notification = z.object({
  subscriptionId: z.string(),
  clientState: z.string(),
  resource: z.string().optional(),
  resourceData: z.object({ id: z.string().optional() }).nullish(),
  lifecycleEvent: z.enum(['reauthorizationRequired', 'subscriptionRemoved', 'missed']).optional(),
});
const notifications = z.object({ value: z.array(notification).max(10_000) });

export async function startListener({ host, port, tls, tenants }: ListenerOptions): Promise<Listener> {
  const take = (request: http.IncomingMessage, response: http.ServerResponse) => {
    void answerOf(request, tenants)
      .catch((error: unknown) => (error instanceof StoreError ? unavailable : failed))
      .then(({ status, body = '', headers = {} }) => {
        // The validation token is upstream's text: no browser is to take it for a page.
        response.writeHead(status, { ...headers, 'x-content-type-options': 'nosniff' }).end(body);
      });
  };
  const server = tls === undefined ? http.createServer(take) : https.createServer(tls, take);
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}

interface ListenerAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Upstream sends a notification again that is answered so. */
const unavailable: ListenerAnswer = { status: 503, headers: { 'retry-after': '10' } };
const failed: ListenerAnswer = { status: 500 };

async function answerOf(
  request: http.IncomingMessage,
  tenants: readonly NotifiedTenant[],
): Promise<ListenerAnswer> {
  const body = await bodyOf(request);
  if (request.method !== 'POST') return { status: 405, headers: { allow: 'POST' } };
  const { searchParams } = new URL(request.url ?? '/', 'http://listener');
  const token = searchParams.get('validationToken');
  if (token !== null) {
    if (token.length > maxTokenLength) return { status: 400 };
    return { status: 200, body: token, headers: { 'content-type': 'text/plain; charset=utf-8' } };
  }
  if (body === undefined) return { status: 413 };
  const read = notifications.safeParse(jsonOf(body));
  if (!read.success) return { status: 400 };
  const named = new Map<NotifiedTenant, Set<string>>();
  for (const { clientState, subscriptionId, lifecycleEvent, ...one } of read.data.value) {
    // One that does not know the client state is not from upstream: it is taken, and nothing follows from it.
    const tenant = await acceptedBy(tenants, clientState);
    if (tenant === undefined) continue;
    if (lifecycleEvent !== undefined) {
      tenant.lifecycle(lifecycleEvent, subscriptionId);
      continue;
    }
    const callId = one.resourceData?.id ?? callIdOf(one.resource);
    if (callId === undefined) continue;
    const ids = named.get(tenant) ?? new Set();
    named.set(tenant, ids.add(callId));
  }
  for (const [tenant, ids] of named) await tenant.notified([...ids]);
  return { status: 202 };
}

async function acceptedBy(
  tenants: readonly NotifiedTenant[],
  clientState: string,
): Promise<NotifiedTenant | undefined> {
  for (const tenant of tenants) if (await tenant.accepts(clientState)) return tenant;
  return undefined;
}

/** `communications/callRecords/{id}`, or the key in parentheses. */
function callIdOf(resource: string | undefined): string | undefined {
  const [, segment, key] = /callRecords(?:\/([^/?]+)|\('(.+)'\))$/.exec(resource ?? '') ?? [];
  return key?.replaceAll("''", "'") ?? segment;
}

async function bodyOf(request: http.IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= maxBodyBytes) chunks.push(chunk);
  }
  return length > maxBodyBytes ? undefined : Buffer.concat(chunks, length);
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined; // no notification
  }
}
