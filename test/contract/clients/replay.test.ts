/**
 * Sends what the SDKs of other languages send, as their sources have it, over sockets to `dev` and to `serve` with
 * workers, each in a process of its own. docs/clients.md lists which client was run and which was replayed.
 */
import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { development } from '../../../src/base/development.ts';
import { type Receiver, startReceiver } from '../../support/receiver.ts';
import { aRecord, participants } from '../../support/records.ts';
import { type DevCommand, startDev } from '../../support/emulator.ts';
import { startWorkersServer, type WorkersServer } from '../../support/workers.ts';
import { dotnet } from './replayed/dotnet.ts';
import { go } from './replayed/go.ts';
import { java } from './replayed/java.ts';
import { powershell } from './replayed/powershell.ts';
import { python } from './replayed/python.ts';
import type { ReplayedSdk } from './replayed/sdk.ts';

const sdks: readonly ReplayedSdk[] = [powershell, python, dotnet, go, java];
const call = 'e523d2ed-2966-4b6b-925b-754a88034cc5';
const span = { startDateTime: '2026-03-02T10:00:00Z', endDateTime: '2026-03-02T10:20:00Z' };
const records = [
  aRecord(call, {
    participants_v2: participants(3),
    sessions: [{ id: 's', ...span, segments: [{ id: 'g', ...span }] }],
  }),
  {
    '@odata.type': '#microsoft.graph.callRecords.pstnCallLogRow',
    id: 'row',
    startDateTime: '2026-02-10T00:00:00Z',
  },
];

interface Target {
  readonly url: string;
  readonly token: (sdk: ReplayedSdk) => Promise<string>;
  /** Whether an endpoint on this machine may be notified without https. */
  readonly notifiesLoopback: boolean;
}

let dev: DevCommand;
let serve: WorkersServer;
let webhook: Receiver;
const targets: Record<string, Target> = {};
const agent = new Agent({ keepAlive: true });
beforeAll(async () => {
  [dev, serve, webhook] = await Promise.all([
    startDev('--store', 'memory:', '--no-generate'),
    startWorkersServer(),
    startReceiver(),
  ]);
  expect((await dev.ask('POST', 'callRecords', records)).status).toBe(201);
  await serve.import(records);
  targets['dev'] = { url: dev.url, token: tokenOf, notifiesLoopback: true };
  targets['serve'] = { url: serve.url, token: () => serve.token(), notifiesLoopback: false };
}, 60_000);
afterAll(async () => {
  agent.destroy();
  expect(serve.defects).toEqual([]);
  await Promise.all([dev.stop(), serve.stop(), webhook[Symbol.asyncDispose]()]);
});

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Headers and the URL go out as they are: `fetch` would write its own. */
function send(
  url: string,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body?: { readonly bytes: Buffer; readonly isChunked?: boolean },
): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const { hostname, port } = new URL(url);
  const length = body === undefined || body.isChunked === true ? {} : { 'Content-Length': body.bytes.length };
  const sent = httpRequest(
    { hostname, port, agent, method, path: target, headers: { ...headers, ...length } },
    (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(pieces);
        const text = (response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: text === '' ? {} : (JSON.parse(text) as Answered['body']),
        });
      });
    },
  );
  sent.on('error', reject);
  if (headers['Expect'] === undefined) sent.end(body?.bytes);
  else sent.on('continue', () => sent.end(body?.bytes));
  return promise;
}

async function tokenOf({ token }: ReplayedSdk): Promise<string> {
  const text = token.form
    .replace('{client}', development.clientId)
    .replace('{secret}', development.clientSecret);
  const path = `/${development.tenantId}/oauth2/v2.0/token`;
  const { status, body } = await send(dev.url, 'POST', path, token.headers, { bytes: Buffer.from(text) });
  expect(body).toMatchObject({ token_type: 'Bearer', expires_in: expect.any(Number) as number });
  expect(status).toBe(200);
  return String(body['access_token']);
}

const values = ({ body }: Answered) => body['value'] as readonly Readonly<Record<string, unknown>>[];

