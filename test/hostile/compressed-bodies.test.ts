/** Tests that every entrance that reads a body reads it compressed, within its limit, and refuses every other coding. */
import { Agent, request as httpRequest } from 'node:http';
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { createMovableClock } from '../../src/base/clock.ts';
import { startListener } from '../../src/serve/http/notification-listener.ts';
import { often, testSeed } from '../support/often.ts';
import { startReceiver } from '../support/receiver.ts';
import { aRecord } from '../support/records.ts';
import { startEmulator, type TestEmulator } from '../support/emulator.ts';

interface Entrance {
  readonly method?: 'PATCH';
  /** Of the emulator; a whole URL elsewhere. */
  readonly path: () => string;
  readonly type: string;
  readonly body: () => string;
  readonly status: number;
  /** Of the body as sent and as decompressed. */
  readonly maxBytes: number;
  /** Behind a BOM the body means the same: it is JSON. */
  readonly isJson: boolean;
}

let emulator: TestEmulator;
let webhook: Awaited<ReturnType<typeof startReceiver>>;
let subscriptionPath = '';
let authorization = '';
const listener = await startListener({
  ...{ host: '127.0.0.1', port: 0, tls: undefined, tenants: [] },
  clock: createMovableClock(new Date('2026-11-02T12:00:00Z')),
  onNotifications: () => undefined,
  onDefect: (error) => defects.push(error),
});
const defects: unknown[] = [];
beforeAll(async () => {
  emulator = await startEmulator();
  webhook = await startReceiver();
  await emulator.import([aRecord('call')]);
  authorization = `Bearer ${await emulator.token()}`;
  const made = (await (
    await emulator.send('POST', '/v1.0/subscriptions', subscription('updated'))
  ).json()) as {
    id: string;
  };
  subscriptionPath = `/v1.0/subscriptions/${made.id}`;
});
afterAll(async () => {
  expect([...emulator.defects, ...defects]).toEqual([]);
  await Promise.all([emulator.stop(), webhook[Symbol.asyncDispose](), listener.close()]);
});

let made = 0;
const subscription = (changeType = 'created') => ({
  changeType,
  notificationUrl: `${webhook.url}/${++made}`,
  resource: 'communications/callRecords',
  expirationDateTime: '2026-11-04T12:00:00Z',
});
const json = 'application/json';
const form = 'application/x-www-form-urlencoded';
const authorize = new URLSearchParams({
  client_id: development.clientId,
  response_type: 'code',
  redirect_uri: 'http://localhost/callback',
  scope: 'openid',
  nonce: 'n',
  state: 's',
  code_challenge_method: 'S256',
  code_challenge: 'x'.repeat(43),
});
const entrances: Readonly<Record<string, Entrance>> = {
  'a new subscription': {
    path: () => '/v1.0/subscriptions',
    ...{ type: json, status: 201, maxBytes: 65_536, isJson: true },
    body: () => JSON.stringify(subscription()),
  },
  'a renewal': {
    method: 'PATCH',
    path: () => subscriptionPath,
    ...{ type: json, status: 200, maxBytes: 65_536, isJson: true },
    body: () => '{"expirationDateTime":"2026-11-05T00:00:00Z"}',
  },
  'a batch': {
    path: () => '/beta/$batch',
    ...{ type: json, status: 200, maxBytes: 2 ** 20, isJson: true },
    body: () => '{"requests":[{"id":"1","method":"GET","url":"/communications/callRecords"}]}',
  },
  'a token request': {
    path: () => `/${development.tenantId}/oauth2/v2.0/token`,
    ...{ type: form, status: 200, maxBytes: 65_536, isJson: false },
    body: () =>
      new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: development.clientId,
        client_secret: development.clientSecret,
        scope: 'https://graph.microsoft.com/.default',
      }).toString(),
  },
  'a form of the sign-in': {
    path: () => `/${development.tenantId}/oauth2/v2.0/authorize?${authorize.toString()}`,
    ...{ type: form, status: 303, maxBytes: 65_536, isJson: false },
    body: () => 'person=',
  },
  'the control API': {
    path: () => '/rollcall/dev/clock',
    ...{ type: json, status: 200, maxBytes: 2 ** 20, isJson: true },
    body: () => '{"advance":"PT1S"}',
  },
  'records for the control API': {
    path: () => '/rollcall/dev/callRecords',
    ...{ type: 'application/x-ndjson', status: 201, maxBytes: 2 ** 25, isJson: true },
    body: () => JSON.stringify(aRecord('more')),
  },
  'a notification': {
    path: () => `http://127.0.0.1:${listener.port}/hook`,
    ...{ type: json, status: 202, maxBytes: 4 * 2 ** 20, isJson: true },
    body: () => '{"value":[]}',
  },
};

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
afterAll(() => agent.destroy());

