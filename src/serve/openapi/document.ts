/** The OpenAPI 3.1 document of the service, written from the model. */
import { edms } from '../../contract/edm.ts';
import { evidencePathItems, evidenceSchemas } from './evidence.ts';
import { searchPathItems, searchSchemas } from './search.ts';
import { pathsOf, refusals, success } from './paths.ts';
import { listOf, object, parameter, reference, type Schema, schemasOf, text } from './schemas.ts';
import { signInPathItems, signInSchemas } from './sign-in.ts';

/** @param version Of this release. */
export function formatOpenApi(version: string): Schema {
  const versions = [edms['v1.0'], edms.beta];
  const paths = Object.assign(
    {},
    ...versions.flatMap((edm) => [pathsOf(edm), servicePaths(edm.version)]),
  ) as Schema;
  Object.assign(paths, evidencePathItems, searchPathItems, signInPathItems);
  // Beta has every type that v1.0 has, and every property.
  const types = {
    ...schemasOf(edms.beta),
    error: errorSchema,
    batchRequests,
    batchResponses,
    serviceDocument,
    ...evidenceSchemas,
    ...searchSchemas,
    ...signInSchemas,
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rollcall',
      version,
      summary: 'The call-records API of Microsoft Graph',
      description: 'Who took part in which call, when and by which means, as Microsoft Graph serves it.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This server' }],
    security: [{ bearer: [] }, { session: [] }],
    tags: [
      { name: 'Call records', description: 'Calls, their participants, sessions and segments' },
      { name: 'Logs', description: 'PSTN, direct routing and SMS logs' },
      { name: 'Change notifications', description: 'Subscriptions to changes of call records' },
      { name: 'Service', description: 'The service itself' },
    ],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An access token of an application with CallRecords.Read.All; never of a user.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-rollcall-session',
          description: 'Of a person who signed in to the page: for GET, from pages of this server.',
        },
      },
      parameters,
      headers,
      responses,
      schemas: usedBy([paths, responses], types),
    },
  };
}

function servicePaths(version: 'v1.0' | 'beta'): Record<string, Schema> {
  const id = (name: string) => `${version === 'beta' ? 'beta.' : ''}${name}`;
  const open = { tags: ['Service'], security: [] };
  const metadata = {
    description: 'The CSDL document.',
    content: { 'application/xml': {}, 'application/json': {} },
  };
  return {
    [`/${version}`]: {
      get: {
        ...open,
        operationId: id('serviceDocument'),
        summary: 'What is at the root',
        description: 'The service document.',
        responses: { 200: success('application/json', reference('schemas', 'serviceDocument')), ...refusals },
      },
    },
    [`/${version}/$metadata`]: {
      get: {
        ...open,
        operationId: id('metadata'),
        summary: 'The model',
        description: 'As XML, or as JSON when that is accepted or $format=json says so.',
        responses: { 200: metadata, ...refusals },
      },
    },
    [`/${version}/$batch`]: {
      post: {
        tags: ['Service'],
        operationId: id('batch'),
        summary: 'Up to twenty requests at once',
        description: 'Each request is answered as if it came alone.',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: reference('schemas', 'batchRequests') } },
        },
        responses: {
          200: success('application/json', reference('schemas', 'batchResponses')),
          ...refusals,
          413: reference('responses', 'bodyTooLarge'),
          415: reference('responses', 'codingNotTaken'),
        },
      },
    },
  };
}

/** The schemas that a part of the document refers to, and those that they refer to. */
function usedBy(parts: unknown, schemas: Readonly<Record<string, Schema>>): Record<string, Schema> {
  const used = new Set<string>();
  const visit = (part: unknown) => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name!)) continue;
      used.add(name!);
      visit(schemas[name!]);
    }
  };
  visit(parts);
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
}

const query = (name: string, description: string) => parameter('query', `$${name}`, description);
const header = (name: string, description: string) => parameter('header', name, description);

const parameters = {
  select: query('select', 'Properties to give, by name, with commas between them.'),
  filter: query(
    'filter',
    "startDateTime with lt, le, gt, ge and a time or a date, and participants_v2/any(p:p/id eq 'id'), joined by and.",
  ),
  skip: query('skip', 'Rows to pass over: what next links of logs say.'),
  skiptoken: query('skiptoken', 'Where to go on: what next links say.'),
  format: query('format', 'json, or a media type.'),
  Prefer: header(
    'Prefer',
    'odata.maxpagesize, include-unknown-enum-members, omit-values=nulls, rollcall.as-of=VERSION or TIME, rollcall.participants=reconciled or as-received.',
  ),
  'client-request-id': header('client-request-id', 'Echoed in the answer.'),
  'If-None-Match': header('If-None-Match', 'An ETag: answered with 304 when nothing changed.'),
};

const headers = Object.fromEntries(
  ['request-id', 'client-request-id', 'OData-Version', 'ETag', 'Preference-Applied', 'Retry-After'].map(
    (name) => [name, { description: `See ${name}.`, schema: text }],
  ),
);

const refusal = (description: string) => ({
  description,
  content: { 'application/json': { schema: reference('schemas', 'error') } },
});
const later = (description: string) => ({
  ...refusal(description),
  headers: { 'Retry-After': reference('headers', 'Retry-After') },
});
const responses = {
  noContent: { description: 'There is none, or it is done.' },
  notModified: { description: 'What the ETag stands for is still so.' },
  badRequest: refusal('The request cannot be understood, or asks for what is not offered.'),
  unauthorized: refusal('There is no token, or it is not good.'),
  forbidden: refusal('The token is of a user, or lacks the permission.'),
  notFound: refusal('There is no such call, or nothing in it has this key.'),
  notAcceptable: refusal(
    'Nothing that the client accepts can be given, or a log is asked for over too many days.',
  ),
  subscriptionExists: refusal(
    'The application has a subscription to the same changes; the message has its id.',
  ),
  uriTooLong: refusal('The URL is too long.'),
  bodyTooLarge: refusal('The body is too large, as sent or as decompressed.'),
  codingNotTaken: {
    ...refusal('The body is compressed otherwise than with gzip.'),
    headers: {
      'Accept-Encoding': {
        description: 'How a body may be compressed.',
        schema: { type: 'string', const: 'gzip' },
      },
    },
  },
  tooManyRequests: later('A limit on requests is reached.'),
  unavailable: later('The store or the token authority cannot answer.'),
};

const errorSchema = {
  type: 'object',
  description: "Graph's error envelope.",
  required: ['error'],
  properties: {
    error: object({
      code: text,
      message: text,
      innerError: object({
        date: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d$' },
        'request-id': text,
        'client-request-id': text,
      }),
    }),
  },
};

const batchItem = { id: text, headers: { type: 'object', additionalProperties: text }, body: {} };
const batchRequests = {
  type: 'object',
  description: 'Requests of a batch.',
  required: ['requests'],
  properties: {
    requests: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: object({ ...batchItem, method: text, url: text, dependsOn: listOf(text) }, [
        'id',
        'method',
        'url',
      ]),
    },
  },
};
const batchResponses = {
  type: 'object',
  description: 'Answers to a batch, in no certain order.',
  required: ['responses'],
  properties: {
    responses: {
      type: 'array',
      maxItems: 20,
      items: object({ ...batchItem, status: { type: 'integer' } }, ['id', 'status']),
    },
  },
};

const serviceDocument = {
  type: 'object',
  description: 'Entity sets and singletons by name.',
  required: ['value'],
  properties: {
    value: listOf(object({ name: text, kind: { enum: ['EntitySet', 'Singleton'] }, url: text })),
  },
};