describe.each(['dev', 'serve'])('%s', (name) => {
  describe.each(sdks.map((sdk) => [sdk.name, sdk] as const))('answers %s', (_sdk, sdk) => {
    let token: string;
    const target = () => targets[name]!;
    beforeAll(async () => {
      token = await target().token(sdk);
    });
    const get = (path: string, more: Readonly<Record<string, string>> = {}) =>
      send(target().url, 'GET', path.replace('{call}', call), {
        ...sdk.headers,
        Authorization: `Bearer ${token}`,
        ...more,
      });
    const write = (
      method: string,
      path: string,
      text: string,
      more: Readonly<Record<string, string>> = {},
    ) => {
      const { isCompressed, isChunked = false, contentType = 'application/json' } = sdk.body;
      const filled = text
        .replaceAll('{call}', call)
        .replace('{webhook}', `${webhook.url}/hook?a=1&b=2`)
        .replace('{expires}', sdk.formatTime(new Date(Date.now() + 3_600_000)));
      return send(
        target().url,
        method,
        path,
        {
          ...sdk.headers,
          Authorization: `Bearer ${token}`,
          'Content-Type': contentType,
          ...(isCompressed && { 'Content-Encoding': 'gzip' }),
          ...more,
        },
        { bytes: isCompressed === true ? gzipSync(filled) : Buffer.from(filled), isChunked },
      );
    };

    it('in lists, calls and logs, whatever its spelling of options and dates', async () => {
      const list = await get(sdk.list);
      expect([list.status, values(list)]).toEqual([200, [{ id: call, startDateTime: span.startDateTime }]]);
      const { 'client-request-id': own } = sdk.headers;
      if (own !== undefined) expect(list.headers['client-request-id']).toBe(own);
      const one = await get(sdk.call);
      expect(one.body).toMatchObject({ id: call, sessions: [{ id: 's', segments: [{ id: 'g' }] }] });
      const log = await get(sdk.log);
      expect([log.status, values(log).length]).toEqual([200, 1]);
    });

    it('in a preference, and in an error that it can read', async () => {
      const page = await get('/v1.0/communications/callRecords/{call}/participants_v2', {
        Prefer: 'odata.maxpagesize=2, include-unknown-enum-members',
      });
      expect([values(page).length, typeof page.body['@odata.nextLink']]).toEqual([2, 'string']);
      const next = new URL(String(page.body['@odata.nextLink']));
      expect(values(await get(next.pathname + next.search))).toHaveLength(1);
      const missing = await get('/v1.0/communications/callRecords/none');
      expect([missing.status, missing.body]).toEqual([
        404,
        {
          error: {
            code: 'NotFound',
            message: '',
            innerError: {
              date: expect.stringMatching(/^\d{4}(-\d\d){2}T\d\d(:\d\d){2}$/) as string,
              'request-id': expect.any(String) as string,
              'client-request-id': expect.any(String) as string,
            },
          },
        },
      ]);
    });

    it('in a batch', async () => {
      if (sdk.batch === undefined) return;
      for (const more of [{}, { Expect: '100-continue' }]) {
        const { status, body } = await write('POST', '/v1.0/$batch', sdk.batch, more);
        const [item] = body['responses'] as readonly { id: string; status: number; body: unknown }[];
        expect([status, item!.status, item!.id]).toEqual([200, 200, /"id": ?"([^"]+)"/.exec(sdk.batch)![1]]);
        expect(JSON.stringify(item!.body)).toContain(call);
      }
    });

    it('in subscriptions', async () => {
      const asked = { Expect: '100-continue' };
      const made = await write('POST', '/v1.0/subscriptions', sdk.subscription.post, asked);
      if (!target().notifiesLoopback) {
        const { error } = made.body as { error: { code: string; message: string } };
        expect([made.status, error.code, error.message]).toEqual([
          400,
          'ValidationError',
          expect.stringContaining('notificationUrl') as string,
        ]);
        return;
      }
      expect([made.status, made.body['clientState'], made.body['notificationUrl']]).toEqual([
        201,
        'mine',
        `${webhook.url}/hook?a=1&b=2`,
      ]);
      const path = `/v1.0/subscriptions/${String(made.body['id'])}`;
      expect((await write('PATCH', path, sdk.subscription.patch)).status).toBe(200);
      const headers = { ...sdk.headers, Authorization: `Bearer ${token}` };
      expect((await send(target().url, 'DELETE', path, headers)).status).toBe(204);
    });

    it('after its retry', async () => {
      if (name === 'dev')
        for (const status of [429, 503]) {
          const effect = { status, retryAfterSeconds: 1 };
          const rule = { match: { path: '/v1.0/communications/callRecords' }, times: 1, effect };
          expect((await dev.ask('POST', 'faults', rule)).status).toBe(201);
          const first = await get(sdk.list);
          // Whole seconds: Kiota for Python reads no fractions.
          expect([first.status, first.headers['retry-after']]).toEqual([status, '1']);
          await dev.ask('DELETE', 'faults');
        }
      expect((await get(sdk.list, { 'Retry-Attempt': '1' })).status).toBe(200);
    });
  });
});

describe('instance discovery', () => {
  const ask = (endpoint: string) =>
    send(
      dev.url,
      'GET',
      `/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(endpoint)}`,
      { Accept: 'application/json' },
    );

  it('names the configuration of the tenant', async () => {
    const { status, body } = await ask(`${dev.url}/${development.tenantId}/oauth2/v2.0/authorize`);
    const { host } = new URL(dev.url);
    expect([status, body['tenant_discovery_endpoint'], body['metadata']]).toEqual([
      200,
      `${dev.url}/${development.tenantId}/v2.0/.well-known/openid-configuration`,
      [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    ]);
    const { pathname } = new URL(String(body['tenant_discovery_endpoint']));
    expect((await send(dev.url, 'GET', pathname, {})).body['token_endpoint']).toContain(dev.url);
  });

  it.each([
    'https://evil.example/common/oauth2/v2.0/authorize',
    'x',
    '',
    'DEV/a b/oauth2/v2.0/authorize',
    'DEV/',
  ])('does not lead to %j', async (endpoint) => {
    const { status, body } = await ask(endpoint.replace('DEV', dev.url));
    expect([status, body['error']]).toEqual([400, 'invalid_instance']);
  });
});

it('docs/clients.md names each SDK that is replayed, with its version', () => {
  const page = readFileSync(new URL('../../../docs/clients.md', import.meta.url), 'utf8');
  for (const { name, version } of sdks) {
    expect(page).toContain(`- ${name}`);
    expect(page).toContain(version);
  }
});
