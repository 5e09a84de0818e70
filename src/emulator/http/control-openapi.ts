/** Formats the OpenAPI document of the control API from its routes and body schemas. */
import { schemaOf } from '../control-bodies.ts';
import { version } from '../../base/version.ts';
import { keyNames } from '../../serve/internal/route.ts';
import {
  listOf,
  object,
  parameter,
  queryParameter,
  reference,
  type Schema,
  text,
} from '../../serve/openapi/schemas.ts';
import type { ControlRoute } from './control-route.ts';

const json = (schema: Schema) => ({ content: { 'application/json': { schema } } });
const refusal = (description: string) => ({ description, ...json(reference('schemas', 'error')) });

const details = {
  description: 'Every problem, with its place in the body.',
  ...listOf(object({ target: text, message: text })),
};
const refused = { code: text, message: text, details, innerError: { type: 'object' } };
const error = object({ error: object(refused, ['code', 'message', 'innerError']) });

export function formatControlOpenApi(controlRoutes: readonly ControlRoute[]): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of controlRoutes) {
    const path = `/rollcall/dev/${route.template}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'The stage of rollcall dev',
      version,
      summary: 'What a test moves in a development server',
      description: 'The clock, scripted faults, calls, clients, snapshots and scenarios of `rollcall dev`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This server' }],
    security: [],
    tags: [...new Set(controlRoutes.map(tagOf))].map((name) => ({ name, description: `About ${name}.` })),
    paths,
    components: { schemas: { error } },
  };
}

function operation(route: ControlRoute): Schema {
  const { method, template, summary, body, options = {}, status } = route;
  const answer =
    status === 204 ? { description: 'Done.' } : { description: 'The answer.', ...json({ type: 'object' }) };
  return {
    operationId: `${method.toLowerCase()}.${template.replaceAll(/[{}]/g, '').replaceAll('/', '.')}`,
    tags: [tagOf(route)],
    summary,
    description: `${summary}.`,
    parameters: [
      ...keyNames(template).map((name) => parameter('path', name, 'As a segment.')),
      ...Object.entries(options).map(([name, description]) => queryParameter(name, description)),
    ],
    ...(body !== undefined && { requestBody: requestBody(body) }),
    responses: {
      [status]: answer,
      400: refusal('The body or an option is not one that the stage plays; details says where.'),
      403: refusal('The request comes from a web page.'),
      404: refusal('There is nothing of that name.'),
      ...(body !== undefined && {
        409: refusal('It is there already.'),
        413: refusal('The body is too large.'),
        415: refusal('The body is of another media type.'),
      }),
      ...(/^(snapshots|reset)\b/.test(template) && { 501: refusal('The store is not a SQLite store.') }),
    },
  };
}

function requestBody(body: NonNullable<ControlRoute['body']>): Schema {
  if (body === 'text') {
    const record = { type: 'object', description: 'A callRecord, or a row of a log with its @odata.type.' };
    return {
      required: true,
      content: {
        'application/json': { schema: { anyOf: [record, { type: 'array', items: record }] } },
        'application/jsonl': { schema: { type: 'string', description: 'A record a line.' } },
      },
    };
  }
  const { $schema, ...schema } = schemaOf(body);
  return { required: body !== 'nothing' && body !== 'version' && $schema !== undefined, ...json(schema) };
}

function tagOf({ template }: ControlRoute): string {
  return template.split('/')[0] ?? template;
}
