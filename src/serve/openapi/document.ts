/** Builds the OpenAPI 3.1 document: the Graph API from the model, and the internal routes from their rows. */
import { edms } from '../../contract/edm.ts';
import type { RouteInfo } from '../internal/route.ts';
import { pathsOf, refusals, success } from './paths.ts';
import { pathsOfRoutes, schemasOfRoutes } from './route-paths.ts';
import {
  listOf,
  object,
  parameter,
  queryParameter,
  reference,
  type Schema,
  schemasOf,
  text,
} from './schemas.ts';

export function formatOpenApi(version: string, routes: readonly RouteInfo[]): Schema {
  const versions = [edms['v1.0'], edms.beta];
  const paths = Object.assign(
    {},
    ...versions.flatMap((edm) => [pathsOf(edm), servicePaths(edm.version)]),
  ) as Schema;
  Object.assign(paths, pathsOfRoutes(routes));
  // Beta has all types and properties of v1.0.
  const types = {
    ...schemasOf(edms.beta),
    error: errorSchema,
    batchRequests,
    batchResponses,
    serviceDocument,
    ...schemasOfRoutes(routes),
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rollcall',
      version,
      summary: 'The call-records API of Microsoft Graph',
      description:
        "Microsoft Teams call records through Microsoft Graph's call-records API, in v1.0 and beta, and Rollcall's own " +
        'operations: search, stored versions, completeness, sign-in and health.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This server' }],
    security: [{ bearer: [] }, { session: [] }],
    tags: [
      { name: 'Call records', description: 'Calls, their participants, sessions and segments' },
      { name: 'Logs', description: 'PSTN, direct routing and SMS logs' },
      { name: 'Change notifications', description: 'Subscriptions to changes of call records' },
      {
        name: 'Search and completeness',
        description: 'Calls by person or number, stored versions, missing data',
      },
      { name: 'Sign-in', description: 'For people who use the page' },
      { name: 'Service', description: 'Metadata, batches, health and metrics' },
    ],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'An access token of an application with CallRecords.Read.All. Tokens of users are rejected.',
        },
        metricsToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token in the file that --metrics-token-file names.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-rollcall-session',
          description:
            'The session of a person who is signed in to the page, which the browser sends by itself. For GET requests of pages of this server.',
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
        summary: 'Get the service document',
        description: 'The entity sets and singletons at the root.',
        responses: { 200: success('application/json', reference('schemas', 'serviceDocument')), ...refusals },
      },
    },
    [`/${version}/$metadata`]: {
      get: {
        ...open,
        operationId: id('metadata'),
        summary: 'Get the metadata',
        description: 'The CSDL document: XML, or JSON with Accept: application/json or $format=json.',
        responses: { 200: metadata, ...refusals },
      },
    },
    [`/${version}/$batch`]: {
      post: {
        tags: ['Service'],
        operationId: id('batch'),
        summary: 'Send up to twenty requests at once',
        description: 'Each request gets the answer that it would get alone.',
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

/** Returns the schemas that a part of the document refers to, directly or through other schemas. */
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

const query = (name: string, description: string) => queryParameter(`$${name}`, description);
const header = (name: string, description: string) => parameter('header', name, description);

const parameters = {
  select: query('select', 'Names of the properties to return, separated by commas.'),
  filter: query(
    'filter',
    "startDateTime with lt, le, gt, ge and a time or a date, and participants_v2/any(p:p/id eq 'id'), joined by and.",
  ),
  skip: query('skip', 'Number of rows to skip, from a next link of a log.'),
  skiptoken: query('skiptoken', 'The position to continue at, from a next link.'),
  format: query('format', 'json, or a media type.'),
  Prefer: header(
    'Prefer',
    'odata.maxpagesize, include-unknown-enum-members, omit-values=nulls, rollcall.as-of=VERSION or TIME, rollcall.participants=reconciled or as-received.',
  ),
  'client-request-id': header('client-request-id', 'Returned in the answer.'),
  'If-None-Match': header('If-None-Match', 'An ETag. The answer is 304 when nothing changed.'),
};

const headerDescriptions = {
  'request-id': "Id of the request in the server's log.",
  'client-request-id': 'As in the request.',
  'OData-Version': 'Always 4.0.',
  ETag: 'For If-None-Match.',
  'Preference-Applied': 'The preferences that the answer follows.',
  'Retry-After': 'Seconds to wait before the next request.',
};
const headers = Object.fromEntries(
  Object.entries(headerDescriptions).map(([name, description]) => [name, { description, schema: text }]),
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
  noContent: { description: 'The property has no value, or the change is done.' },
  notModified: { description: 'The ETag is still current.' },
  badRequest: refusal('The request is invalid, or uses an option that is not supported.'),
  unauthorized: refusal('The token is missing or invalid.'),
  forbidden: refusal('The token is a user token, or lacks the permission.'),
  notFound: refusal('The call does not exist, or nothing in it has this key.'),
  notAcceptable: refusal(
    'The server cannot send an accepted media type or encoding, or the range of a log is too long.',
  ),
  subscriptionExists: refusal(
    'The application has a subscription to the same changes. The message contains its id.',
  ),
  uriTooLong: refusal('The URL is too long.'),
  bodyTooLarge: refusal('The body is too large, as sent or decompressed.'),
  codingNotTaken: {
    ...refusal('The body has a content coding other than gzip.'),
    headers: {
      'Accept-Encoding': {
        description: 'The supported content coding.',
        schema: { type: 'string', const: 'gzip' },
      },
    },
  },
  tooManyRequests: later('The caller exceeded a request limit.'),
  unavailable: later('The store or the token authority does not answer.'),
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
  description: 'Responses to a batch, in any order.',
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
