/** Subscriptions over HTTP: made, read, renewed, ended; and everything that is refused. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MovableClock } from '../../src/base/clock.ts';
import { development } from '../../src/base/development.ts';
import { often } from '../support/often.ts';
import { type Receiver, startReceiver, tokenOf } from '../support/receiver.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  answerOf,
  clientState,
  type Json,
  refusalOf,
  resource,
  storedSubscription,
  startSubscribing,
} from '../support/subscribing.ts';

let subscribing: Awaited<ReturnType<typeof startSubscribing>>;
let clock: MovableClock;
let server: TestServer;
let receiver: Receiver;
let create: (typeof subscribing)['create'];
let body: (typeof subscribing)['body'];
let inMinutes: (typeof subscribing)['inMinutes'];
beforeEach(async () => {
  subscribing = await startSubscribing();
  ({ clock, server, receiver, create, body, inMinutes } = subscribing);
});
afterEach(async () => {
  expect(server.defects).toEqual([]);
  await subscribing[Symbol.asyncDispose]();
});

describe('a subscription', () => {
  it('is made as Graph makes one, in the order of its properties, after the endpoint was asked', async () => {
    const { status, headers, body: made } = await create();
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`${server.url}/v1.0/subscriptions/${String(made['id'])}`);
    expect(Object.entries(made)).toEqual([
      ['@odata.context', `${server.url}/v1.0/$metadata#subscriptions/$entity`],
      ['id', expect.stringMatching(/^[0-9a-f-]{36}$/)],
      ['resource', resource],
      ['applicationId', development.clientId],
      ['changeType', 'created,updated'],
      ['clientState', clientState],
      ['notificationUrl', `${receiver.url}/hook?code=1&x=a%20b`],
      ['notificationQueryOptions', null],
      ['lifecycleNotificationUrl', null],
      ['expirationDateTime', '2026-03-05T10:29:59.1234567Z'],
      ['creatorId', expect.stringMatching(/^[0-9a-f-]{36}$/)],
      ['includeResourceData', null],
      ['latestSupportedTlsVersion', 'v1_2'],
      ['encryptionCertificate', null],
      ['encryptionCertificateId', null],
      ['notificationUrlAppId', null],
    ]);
    expect(
      receiver.validations.map(({ target, contentType, body: sent }) => [target, contentType, sent]),
    ).toEqual([
      [
        expect.stringMatching(
          /^\/hook\?code=1&x=a%20b&validationToken=Validation%3A\+Testing\+client\+application\+reachability\+for\+subscription\+Request-Id%3A\+[0-9a-f-]{36}$/,
        ),
        'text/plain; charset=utf-8',
        '',
      ],
    ]);
  });

  it('has one property more in beta', async () => {
    const { status, body: made } = await create({ notificationContentType: 'application/json' }, 'beta');
    expect([status, made['@odata.context'], made['notificationContentType']]).toEqual([
      201,
      `${server.url}/beta/$metadata#subscriptions/$entity`,
      null,
    ]);
    expect(refusalOf(await create({ notificationContentType: 'application/json' }))).toEqual([
      400,
      'BadRequest',
      "The property 'notificationContentType' does not exist on type 'microsoft.graph.subscription'. Make sure to only use property names that are defined by the type.",
    ]);
  });

  it.each([
    "/communications/callRecords?$filter=participants/any(p:p/id eq '6A5BDB0E-0000-0000-0000-000000000001')",
    "communications/callrecords?%24filter=participants%2Fany(x%3Ax%2Fid%20in%20(%27a%27%2C'b'))",
  ])('has its filter as it was sent, in every answer: %s', async (filtered) => {
    const { status, body: made } = await create({ resource: filtered });
    expect([status, made['resource']]).toEqual([201, filtered]);
    const path = `/v1.0/subscriptions/${String(made['id'])}`;
    expect((await answerOf(server.get(path))).body['resource']).toBe(filtered);
    expect((await answerOf(server.get('/v1.0/subscriptions'))).body['value']).toMatchObject([
      { resource: filtered },
    ]);
    const { body: read } = await answerOf(server.get(path));
    const whole = { ...read, expirationDateTime: inMinutes(4000) };
    const renewed = await answerOf(server.send('PATCH', path, whole));
    expect([renewed.status, renewed.body['resource']]).toEqual([200, filtered]);
    const other = { ...whole, resource: filtered.replace('%2F', '/').replace('6A5B', '6A5C') };
    expect((await answerOf(server.send('PATCH', path, other))).status).toBe(400);
    expect(refusalOf(await create({ resource: filtered }))[0]).toBe(409);
    expect((await create({ resource: other.resource })).status).toBe(201);
  });

  it('has both endpoints asked', async () => {
    const { status } = await create({ lifecycleNotificationUrl: `${receiver.url}/life` });
    expect(status).toBe(201);
    expect(receiver.validations.map(({ target }) => target.split('?')[0])).toEqual(['/hook', '/life']);
  });

  it('is read, listed, renewed and deleted, with the key in either syntax and in either version', async () => {
    const { body: made } = await create();
    const id = String(made['id']);
    const { '@odata.context': context, ...members } = made;
    for (const path of [`/v1.0/subscriptions/${id}`, `/v1.0/subscriptions('${id}')`]) {
      const { status, body: found } = await answerOf(server.get(path));
      expect([status, found]).toEqual([200, { ...made, clientState: null }]);
    }
    expect((await answerOf(server.get(`/beta/subscriptions('${id.toUpperCase()}')`))).status).toBe(200);
    const { body: list } = await answerOf(server.get('/v1.0/subscriptions'));
    expect(list).toEqual({
      '@odata.context': String(context).replace('/$entity', ''),
      value: [{ ...members, clientState: null }],
    });
    const bare = await answerOf(
      server.get(`/v1.0/subscriptions/${id}`, { accept: 'application/json;odata.metadata=none' }),
    );
    expect(bare.body).toEqual({ ...members, clientState: null });

    const expirationDateTime = inMinutes(4000);
    const renewed = await answerOf(
      server.send('PATCH', `/beta/subscriptions('${id}')`, {
        '@odata.type': '#microsoft.graph.subscription',
        id,
        expirationDateTime,
      }),
    );
    expect([renewed.status, renewed.body['expirationDateTime'], renewed.body['clientState']]).toEqual([
      200,
      expirationDateTime.replace('.000Z', 'Z'),
      clientState,
    ]);
    expect((await answerOf(server.send('POST', `/v1.0/subscriptions/${id}/reauthorize`))).status).toBe(204);
    expect(
      (await answerOf(server.send('POST', `/v1.0/subscriptions('${id}')/microsoft.graph.reauthorize`)))
        .status,
    ).toBe(204);
    expect(await answerOf(server.send('DELETE', `/v1.0/subscriptions/${id}`))).toMatchObject({
      status: 204,
      body: {},
    });
    const missing = [404, 'ResourceNotFound', 'The object was not found.'];
    for (const [method, path, sent] of [
      ['GET', id, undefined],
      ['PATCH', id, { expirationDateTime }],
      ['DELETE', id, undefined],
      ['POST', `${id}/reauthorize`, undefined],
    ] as const)
      expect(refusalOf(await answerOf(server.send(method, `/v1.0/subscriptions/${path}`, sent)))).toEqual(
        missing,
      );
  });

  it('is seen by the application that made it alone, in its tenant', async () => {
    const { body: made } = await create();
    const path = `/v1.0/subscriptions/${String(made['id'])}`;
    for (const other of [
      { clientId: '33333333-3333-4333-8333-333333333333' },
      { tenantId: '33333333-3333-4333-8333-333333333333' },
    ]) {
      const headers = { authorization: `Bearer ${await server.token(other)}` };
      expect((await answerOf(server.get('/v1.0/subscriptions', headers))).body['value']).toEqual([]);
      for (const [method, sent] of [
        ['GET', undefined],
        ['PATCH', { expirationDateTime: inMinutes(60) }],
        ['DELETE', undefined],
      ] as const)
        expect((await server.send(method, path, sent, headers)).status).toBe(404);
    }
    expect((await server.get(path)).status).toBe(200);
  });

  it('ends when it expires, also for who has just read it', async () => {
    const { body: made } = await create({ expirationDateTime: inMinutes(60) });
    const path = `/v1.0/subscriptions/${String(made['id'])}`;
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await server.get(path)).status);
    clock.advance(3_599_999);
    statuses.push((await server.get(path)).status);
    clock.advance(1);
    statuses.push((await server.get(path)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 404]);
  });

  it('lasts 45 minutes at least and 4,230 at most', async () => {
    const short = await create({ expirationDateTime: inMinutes(1) });
    expect(short.body['expirationDateTime']).toBe('2026-03-02T12:45:00Z');
    const longest = { changeType: 'updated', expirationDateTime: inMinutes(4230) };
    expect((await create(longest)).status).toBe(201);
    const longer = { ...longest, expirationDateTime: '2026-03-05T10:30:00.0000001Z' };
    expect(refusalOf(await create(longer))).toEqual([
      400,
      'ExtensionError',
      'Subscription expiration can only be 4230 minutes in the future.',
    ]);
  });

  it('is made, read and ended in a batch', async () => {
    const headers = { 'content-type': 'application/json' };
    const { body: answer } = await answerOf(
      server.send('POST', '/v1.0/$batch', {
        requests: [
          { id: '1', method: 'POST', url: '/subscriptions', headers, body: body() },
          { id: '2', method: 'GET', url: '/subscriptions', dependsOn: ['1'] },
          { id: '3', method: 'POST', url: '/subscriptions', body: body({ changeType: 'deleted' }) },
          { id: '4', method: 'POST', url: '/subscriptions' },
          {
            id: '5',
            method: 'POST',
            url: '/subscriptions',
            headers: { 'content-type': 'text/plain' },
            body: 'x',
          },
        ],
      }),
    );
    const responses = (
      answer['responses'] as { id: string; status: number; headers: Json; body: Json }[]
    ).sort((a, b) => Number(a.id) - Number(b.id));
    expect(responses.map(({ status }) => status)).toEqual([201, 200, 400, 400, 400]);
    const [made, list] = responses;
    expect(made!.headers['Location']).toBe(`${server.url}/v1.0/subscriptions/${String(made!.body['id'])}`);
    expect((list!.body['value'] as Json[]).map(({ id }) => id)).toEqual([made!.body['id']]);
    const { body: ended } = await answerOf(
      server.send('POST', '/v1.0/$batch', {
        requests: [{ id: '1', method: 'DELETE', url: `/subscriptions/${String(made!.body['id'])}` }],
      }),
    );
    expect((ended['responses'] as Json[]).map(({ status }) => status)).toEqual([204]);
    expect((await answerOf(server.get('/v1.0/subscriptions'))).body['value']).toEqual([]);
  });
});

describe('what cannot be subscribed to', () => {
  const invalid = (message: string) => [400, 'ValidationError', message];
  const unknown =
    "does not exist on type 'microsoft.graph.subscription'. Make sure to only use property names that are defined by the type.";
  it.each<[string, Json, (string | number)[]]>([
    [
      'deleted',
      { changeType: 'created,deleted' },
      invalid("The change type 'deleted' is not supported for call records: created and updated are."),
    ],
    ['nothing', { changeType: '' }, invalid("The property 'changeType' is required.")],
    ['no endpoint', { notificationUrl: undefined }, invalid("The property 'notificationUrl' is required.")],
    [
      'a part of an URL',
      { notificationUrl: '/hook' },
      invalid("The property 'notificationUrl' is not an absolute URL of at most 2048 characters."),
    ],
    [
      'a file',
      { notificationUrl: 'file:///etc/passwd' },
      invalid("The property 'notificationUrl' is not an absolute URL of at most 2048 characters."),
    ],
    [
      'Event Hubs',
      {
        notificationUrl: 'EventHub:https://vault.vault.azure.net/secrets/connection?tenantId=contoso.example',
      },
      invalid(
        "The property 'notificationUrl' names Azure Event Hubs (EventHub:), to which this server does not deliver. Set an https URL that receives notifications by POST.",
      ),
    ],
    [
      'Event Grid, in small letters',
      { notificationUrl: 'eventgrid:?azuresubscriptionid=8a2c&resourcegroup=group&partnertopic=topic' },
      invalid(
        "The property 'notificationUrl' names Azure Event Grid (EventGrid:), to which this server does not deliver. Set an https URL that receives notifications by POST.",
      ),
    ],
    [
      'Event Hubs for lifecycle notifications, in capitals',
      { lifecycleNotificationUrl: 'EVENTHUB:https://hub.servicebus.windows.net/eventhubname/events' },
      invalid(
        "The property 'lifecycleNotificationUrl' names Azure Event Hubs (EventHub:), to which this server does not deliver. Set an https URL that receives notifications by POST.",
      ),
    ],
    [
      'an URL with a password',
      { notificationUrl: 'https://user:pass@receiver.example/' },
      invalid("The property 'notificationUrl' must have neither a user nor a fragment."),
    ],
    [
      'a lifecycle endpoint with a fragment',
      { lifecycleNotificationUrl: 'https://receiver.example/#a' },
      invalid("The property 'lifecycleNotificationUrl' must have neither a user nor a fragment."),
    ],
    [
      'another resource',
      { resource: '/users' },
      invalid(
        "The resource '/users' is not supported for change notifications: communications/callRecords is.",
      ),
    ],
    [
      'another filter',
      { resource: `${resource}?$filter=participants_v2/any(p:p/id eq 'a')` },
      invalid(
        "The filter 'participants_v2/any(p:p/id eq 'a')' is not supported for change notifications: participants/any(p:p/id eq '{id}'), with eq, in and or, is.",
      ),
    ],
    [
      'another option',
      { resource: `${resource}?$select=id` },
      invalid(
        "The query option '$select' is not supported in the resource: only $filter is supported, as participants/any(p:p/id eq '{id}'), with eq, in and or.",
      ),
    ],
    [
      'a filter that does not parse',
      { resource: `${resource}?$filter=participants/any(p:p/id eq 'a'` },
      invalid("Invalid filter clause: Syntax error at position 30 in 'participants/any(p:p/id eq 'a''."),
    ],
    [
      'the past',
      { expirationDateTime: '2026-03-02T12:00:00Z' },
      invalid('Subscription expiration must be in the future.'),
    ],
    [
      'a long client state',
      { clientState: 'x'.repeat(129) },
      invalid("The property 'clientState' is longer than 128 characters."),
    ],
    [
      'resource data',
      { includeResourceData: true },
      invalid('Resource data is not supported for change notifications of call records.'),
    ],
    [
      'a certificate',
      { encryptionCertificate: 'MII' },
      invalid("The property 'encryptionCertificate' is not supported for subscriptions to call records."),
    ],
    [
      'TLS 1.3',
      { latestSupportedTlsVersion: 'v1_3' },
      invalid('Invalid property value for LatestSupportedTlsVersion'),
    ],
    [
      'a member that is none',
      { secret: clientState },
      [400, 'BadRequest', `The property 'secret' ${unknown}`],
    ],
    [
      'a number for a text',
      { clientState: 5 },
      [400, 'BadRequest', "The value of property 'clientState' is not of type 'Edm.String'."],
    ],
    [
      'null where there must be something',
      { resource: null },
      [400, 'BadRequest', "The value of property 'resource' must not be null."],
    ],
    [
      'a day for a time',
      { expirationDateTime: '2026-03-03' },
      [400, 'BadRequest', "The value of property 'expirationDateTime' is not of type 'Edm.DateTimeOffset'."],
    ],
  ])('%s', async (_name, more, refusal) => {
    expect(refusalOf(await create(more))).toEqual(refusal);
    expect(receiver.validations).toEqual([]);
  });

  it('is said of a body that is not one', async () => {
    const send = async (text: string | undefined, contentType = 'application/json') =>
      refusalOf(
        await answerOf(
          fetch(`${server.url}/v1.0/subscriptions`, {
            method: 'POST',
            headers: { authorization: `Bearer ${await server.token()}`, 'content-type': contentType },
            ...(text !== undefined && { body: text }),
          }),
        ),
      );
    expect(await send(undefined)).toEqual([400, 'BadRequest', 'Empty Payload. JSON content expected.']);
    expect(await send('{"a":')).toEqual([
      400,
      'BadRequest',
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    ]);
    expect(await send('[]')).toEqual([400, 'BadRequest', 'The body of the request is not a JSON object.']);
    expect(await send('{}', 'text/plain')).toEqual([
      400,
      'BadRequest',
      'Entity only allows writes with a JSON Content-Type header.',
    ]);
    expect(await send(`{"a":"${'x'.repeat(70_000)}"}`)).toEqual([
      413,
      'BadRequest',
      'The body is larger than 65536 bytes.',
    ]);
  });

  it('is said of an endpoint in plain http outside of developing', async () => {
    await using strict = await startTestServer({ clock, requiresHttps: true });
    const answer = await answerOf(strict.send('POST', '/v1.0/subscriptions', body()));
    expect(refusalOf(answer)).toEqual(invalid("The property 'notificationUrl' must use https."));
    const id = '44444444-4444-4444-8444-444444444444';
    await strict.store.subscriptions.create(
      { ...storedSubscription('created'), id, applicationId: development.clientId },
      100,
    );
    const sent = { notificationUrl: `${receiver.url}/hook` };
    const changed = await answerOf(strict.send('PATCH', `/v1.0/subscriptions/${id}`, sent));
    expect(refusalOf(changed)).toEqual(invalid("The property 'notificationUrl' must use https."));
  });

  it('is said to who may not read call records, before anything is sent anywhere', async () => {
    const { body: made } = await create();
    const path = `/v1.0/subscriptions/${String(made['id'])}`;
    const forbidden = (operation: string) => [
      403,
      'ExtensionError',
      `Operation: ${operation}; Exception: [Status Code: Forbidden; Reason: The request is not authorized for this user or application.]`,
    ];
    for (const other of [{ roles: ['User.Read.All'] }, { delegated: true }]) {
      const headers = { authorization: `Bearer ${await server.token(other)}` };
      const send = async (method: string, target: string, sent?: unknown) =>
        refusalOf(await answerOf(server.send(method, target, sent, headers)));
      expect(await send('POST', '/v1.0/subscriptions', body())).toEqual(forbidden('Create'));
      expect(await send('PATCH', path, { expirationDateTime: inMinutes(60) })).toEqual(forbidden('Update'));
      expect(await send('DELETE', path)).toEqual(forbidden('Delete'));
      expect(await send('GET', '/v1.0/subscriptions')).toEqual([403, 'Forbidden', '']);
    }
    expect(receiver.validations).toHaveLength(1);
  });

  it('is said at one more than a hundred of a tenant, in words', async () => {
    for (let i = 0; i < 100; i++) await server.store.subscriptions.create(storedSubscription(String(i)), 100);
    expect(refusalOf(await create())).toEqual([
      403,
      'Forbidden',
      'The limit of 100 subscriptions to call records per organization is reached. Delete one, or wait until one expires.',
    ]);
    clock.advance(60_000);
    expect((await create()).status).toBe(201);
  });

  it.each([
    ['PUT', '/v1.0/subscriptions', 'GET, HEAD, POST'],
    ['DELETE', '/v1.0/subscriptions', 'GET, HEAD, POST'],
    ['POST', '/v1.0/subscriptions/x', 'GET, HEAD, PATCH, DELETE'],
    ['GET', '/v1.0/subscriptions/x/reauthorize', 'POST'],
    ['PATCH', '/v1.0/communications/callRecords/x', 'GET, HEAD'],
  ])('is said of %s %s, with what is allowed', async (method, path, allowed) => {
    const answer = await answerOf(server.send(method, path));
    expect([...refusalOf(answer), answer.headers.get('allow')]).toEqual([
      405,
      'Request_BadRequest',
      'Specified HTTP method is not allowed for the request target.',
      allowed,
    ]);
  });

  it('has no count, no options, and nothing below it', async () => {
    for (const path of ['/$count', '/x/y', '/x/reauthorize/y'])
      expect(refusalOf(await answerOf(server.get(`/v1.0/subscriptions${path}`)))[0]).toBe(400);
    for (const option of ['$select=id', '$filter=id eq 1', '$top=5'])
      expect(refusalOf(await answerOf(server.get(`/v1.0/subscriptions?${option}`)))[0]).toBe(400);
  });

  it('never leads to more than a refusal, nor repeats a secret, whatever the body is', async () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom('created', '2026-03-02T13:00:00Z', '9999-12-31T23:59:59Z', resource),
    );
    const secret = fc.oneof(value, fc.constantFrom(clientState, `https://127.0.0.1:1/${clientState}`));
    const pair = fc.oneof(
      fc.tuple(fc.constantFrom('changeType', 'resource', 'expirationDateTime', '__proto__'), value),
      fc.tuple(fc.constantFrom('clientState', 'notificationUrl', 'lifecycleNotificationUrl', 'x'), secret),
    );
    const sent = fc.oneof(
      fc.array(pair, { maxLength: 8 }).map((pairs) => Object.fromEntries(pairs)),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(sent, fc.constantFrom('POST', 'PATCH'), async (random, method) => {
        const path = method === 'POST' ? '/v1.0/subscriptions' : '/v1.0/subscriptions/x';
        const response = await server.send(method, path, random);
        const text = await response.text();
        expect([400, 404]).toContain(response.status);
        expect(text).not.toContain(clientState);
      }),
      { numRuns: often(40, 300) },
    );
    expect(server.defects).toEqual([]);
  });
});

describe('an endpoint that does not answer as it must', () => {
  const required = 'Notification endpoint must respond with 200 OK to validation request.';
  const decoded =
    'Subscription validation request failed. The answer must be the decoded validation token, as text/plain.';
  const end = { connection: 'close' };
  it.each<[string, Parameters<typeof startReceiver>[0], string]>([
    [
      'says no',
      { validate: ({ response }) => void response.writeHead(404, end).end() },
      `Subscription validation request failed. HTTP status code is 'NotFound'. ${required}`,
    ],
    [
      'redirects',
      {
        validate: (post) => void post.response.writeHead(307, { location: `/other?validationToken=x` }).end(),
      },
      `Subscription validation request failed. HTTP status code is 'TemporaryRedirect'. ${required}`,
    ],
    [
      'says 202',
      {
        validate: (post) =>
          void post.response.writeHead(202, { 'content-type': 'text/plain' }).end(tokenOf(post)),
      },
      `Subscription validation request failed. HTTP status code is 'Accepted'. ${required}`,
    ],
    [
      'echoes the token as it was encoded',
      {
        validate: (post) =>
          void post.response
            .writeHead(200, { 'content-type': 'text/plain' })
            .end(post.target.split('validationToken=')[1]),
      },
      decoded,
    ],
    [
      'answers in JSON',
      {
        validate: (post) =>
          void post.response.writeHead(200, { 'content-type': 'application/json' }).end(tokenOf(post)),
      },
      decoded,
    ],
    [
      'answers without end',
      {
        validate: ({ response }) => {
          response.writeHead(200, { 'content-type': 'text/plain' });
          response.on('error', () => undefined);
          const more = () => {
            while (!response.destroyed && response.write('x'.repeat(65_536)));
          };
          response.on('drain', more);
          more();
        },
      },
      decoded,
    ],
    [
      'hangs up',
      { validate: ({ response }) => void response.destroy() },
      `Subscription validation request failed. ${required}`,
    ],
  ])('%s', async (_name, options, message) => {
    await using wrong = await startReceiver(options);
    for (const more of [
      { notificationUrl: `${wrong.url}/hook` },
      { lifecycleNotificationUrl: `${wrong.url}/life` },
    ])
      expect(refusalOf(await create(more))).toEqual([400, 'ValidationError', message]);
    expect((await answerOf(server.get('/v1.0/subscriptions'))).body['value']).toEqual([]);
  });

  it('waits longer than ten seconds', async () => {
    let met = () => {};
    const asked = new Promise<void>((resolve) => (met = resolve));
    await using slow = await startReceiver({ validate: () => met() });
    const answer = create({ notificationUrl: `${slow.url}/hook` });
    await asked;
    clock.advance(10_000);
    expect(refusalOf(await answer)).toEqual([
      400,
      'ValidationError',
      'Subscription validation request timed out.',
    ]);
  });
});
