/** Describes the resources of the model as OpenAPI paths, with their parameters and responses. */
import { type BoundFunction, type Edm, type Property, structuredType } from '../../contract/edm.ts';
import {
  type Change,
  hasEtag,
  type Resource,
  resourceAt,
  resourceTemplates,
} from '../../contract/resources.ts';
import { simpleName } from '../../contract/names.ts';
import { parameter, reference, type Schema } from './schemas.ts';

interface Addressed {
  /** The template with `{}` for each key. */
  readonly template: string;
  readonly typeName: string;
  readonly isCollection: boolean;
  /** True when the value may be absent: a single-valued navigation property of a call. */
  readonly isNullable: boolean;
  readonly call: BoundFunction | undefined;
  /** The template with names in its braces. */
  readonly path: string;
  readonly keys: readonly string[];
}

/** Returns the paths of one version, each below `/{version}`. */
export function pathsOf(edm: Edm): Record<string, Schema> {
  const paths: Record<string, Schema> = {};
  for (const template of resourceTemplates()) {
    const addressed = addressedBy(template, edm);
    const resource = resourceAt(template);
    if (addressed === undefined || resource === undefined) continue;
    paths[`/${edm.version}/${addressed.path}`] = {
      ...(resource.readable !== false && { get: readOperation(edm, addressed, resource) }),
      ...Object.fromEntries(
        (resource.changes ?? []).map((change) => [
          change.toLowerCase(),
          changeOperation(edm, addressed, resource, change),
        ]),
      ),
    };
    const counted = resourceAt(`${template}/$count`);
    if (addressed.isCollection && addressed.call === undefined && counted !== undefined)
      paths[`/${edm.version}/${addressed.path}/$count`] = { get: countOperation(edm, addressed, counted) };
  }
  return paths;
}

/** Returns what a template addresses. @returns `undefined` for a function that this version lacks */
function addressedBy(template: string, edm: Edm): Addressed | undefined {
  let typeName: string | undefined;
  let isCollection = false;
  let isNullable = false;
  let call: BoundFunction | undefined;
  const keys: string[] = [];
  const path: string[] = [];
  for (const segment of template.split('/')) {
    if (segment === '{}') {
      const name = `${simpleName(typeName!)}-id`;
      keys.push(name);
      path.push(`{${name}}`);
      isCollection = false;
      isNullable = false;
      continue;
    }
    const navigation: Pick<Property, 'type' | 'collection' | 'nullable'> | undefined =
      typeName === undefined
        ? edm.container.get(segment)
        : structuredType(edm, typeName).properties.get(segment);
    call = edm.functions.find(({ name }) => name === segment);
    if (edm.actions.some(({ name, boundTo }) => name === segment && boundTo === typeName)) {
      path.push(segment);
      continue;
    }
    if (navigation === undefined && call === undefined) return undefined;
    typeName = navigation?.type ?? call!.returns;
    isCollection = navigation?.collection ?? true;
    isNullable = !isCollection && navigation?.nullable === true;
    const args = call?.parameters.map(({ name }) => `${name}={${name}}`).join(',');
    path.push(args === undefined ? segment : `${segment}(${args})`);
  }
  return { template, typeName: typeName!, isCollection, isNullable, call, path: path.join('/'), keys };
}

function readOperation(edm: Edm, addressed: Addressed, resource: Resource): Schema {
  const { template, typeName, isCollection, isNullable, call, keys } = addressed;
  const { options = [], expandable, selectable, pageSize, takesPreferences } = resource;
  const isTagged = hasEtag(template);
  const item = reference('schemas', typeName);
  const schema = isCollection ? pageSchema(item, call !== undefined) : item;
  const parameters = [
    ...keys.map(keyParameter),
    ...(call?.parameters.map(({ name }) =>
      parameter('path', name, 'A date such as 2026-11-01, or a date and time with a zone.'),
    ) ?? []),
    ...(selectable === false ? [] : [reference('parameters', 'select')]),
    ...(expandable === undefined
      ? []
      : [
          parameter(
            'query',
            '$expand',
            `One navigation property to include: ${Object.keys(expandable).join(', ')}.`,
          ),
        ]),
    ...options.map((name) => reference('parameters', name)),
    ...(pageSize === undefined ? [] : [reference('parameters', 'skiptoken')]),
    reference('parameters', 'format'),
    ...(takesPreferences === false ? [] : [reference('parameters', 'Prefer')]),
    reference('parameters', 'client-request-id'),
    ...(isTagged ? [reference('parameters', 'If-None-Match')] : []),
  ];
  return {
    operationId: operationId(edm, addressed, ''),
    summary: summaryOf(addressed),
    description: describedOffer(resource),
    tags: [tagOf(addressed)],
    parameters,
    responses: {
      200: success('application/json', schema),
      ...(isNullable && { 204: reference('responses', 'noContent') }),
      ...(isTagged && { 304: reference('responses', 'notModified') }),
      ...refusals,
    },
  };
}

