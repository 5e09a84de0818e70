/** Starts a server with a stopped clock, and a webhook that has subscribed to it. */
import { createMovableClock, type MovableClock } from '../../src/base/clock.ts';
import { type Receiver, type ReceiverOptions, startReceiver } from './receiver.ts';
import { aRecord } from './records.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './server.ts';

interface Notified extends AsyncDisposable {
  readonly clock: MovableClock;
  readonly server: TestServer;
  readonly receiver: Receiver;
  /** Subscribes; by default the receiver, to `created`. @returns The id. */
  subscribe(more?: Record<string, unknown>): Promise<string>;
  /** Imports new calls. @returns Their ids. */
  bring(count: number): Promise<readonly string[]>;
  /** Resolves when all due notifications were delivered or have failed. */
  settled(): Promise<void>;
  /** Advances the clock to the next timer. */
  moveOn(): Promise<void>;
}

export const start = new Date('2026-11-02T12:00:00Z');
/** The maximum real time for a test's endpoints. */
const patienceMs = 20_000;

export async function startNotified(
  options: { readonly receiver?: ReceiverOptions; readonly server?: TestServerOptions } = {},
): Promise<Notified> {
  const clock = createMovableClock(start);
  const server = await startTestServer({ clock, ...options.server });
  const receiver = await startReceiver(options.receiver);
  let calls = 0;
  const settled = async () => {
    server.dispatcher.wake();
    await server.dispatcher.idle(patienceMs);
  };
  return {
    clock,
    server,
    receiver,
    settled,
    async subscribe(more = {}) {
      const response = await server.send('POST', '/v1.0/subscriptions', {
        changeType: 'created',
        notificationUrl: `${receiver.url}/hook`,
        resource: 'communications/callRecords',
        expirationDateTime: new Date(clock.now().getTime() + 4230 * 60_000).toISOString(),
        clientState: 'state',
        ...more,
      });
      if (response.status !== 201) throw new Error(`Not subscribed: ${await response.text()}`);
      return ((await response.json()) as { id: string }).id;
    },
    async bring(count) {
      const ids = Array.from({ length: count }, () => `call-${calls++}`);
      await server.import(ids.map((id) => aRecord(id)));
      return ids;
    },
    async moveOn() {
      clock.advance(clock.waiting().nextMs ?? 0);
      await settled();
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await receiver[Symbol.asyncDispose]();
    },
  };
}