interface Sent {
  readonly status: number;
  readonly code: unknown;
  readonly message: string;
  readonly acceptEncoding: unknown;
}

/** @param body Sent in chunks where it is a list. */
/** Ends the subscription that it made: an application has one for the same changes. */
async function send(...asked: Parameters<typeof sendAlone>): Promise<Sent> {
  const sent = await sendAlone(...asked);
  const subscriptions = await emulator.store.subscriptions.list(development.tenantId, development.clientId);
  for (const { id, changeType } of subscriptions)
    if (changeType === 'created') await emulator.send('DELETE', `/v1.0/subscriptions/${id}`);
  return sent;
}

function sendAlone(
  entrance: Entrance,
  body: Buffer | readonly Buffer[],
  coding: string | readonly string[] | undefined,
  more: Record<string, string> = {},
): Promise<Sent> {
  const { promise, resolve, reject } = Promise.withResolvers<Sent>();
  const length = Array.isArray(body) ? {} : { 'content-length': String((body as Buffer).length) };
  const sent = httpRequest(
    new URL(entrance.path(), emulator.url),
    {
      method: entrance.method ?? 'POST',
      agent,
      headers: {
        ...{ authorization, 'content-type': entrance.type, ...length, ...more },
        ...(coding !== undefined && { 'content-encoding': coding as string }),
      },
    },
    (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(pieces).toString();
        const error = /^\{"error":\{/.test(text)
          ? (JSON.parse(text) as { error: { code: string; message: string } }).error
          : undefined;
        resolve({
          status: response.statusCode ?? 0,
          code: error?.code,
          message: error?.message ?? '',
          acceptEncoding: response.headers['accept-encoding'],
        });
      });
    },
  );
  sent.on('error', reject);
  if (more['expect'] !== undefined) sent.on('continue', () => sent.end(body));
  else if (Array.isArray(body)) {
    for (const piece of body as readonly Buffer[]) sent.write(piece);
    sent.end();
  } else sent.end(body);
  return promise;
}

/** In members of a MiB, each of which is the same. */
function gzipOfZeros(bytes: number): Buffer {
  const member = gzipSync(Buffer.alloc(2 ** 20));
  const whole = Array.from({ length: Math.floor(bytes / 2 ** 20) }, () => member);
  return Buffer.concat([...whole, gzipSync(Buffer.alloc(bytes % 2 ** 20))]);
}

const halves = (bytes: Buffer) => [bytes.subarray(0, bytes.length >> 1), bytes.subarray(bytes.length >> 1)];

