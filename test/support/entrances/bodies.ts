/** Lists the entry points of tokens and of request bodies. */
import { readAuthorize, createAuthorizationCodes } from '../../../src/emulator/issuer/authorize-endpoint.ts';
import { Clients } from '../../../src/emulator/issuer/clients.ts';
import { createIssuer, createIssuerKey } from '../../../src/emulator/issuer/issuer.ts';
import { development, graphAudiences } from '../../../src/base/development.ts';
import { answerTokenRequest } from '../../../src/emulator/issuer/token-endpoint.ts';
import { unverifiedCaller } from '../../../src/serve/auth/unverified-caller.ts';
import { createVerifier } from '../../../src/serve/auth/verifier.ts';
import { answerBatch } from '../../../src/graph/batch.ts';
import { edms, structuredType } from '../../../src/contract/edm.ts';
import { parsePath } from '../../../src/query/odata/path.ts';
import { parsePrefer } from '../../../src/query/odata/prefer.ts';
import { planMembers } from '../../../src/query/plan/members.ts';
import { planChanges, planSubscription } from '../../../src/query/plan/subscription.ts';
import { resolveTarget } from '../../../src/query/plan/target.ts';
import type { ControlBodyName } from '../../../src/emulator/control-bodies.ts';
import { checkBody } from '../../../src/emulator/check-body.ts';
import type { Entrance } from '../growth.ts';
import { header, inJson, inside, jsonAround, jsonMade, manyMembers, now, plain, url } from './texts.ts';

/** Bodies of the control API of `dev`. */
const stageBodies: readonly ControlBodyName[] = [
  'faults',
  'scenario',
  'client',
  'version',
  'generate',
  'snapshot',
];

const storedMembers = new Map(
  Object.entries({
    changeType: 'created,updated',
    resource: 'communications/callRecords',
    notificationUrl: 'https://receiver.example/',
    expirationDateTime: '2026-11-02T12:00:00Z',
  }),
);

export async function bodyEntrances(): Promise<readonly Entrance[]> {
  const issuer = await createIssuer(await createIssuerKey(), now);
  const verifier = createVerifier({ authorities: [issuer.authority], audiences: graphAudiences, clock: now });
  const clients = new Clients();
  const codes = createAuthorizationCodes(now);
  const subscription = structuredType(edms['v1.0'], 'microsoft.graph.subscription');
  const request = {
    method: 'POST',
    version: 'v1.0',
    path: '$batch',
    query: '',
    headers: {},
    serviceRoot: 'http://x/v1.0',
  } as const;
  const batch = (text: string) =>
    answerBatch(request, Buffer.from(text), {
      answer: (one) => {
        parsePrefer(one.headers['prefer']?.toString());
        resolveTarget(parsePath(one.path), edms.beta);
        return Promise.resolve({ status: 204, contentType: '' });
      },
      intercept: undefined,
      ready: () => undefined,
      keep: () => undefined,
      challenge: '',
      clock: now,
      onDefect: (error) => {
        throw error;
      },
    });
  const form = (body: string, authorization?: string) =>
    answerTokenRequest(
      {
        tenant: development.tenantId,
        contentType: 'application/x-www-form-urlencoded',
        body,
        authorization,
        origin: 'http://x',
      },
      { issuer, clients, codes, clock: now },
    );
  return [
    {
      name: 'Authorization',
      most: header,
      around: [plain, inside('Bearer '), inside('Bearer a.'), inside('Basic ')],
      read: (text) => verifier.verify(text),
    },
    {
      name: 'Authorization in dev',
      most: header,
      around: [plain, inside('Bearer a.')],
      read: unverifiedCaller,
    },
    {
      name: 'Authorization of a client',
      most: header,
      around: [plain, inside('Basic ')],
      read: (text) => form('grant_type=client_credentials', text),
    },
    {
      name: 'form of a token',
      most: 65_536,
      around: [
        plain,
        inside('grant_type='),
        inside('grant_type=client_credentials&client_id='),
        inside('grant_type=client_credentials&scope='),
        inside(
          'grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=',
        ),
      ],
      read: (text) => form(text),
    },
    {
      name: 'query of authorize',
      most: url,
      around: [plain, inside('client_id='), inside('redirect_uri=')],
      read: (text) =>
        readAuthorize(
          { tenant: development.tenantId, query: new URLSearchParams(text), origin: 'http://x' },
          clients,
        ),
    },
    {
      name: 'batch',
      most: 65_536,
      around: [
        ...jsonAround(['requests']),
        (text) => `{"requests":[{"id":"1","method":"GET","url":"/","headers":{"prefer":"${inJson(text)}"}}]}`,
      ],
      made: [
        ...jsonMade('requests'),
        (length) =>
          `{"requests":[{"id":"1","method":"GET","url":"/","headers":{${manyMembers(length, (i) => `"m${i}":""`)}}}]}`,
      ],
      read: batch,
    },
    {
      name: 'URL in a batch',
      most: url,
      around: [(text) => `{"requests":[{"id":"1","method":"GET","url":"${inJson(text)}"}]}`],
      read: batch,
    },
    {
      name: 'dependencies in a batch',
      most: 65_536,
      around: [],
      made: [
        (length) =>
          `{"requests":[{"id":"1","method":"GET","url":"/","dependsOn":[${manyMembers(length, () => '"1"')}]}]}`,
      ],
      read: batch,
    },
    {
      name: 'new subscription',
      around: jsonAround([
        'changeType',
        'notificationUrl',
        'resource',
        'clientState',
        'expirationDateTime',
        'lifecycleNotificationUrl',
      ]),
      made: jsonMade('changeType'),
      read: (text) =>
        planSubscription(planMembers(JSON.parse(text), subscription), { now: now(), requiresHttps: true }),
    },
    ...[
      'changeType',
      'notificationUrl',
      'resource',
      'clientState',
      'expirationDateTime',
      'latestSupportedTlsVersion',
    ].map((name): Entrance => ({
      name: `${name} of a subscription`,
      around: [plain, inside('https://x/'), inside('communications/callRecords/'), inside('created,')],
      read: (text) =>
        planSubscription(
          new Map<string, unknown>([
            ...Object.entries({
              changeType: 'created',
              notificationUrl: 'https://x.example/y',
              resource: 'communications/callRecords',
              expirationDateTime: '2026-11-03T12:00:00Z',
            }),
            [name, text],
          ]),
          { now: now(), requiresHttps: true },
        ),
    })),
    {
      name: 'change of a subscription',
      around: jsonAround(['expirationDateTime', 'notificationUrl', 'changeType', 'resource']),
      made: jsonMade('changeType'),
      read: (text) =>
        planChanges(planMembers(JSON.parse(text), subscription), storedMembers, {
          now: now(),
          requiresHttps: false,
        }),
    },
    ...stageBodies.map((body): Entrance => ({
      name: `control API: ${body}`,
      most: 16_384,
      around: jsonAround(['name', 'path', 'match', 'effect', 'steps']),
      made: jsonMade('name'),
      read: (text) => checkBody(body, JSON.parse(text)),
    })),
  ];
}