function changeOperation(edm: Edm, addressed: Addressed, resource: Resource, change: Change): Schema {
  const { typeName, isCollection, keys } = addressed;
  const entity = reference('schemas', typeName);
  const takesBody = change === 'PATCH' || isCollection;
  const done = { 204: reference('responses', 'noContent') };
  const made = success('application/json', entity);
  return {
    operationId: operationId(edm, addressed, `.${change.toLowerCase()}`),
    summary: changeSummary(addressed, change),
    description: describedOffer(resource),
    tags: ['Change notifications'],
    parameters: [
      ...keys.map(keyParameter),
      ...['format', 'client-request-id'].map((name) => reference('parameters', name)),
    ],
    ...(takesBody && {
      requestBody: { required: true, content: { 'application/json': { schema: entity } } },
    }),
    responses: {
      ...(takesBody ? { [isCollection ? 201 : 200]: made } : done),
      ...(takesBody && {
        413: reference('responses', 'bodyTooLarge'),
        415: reference('responses', 'codingNotTaken'),
      }),
      ...(isCollection && { 409: reference('responses', 'subscriptionExists') }),
      ...refusals,
    },
  };
}

function describedOffer({ permissions, clouds, laterClouds }: Resource): string {
  const later =
    laterClouds && ` A later version of Graph's documentation names the clouds ${laterClouds.join(', ')}.`;
  const needed = `Requires the application permission ${permissions.join(' or ')}.`;
  return `${needed} Part of Microsoft Graph in the clouds ${clouds.join(', ')}.${later ?? ''}`;
}

function changeSummary({ typeName, isCollection, path }: Addressed, change: Change): string {
  const name = simpleName(typeName);
  if (isCollection) return `Create a ${name}`;
  if (change === 'POST') return `${capitalized(path.slice(path.lastIndexOf('/') + 1))} a ${name}`;
  return `${change === 'PATCH' ? 'Change' : 'Delete'} a ${name}`;
}

const capitalized = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

function countOperation(edm: Edm, addressed: Addressed, { options = [] }: Resource): Schema {
  return {
    operationId: operationId(edm, addressed, '.count'),
    summary: `Count ${simpleName(addressed.typeName)}s`,
    description: 'The number of entities in the collection, as plain text.',
    tags: ['Call records'],
    parameters: [
      ...addressed.keys.map(keyParameter),
      ...options.map((name) => reference('parameters', name)),
      reference('parameters', 'client-request-id'),
    ],
    responses: { 200: success('text/plain', { type: 'string', pattern: '^\\d+$' }), ...refusals },
  };
}

export const refusals = {
  400: reference('responses', 'badRequest'),
  401: reference('responses', 'unauthorized'),
  403: reference('responses', 'forbidden'),
  404: reference('responses', 'notFound'),
  406: reference('responses', 'notAcceptable'),
  414: reference('responses', 'uriTooLong'),
  429: reference('responses', 'tooManyRequests'),
  503: reference('responses', 'unavailable'),
};

export function success(mediaType: string, schema: Schema): Schema {
  const names = ['request-id', 'client-request-id', 'OData-Version', 'ETag', 'Preference-Applied'];
  return {
    description: 'The answer.',
    headers: Object.fromEntries(names.map((name) => [name, reference('headers', name)])),
    content: { [mediaType]: { schema } },
  };
}

function pageSchema(item: Schema, counted: boolean): Schema {
  return {
    type: 'object',
    description: 'A page of the collection.',
    required: ['value', ...(counted ? ['@odata.count'] : [])],
    properties: {
      '@odata.context': { type: 'string' },
      '@odata.nextLink': { type: 'string', description: 'The next page; absent on the last.' },
      '@odata.count': { type: 'integer', minimum: 0, description: 'Rows of this page.' },
      value: { type: 'array', items: item },
    },
  };
}

const keyParameter = (name: string) => parameter('path', name, 'Key of the entity: any text.');

function operationId(edm: Edm, { path }: Addressed, suffix: string): string {
  const segments = path.replace(/\([^()]*\)/, '').split('/');
  return `${edm.version === 'beta' ? 'beta.' : ''}${segments.map((one) => one.replace(/[{}]/g, '')).join('.')}${suffix}`;
}

function tagOf({ call, path }: Addressed): string {
  if (call !== undefined) return 'Logs';
  return path.startsWith('subscriptions') ? 'Change notifications' : 'Call records';
}

function summaryOf({ typeName, isCollection, isNullable, call }: Addressed): string {
  if (call !== undefined) return `List the rows of ${call.name}`;
  const name = simpleName(typeName);
  if (isCollection) return `List ${name}s`;
  return isNullable ? `Get the ${name}` : `Get a ${name}`;
}