describe.each(Object.entries(entrances))('%s', (_name, entrance) => {
  const { status, maxBytes, body } = entrance;
  const plain = () => Buffer.from(body());

  it('is read compressed, whatever the spelling of the coding', async () => {
    const ways: readonly (readonly [string | readonly string[] | undefined, Buffer | readonly Buffer[]])[] = [
      [undefined, plain()],
      ['identity', plain()],
      ['', plain()],
      ['gzip', gzipSync(plain())],
      ['GZip', gzipSync(plain())],
      ['x-gzip', gzipSync(plain())],
      ['gzip, identity', gzipSync(plain())],
      [' ,gzip,', gzipSync(plain())],
      ['gzip, gzip', gzipSync(gzipSync(plain()))],
      [['gzip', 'identity'], gzipSync(plain())],
      ['gzip', halves(gzipSync(plain()))],
      ['gzip', Buffer.concat(halves(plain()).map((half) => gzipSync(half)))],
      ['gzip', Buffer.concat([gzipSync(plain()), gzipSync('')])],
      ['gzip', Buffer.concat([gzipSync(plain()), Buffer.alloc(512)])],
    ];
    for (const [coding, sent] of ways)
      expect((await send(entrance, sent, coding)).status, String(coding)).toBe(status);
    const waited = await send(entrance, gzipSync(plain()), 'gzip', { expect: '100-continue' });
    expect(waited.status).toBe(status);
  });

  it('is refused where it is no gzip', async () => {
    const whole = gzipSync(plain());
    const corrupt = Buffer.from(whole);
    corrupt[whole.length - 6]! ^= 0xff;
    const bodies: readonly Buffer[] = [
      plain(),
      whole.subarray(0, whole.length - 1),
      whole.subarray(0, 11),
      whole.subarray(0, 1),
      corrupt,
      Buffer.concat([whole, Buffer.from('more')]),
      Buffer.concat([whole, whole.subarray(0, 12)]),
      deflateSync(plain()),
    ];
    for (const sent of bodies)
      expect(await send(entrance, sent, 'gzip')).toMatchObject({
        status: 400,
        code: 'BadRequest',
        message: /Content-Encoding/,
      });
    expect((await send(entrance, gzipSync(plain()), 'gzip, gzip')).status).toBe(400);
  });

  it('in another coding is refused with the one that is taken', async () => {
    const codings = [
      'br',
      'deflate',
      'zstd',
      'compress',
      'gzip, br',
      'gzip;q=1',
      'gzipx',
      '*',
      'gzip,gzip,gzip',
    ];
    for (const coding of [...codings, '\xe9'])
      expect(await send(entrance, plain(), coding), coding).toMatchObject({
        status: 415,
        code: 'UnsupportedMediaType',
        message: /gzip/,
        acceptEncoding: 'gzip',
      });
  });

  it('is read up to its limit only', async () => {
    const bomb = gzipOfZeros(maxBytes * 2);
    expect(bomb.length).toBeLessThan(maxBytes);
    for (const [sent, coding] of [
      [bomb, 'gzip'],
      [halves(bomb), 'gzip'],
      [gzipSync(bomb), 'gzip, gzip'],
      [gzipOfZeros(maxBytes + 1), 'gzip'],
    ] as const)
      expect(await send(entrance, sent, coding)).toMatchObject({
        status: 413,
        code: 'BadRequest',
        message: `The body is larger than ${maxBytes} bytes.`,
      });
    // Which is followed by another request on the same connection.
    expect((await send(entrance, gzipSync(plain()), 'gzip')).status).toBe(status);
    if (entrance.isJson && maxBytes <= 2 ** 22) {
      const spaces = Buffer.concat([plain(), Buffer.alloc(maxBytes - plain().length, ' ')]);
      expect((await send(entrance, gzipSync(spaces), 'gzip')).status).toBe(status);
    }
  });

  it('means the same behind a byte order mark', async () => {
    if (!entrance.isJson) return;
    const marked = Buffer.from(`\ufeff${body()}`);
    expect((await send(entrance, marked, undefined)).status).toBe(status);
    expect((await send(entrance, gzipSync(marked), 'gzip')).status).toBe(status);
  });
});

it('an empty body is none, whatever its coding', async () => {
  const sent = await send(entrances['a new subscription']!, Buffer.alloc(0), 'gzip');
  expect([sent.status, sent.message]).toEqual([400, 'Empty Payload. JSON content expected.']);
});

it('a request in a batch is JSON, whatever its own headers say of its coding', async () => {
  const headers = { 'Content-Encoding': 'gzip', 'content-type': json };
  const { responses } = (await (
    await emulator.send('POST', '/v1.0/$batch', {
      requests: [{ id: '1', method: 'POST', url: '/subscriptions', headers, body: subscription() }],
    })
  ).json()) as { responses: { status: number }[] };
  expect(responses[0]!.status).toBe(201);
});

it('bytes that were changed on the way never lead to a defect', async () => {
  const whole = gzipSync(entrances['a batch']!.body());
  const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(changes, fc.nat(whole.length), async (changed, end) => {
      const sent = Buffer.from(whole);
      for (const [at, byte] of changed) sent[at] = byte;
      const { status } = await send(entrances['a batch']!, sent.subarray(0, end), 'gzip');
      expect([200, 400, 413]).toContain(status);
    }),
    { numRuns: often(60, 2000), seed: testSeed },
  );
});
