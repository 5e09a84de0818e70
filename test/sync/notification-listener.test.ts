/** Tests that the listener accepts every valid notification, and limits its queries to the store. */
import { createConnection } from 'node:net';
import { once } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotificationCounter } from '../../src/serve/run/notification-counts.ts';
import { createMovableClock } from '../../src/base/clock.ts';
import {
  type Listener,
  type NotificationCounts,
  startListener,
} from '../../src/serve/http/notification-listener.ts';
import { createLog } from '../../src/base/log.ts';
import { StoreError } from '../../src/store/store-errors.ts';
import { digestOf, type NotifiedTenant } from '../../src/collect/sync/notified-tenant.ts';

class TestTenant implements NotifiedTenant {
  clientStateDigest: string | undefined;
  refreshes = 0;
  readonly ids: string[] = [];
  readonly events: string[] = [];
  /** Thrown by `notified`. */
  failure: Error | undefined;

  constructor(clientState: string | undefined) {
    this.clientStateDigest = clientState === undefined ? undefined : digestOf(clientState);
  }
  refresh(): Promise<void> {
    this.refreshes++;
    return Promise.resolve();
  }
  notified(callIds: readonly string[]): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.ids.push(...callIds);
    return Promise.resolve();
  }
  lifecycle(event: string, subscriptionId: string): Promise<void> {
    this.events.push(`${event} ${subscriptionId}`);
    return Promise.resolve();
  }
}

const clock = createMovableClock(new Date('2026-11-02T12:00:00Z'));
let tenants: readonly [TestTenant, TestTenant];
let counted: NotificationCounts[];
let defects: unknown[];
let listener: Listener;

beforeEach(async () => {
  tenants = [new TestTenant('secret-1'), new TestTenant('secret-2')];
  counted = [];
  defects = [];
  listener = await startListener({
    ...{ host: '127.0.0.1', port: 0, tls: undefined, clock, tenants },
    onNotifications: (counts) => counted.push(counts),
    onDefect: (error) => defects.push(error),
  });
});
afterEach(() => listener.close());

