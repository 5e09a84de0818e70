/** What changes a subscription over HTTP, and what asks for one that is there. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MovableClock } from '../../src/base/clock.ts';
import { development } from '../../src/base/development.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import type { TestServer } from '../support/server.ts';
import { answerOf, clientState, type Json, refusalOf, startSubscribing } from '../support/subscribing.ts';

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

describe('a second subscription to the same changes', () => {
  const existsOf = (id: unknown) => [
    409,
    'ObjectIdentifierInUse',
    `Subscription Id ${String(id)} already exists for the requested combination`,
  ];

  it('is refused with the id of the first, before an endpoint is asked', async () => {
    const { body: made } = await create();
    for (const more of [
      {},
      { changeType: 'updated, created', resource: 'communications/callrecords' },
      { notificationUrl: `${receiver.url}/other`, clientState: null, expirationDateTime: inMinutes(60) },
    ])
      expect(refusalOf(await create(more, 'beta'))).toEqual(existsOf(made['id']));
    expect(receiver.validations).toHaveLength(1);
    expect((await create({ changeType: 'created' })).status).toBe(201);
    const headers = {
      authorization: `Bearer ${await server.token({ clientId: '33333333-3333-4333-8333-333333333333' })}`,
    };
    expect((await server.send('POST', '/v1.0/subscriptions', body(), headers)).status).toBe(201);
    await server.send('DELETE', `/v1.0/subscriptions/${String(made['id'])}`);
    const { status, body: next } = await create({ expirationDateTime: inMinutes(60) });
    expect(status).toBe(201);
    clock.advance(3_599_999);
    expect(refusalOf(await create())).toEqual(existsOf(next['id']));
    clock.advance(1);
    expect((await create({ expirationDateTime: inMinutes(60) })).status).toBe(201);
  });

  it('is refused too when both are asked for at once', async () => {
    const answers = await Promise.all([create(), create(), create()]);
    const made = answers.find(({ status }) => status === 201);
    for (const answer of answers) {
      if (answer !== made) expect(refusalOf(answer)).toEqual(existsOf(made!.body['id']));
    }
    const { body: list } = await answerOf(server.get('/v1.0/subscriptions'));
    expect(list['value']).toHaveLength(1);
  });
});

describe('a change of a subscription', () => {
  const invalid = (message: string) => [400, 'ValidationError', message];
  const only = (name: string) =>
    invalid(`The property '${name}' cannot be changed: only expirationDateTime and notificationUrl can.`);
  let made: Json;
  let path: string;
  const change = (sent: unknown, version = 'v1.0') =>
    answerOf(server.send('PATCH', `/${version}/subscriptions/${path}`, sent));
  const stored = async () => (await answerOf(server.get(`/beta/subscriptions/${path}`))).body;

  beforeEach(async () => {
    const lifecycleNotificationUrl = `${receiver.url}/life`;
    ({ body: made } = await create({ lifecycleNotificationUrl, expirationDateTime: inMinutes(120) }));
    path = String(made['id']);
  });

  it('takes the end, the endpoint or both, and validates a new endpoint alone', async () => {
    const [expirationDateTime, notificationUrl] = [inMinutes(180), `${receiver.url}/moved?code=2`];
    const shown = (more: Json) => [200, { ...made, ...more }];
    const answered = async (sent: Json) => {
      const { status, body: found } = await change(sent);
      return [status, found];
    };
    const end = { expirationDateTime: expirationDateTime.replace('.000Z', 'Z') };
    expect(await answered({ expirationDateTime, notificationUrl: made['notificationUrl'] })).toEqual(
      shown(end),
    );
    expect(receiver.validations).toHaveLength(2);
    expect(await answered({ notificationUrl })).toEqual(shown({ ...end, notificationUrl }));
    expect(receiver.validations.slice(2).map(({ target }) => target.split('&v')[0])).toEqual([
      '/moved?code=2',
    ]);
    const later = inMinutes(190);
    expect(await answered({ notificationUrl: `${receiver.url}/back`, expirationDateTime: later })).toEqual(
      shown({ expirationDateTime: later.replace('.000Z', 'Z'), notificationUrl: `${receiver.url}/back` }),
    );
    expect((await stored())['notificationUrl']).toBe(`${receiver.url}/back`);
  });

  it('takes the whole object, as it was given and as it is read, in any order', async () => {
    const whole = (await answerOf(server.get(`/v1.0/subscriptions/${path}`))).body;
    for (const [sent, version] of [
      [whole, 'v1.0'],
      [made, 'v1.0'],
      [await stored(), 'beta'],
      [Object.fromEntries(Object.entries(made).reverse()), 'beta'],
      [
        {
          ...{ '@odata.type': '#microsoft.graph.subscription', 'clientState@odata.type': '#String' },
          ...{ id: path.toUpperCase(), applicationId: development.clientId.toUpperCase() },
          ...{ resource: 'Communications/callRecords', changeType: 'Updated, created' },
          ...{ includeResourceData: false, encryptionCertificate: '', latestSupportedTlsVersion: null },
          ...{ notificationContentType: 'application/json', clientState },
        },
        'beta',
      ],
    ] as const) {
      const expirationDateTime = inMinutes(150);
      clock.advance(1000);
      const renewed = await change({ ...sent, expirationDateTime }, version);
      expect([renewed.status, renewed.body['expirationDateTime']]).toEqual([
        200,
        expirationDateTime.replace('.000Z', 'Z'),
      ]);
    }
    const unchanged = await change({ notificationUrl: made['notificationUrl'] });
    expect([unchanged.status, unchanged.body['clientState']]).toEqual([200, clientState]);
    expect(receiver.validations).toHaveLength(2);
  });

  it('of the same end leaves a life shorter than the shortest new one as it is', async () => {
    clock.advance(90 * 60_000);
    const same = await change({ expirationDateTime: made['expirationDateTime'] });
    expect([same.status, same.body['expirationDateTime']]).toEqual([200, made['expirationDateTime']]);
    const short = await change({ expirationDateTime: inMinutes(10) });
    expect(short.body['expirationDateTime']).toBe(inMinutes(45).replace('.000Z', 'Z'));
  });

  it.each<[string, unknown]>([
    ['changeType', 'created'],
    ['resource', "/communications/callRecords?$filter=participants/any(p:p/id eq 'a')"],
    ['clientState', 'new'],
    ['clientState', ''],
    ['lifecycleNotificationUrl', null],
    ['lifecycleNotificationUrl', 'https://receiver.example/life'],
    ['id', '33333333-3333-4333-8333-333333333333'],
    ['creatorId', '33333333-3333-4333-8333-333333333333'],
    ['applicationId', '33333333-3333-4333-8333-333333333333'],
    ['latestSupportedTlsVersion', 'v1_1'],
    ['includeResourceData', true],
    ['encryptionCertificate', 'MII'],
    ['notificationQueryOptions', '$select=id'],
  ])('is refused of %s to another value: %j', async (name, value) => {
    const before = await stored();
    for (const sent of [
      { [name]: value },
      { [name]: value, expirationDateTime: inMinutes(60) },
      { notificationUrl: `${receiver.url}/moved`, [name]: value },
    ])
      expect(refusalOf(await change(sent))).toEqual(only(name));
    expect(await stored()).toEqual(before);
    expect(receiver.validations).toHaveLength(2);
  });

  it('is refused of what cannot be so, and changes nothing', async () => {
    const before = await stored();
    const neither = invalid(
      "Subscription must contain either the 'expirationDateTime' or 'notificationUrl' property and its value.",
    );
    const notUrl = invalid(
      "The property 'notificationUrl' is not an absolute URL of at most 2048 characters.",
    );
    const ofType = (name: string, problem: string) => [
      400,
      'BadRequest',
      `The value of property '${name}' ${problem}.`,
    ];
    const cases: [unknown, (string | number)[]][] = [
      [{}, neither],
      [{ clientState, id: path, '@odata.type': '#microsoft.graph.subscription' }, neither],
      [
        { expirationDateTime: '2020-01-01T00:00:00Z' },
        invalid('Subscription expiration must be in the future.'),
      ],
      [
        { expirationDateTime: inMinutes(4231), notificationUrl: `${receiver.url}/moved` },
        [400, 'ExtensionError', 'Subscription expiration can only be 4230 minutes in the future.'],
      ],
      [{ notificationUrl: '' }, notUrl],
      [{ notificationUrl: '/moved' }, notUrl],
      [
        { notificationUrl: 'https://user:pass@receiver.example/' },
        invalid("The property 'notificationUrl' must have neither a user nor a fragment."),
      ],
      [
        { notificationUrl: 'EventGRID:?azuresubscriptionid=1' },
        invalid(
          "The property 'notificationUrl' names Azure Event Grid (EventGrid:), to which this server does not deliver. Set an https URL that receives notifications by POST.",
        ),
      ],
      [{ notificationUrl: null }, ofType('notificationUrl', 'must not be null')],
      [{ expirationDateTime: null }, ofType('expirationDateTime', 'must not be null')],
      [{ notificationUrl: 5 }, ofType('notificationUrl', "is not of type 'Edm.String'")],
      [
        { expirationDateTime: 1764504000 },
        ofType('expirationDateTime', "is not of type 'Edm.DateTimeOffset'"),
      ],
      [{ clientState: ['a'] }, ofType('clientState', "is not of type 'Edm.String'")],
      [[], [400, 'BadRequest', 'The body of the request is not a JSON object.']],
    ];
    for (const [sent, refusal] of cases) expect(refusalOf(await change(sent))).toEqual(refusal);
    await using deaf = await startReceiver({
      validate: ({ response }) => void response.writeHead(404, { connection: 'close' }).end(),
    });
    expect(
      refusalOf(await change({ notificationUrl: `${deaf.url}/hook`, expirationDateTime: inMinutes(60) })),
    ).toEqual(
      invalid(
        "Subscription validation request failed. HTTP status code is 'NotFound'. Notification endpoint must respond with 200 OK to validation request.",
      ),
    );
    expect(await stored()).toEqual(before);
  });
});
