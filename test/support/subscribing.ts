/** Implements a client that subscribes to a server with a stopped clock. */
import { development } from '../../src/base/development.ts';
import { createMovableClock, type MovableClock } from '../../src/base/clock.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { startTestServer, type TestServer } from './server.ts';

export type Json = Record<string, unknown>;
interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

const start = new Date('2026-03-02T12:00:00Z');
export const resource = '/communications/callRecords';
export const clientState = 'a-secret-of-the-subscriber';

interface Subscribing extends AsyncDisposable {
  readonly clock: MovableClock;
  readonly server: TestServer;
  readonly receiver: Receiver;
  readonly inMinutes: (minutes: number) => string;
  /** Returns the body of a POST. */
  readonly body: (more?: Json) => Json;
  readonly create: (more?: Json, version?: string) => Promise<Answered>;
}

export async function startSubscribing(): Promise<Subscribing> {
  const clock = createMovableClock(start);
  const server = await startTestServer({ clock });
  const receiver = await startReceiver();
  const body = (more: Json = {}) => ({
    changeType: 'created,updated',
    notificationUrl: `${receiver.url}/hook?code=1&x=a%20b`,
    resource,
    expirationDateTime: '2026-03-05T10:29:59.1234567Z',
    clientState,
    ...more,
  });
  return {
    ...{ clock, server, receiver, body },
    inMinutes: (minutes) => new Date(clock.now().getTime() + minutes * 60_000).toISOString(),
    create: (more, version = 'v1.0') =>
      answerOf(server.send('POST', `/${version}/subscriptions`, body(more))),
    async [Symbol.asyncDispose]() {
      await server.stop();
      await receiver[Symbol.asyncDispose]();
    },
  };
}

export async function answerOf(response: Promise<Response>): Promise<Answered> {
  const { status, headers } = await response;
  const text = await (await response).text();
  return { status, headers, body: (text === '' ? {} : JSON.parse(text)) as Json };
}

/** Returns status, code and message. */
export function refusalOf({ status, body }: Pick<Answered, 'status' | 'body'>): (number | string)[] {
  const { code, message } = body['error'] as { code: string; message: string };
  return [status, code, message];
}

/** Returns a stored subscription of another application with a lifetime of a minute. */
export function storedSubscription(id: string) {
  return {
    ...{ tenantId: development.tenantId, id, applicationId: `application ${id}`, resource },
    ...{ changeType: 'created', notificationUrl: 'https://receiver.example/' },
    ...{ lifecycleNotificationUrl: null, clientState: null, latestSupportedTlsVersion: 'v1_2' },
    ...{ expirationTicks: BigInt(start.getTime() + 60_000) * 10_000n, challengeMs: undefined },
  };
}