const post = (body: unknown, query = '') =>
  fetch(`http://127.0.0.1:${listener.port}/hook${query}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const of = (callId: string, clientState = 'secret-1') => ({
  ...{ subscriptionId: 's', clientState, changeType: 'updated' },
  resource: `communications/callRecords/${callId}`,
});

describe('a body', () => {
  const otherForms: readonly unknown[] = [
    ...[null, 17, 'x', [], {}, { subscriptionId: 's' }, { ...of('x'), clientState: 1 }],
    ...[
      { ...of('x'), lifecycleEvent: 'other' },
      { ...of('x'), clientState: 'x'.repeat(129) },
    ],
    ...[
      { ...of('x'), resourceData: { id: 'x'.repeat(513) } },
      { ...of('x'), subscriptionId: null },
    ],
  ];

  it('is accepted except its invalid notifications, in any order', async () => {
    const item = fc.oneof(
      fc.constantFrom(...otherForms).map((value) => ({ value, outcome: 'otherForm' as const, id: '' })),
      fc.uuid().map((id) => ({ value: of(id), outcome: 'taken' as const, id })),
      fc.uuid().map((id) => ({ value: of(id, 'guess'), outcome: 'unknownClientState' as const, id: '' })),
      fc.constant({ value: { ...of('x'), resource: 'users' }, outcome: 'noCall' as const, id: '' }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 20 }), async (items) => {
        counted.length = tenants[0].ids.length = 0;
        expect((await post({ value: items.map(({ value }) => value) })).status).toBe(202);
        const count = (outcome: string) => items.filter((one) => one.outcome === outcome).length;
        expect(counted).toEqual([
          {
            taken: count('taken'),
            otherForm: count('otherForm'),
            unknownClientState: count('unknownClientState'),
            noCall: count('noCall'),
          },
        ]);
        expect(new Set(tenants[0].ids)).toEqual(new Set(items.flatMap(({ id }) => (id === '' ? [] : [id]))));
      }),
      { numRuns: 60 },
    );
    expect(tenants[1].ids).toEqual([]);
    expect(defects).toEqual([]);
  });

  it('may be of several tenants, with lifecycle events and keys in parentheses', async () => {
    const event = {
      ...of('x', 'secret-2'),
      resource: undefined,
      lifecycleEvent: 'missed',
      resourceData: null,
    };
    const keyed = { ...of('x'), resource: "communications/callRecords('it''s')" };
    const named = { ...of('x', 'secret-2'), resource: null, resourceData: { id: 'named' } };
    expect((await post({ value: [event, keyed, named, of('plain')] })).status).toBe(202);
    expect([tenants[0].ids, tenants[1].ids, tenants[1].events]).toEqual([
      ["it's", 'plain'],
      ['named'],
      ['missed s'],
    ]);
  });

  it('may begin with a byte order mark', async () => {
    expect((await post(`\ufeff${JSON.stringify({ value: [of('marked')] })}`)).status).toBe(202);
    expect(tenants[0].ids).toEqual(['marked']);
  });

  it.each<[string, string, number]>([
    ['no JSON', '{"value":', 400],
    ['no list', '{"value":{}}', 400],
    ['nothing', '', 400],
    ['null', 'null', 400],
    ['more than is read', `"${'x'.repeat(5 * 2 ** 20)}"`, 413],
    ['more notifications than are looked at', `{"value":[${Array(10_001).fill(0).join()}]}`, 413],
  ])('that is %s is refused, and is no defect', async (_, body, status) => {
    expect((await post(body)).status).toBe(status);
    expect(counted).toEqual([]);
    expect(defects).toEqual([]);
  });

  it('with ten thousand forged notifications asks for each subscription once', async () => {
    const forged = Array.from({ length: 9999 }, (_, i) => of('x', `guess-${i}`));
    expect((await post({ value: [...forged, of('sound')] })).status).toBe(202);
    expect(tenants.map(({ refreshes }) => refreshes)).toEqual([1, 1]);
    expect(tenants[0].ids).toEqual(['sound']);
    expect((await post({ value: [of('sound')] })).status).toBe(202);
    expect(tenants.map(({ refreshes }) => refreshes)).toEqual([1, 1]);
  });
});

it('a notification that cannot be stored is sent again, and any other failure is logged as an internal error', async () => {
  tenants[0].failure = new StoreError('The disk is full.');
  const unavailable = await post({ value: [of('x')] });
  expect([unavailable.status, unavailable.headers.has('retry-after')]).toEqual([503, true]);
  tenants[0].failure = new TypeError('broken');
  expect((await post({ value: [of('x')] })).status).toBe(500);
  expect(defects).toEqual([expect.any(StoreError), tenants[0].failure]);
  expect(counted).toEqual([]);
});

it("has the server's limits: of the URL, the headers and the method", async () => {
  expect((await post({}, `?x=${'x'.repeat(9000)}`)).status).toBe(414);
  const headers = { 'x-long': 'x'.repeat(40_000) };
  const url = `http://127.0.0.1:${listener.port}/`;
  expect((await fetch(url, { method: 'POST', headers })).status).toBe(431);
  const get = await fetch(url);
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  const socket = createConnection(listener.port, '127.0.0.1');
  socket.end('no HTTP\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /);
  expect(defects).toEqual([]);
});

it('answers a handshake with the token as plain text, and none that is too long', async () => {
  const shaken = await post('', `?validationToken=${encodeURIComponent('<script>alert(1)</script>\r\n +')}`);
  expect([shaken.status, await shaken.text()]).toEqual([200, '<script>alert(1)</script>\r\n +']);
  expect(Object.fromEntries(shaken.headers)).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  });
  expect((await post('', `?validationToken=${'x'.repeat(4097)}`)).status).toBe(400);
});

it('refusals are counted, and logged once a minute without anything of them', () => {
  let text = '';
  const log = createLog({ format: 'text', level: 'info', write: (line) => (text += line), now: clock.now });
  const counter = new NotificationCounter(log, clock);
  const refused = { taken: 1, otherForm: 2, unknownClientState: 3, noCall: 4 };
  counter.add({ ...refused, otherForm: 0, unknownClientState: 0, noCall: 0 });
  expect(text).toBe('');
  for (let i = 0; i < 5; i++) counter.add(refused);
  expect(text.match(/\n/g)).toHaveLength(1);
  expect(text).toContain('otherForm=2 unknownClientState=3 noCall=4 taken=2');
  clock.advance(60_000);
  counter.add(refused);
  expect(text).toContain('otherForm=10 unknownClientState=15 noCall=20 taken=5');
  expect(counter.counts).toEqual({ taken: 7, otherForm: 12, unknownClientState: 18, noCall: 24 });
});
