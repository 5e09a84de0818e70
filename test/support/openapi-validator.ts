/** Validates responses against the OpenAPI document that the server publishes. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { internalRoutes } from '../../src/serve/internal/internal-routes.ts';
import { formatOpenApi } from '../../src/serve/openapi/document.ts';

export interface AnsweredRequest {
  readonly method: string;
  /** The percent-encoded path of the request, with keys in either syntax. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

interface Operation {
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly content?: Content }>>;
}
type Content = Readonly<Record<string, { readonly schema?: object }>>;

/** Parsed to an untyped value: the linter checks the document's own structure. */
const document = JSON.parse(JSON.stringify(formatOpenApi('0.0.0', internalRoutes))) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Operation['responses'] };
};
const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
ajv.addSchema(document, 'document');
const validators = new Map<string, ValidateFunction>();
const templates = Object.keys(document.paths).map((path) => ({ path, pattern: patternOf(path) }));

/** Returns the problems; empty when the document describes the response. */
export function problemsOf({ method, path, status, contentType, body }: AnsweredRequest): string[] {
  const normal = normalized(path);
  const template = templates.find(({ pattern }) => pattern.test(normal))?.path;
  const operation = template === undefined ? undefined : document.paths[template]![method.toLowerCase()];
  if (template === undefined || operation === undefined)
    return status < 400
      ? [`${method} ${normal} is not described.`]
      : envelopeProblems(status, contentType, body);
  const response = operation.responses[status];
  if (response === undefined) return [`${method} ${template} does not describe ${status}.`];
  const name = response.$ref?.split('/').at(-1);
  const content = name === undefined ? response.content : document.components.responses[name]!.content;
  if (content === undefined) return body === '' ? [] : [`${status} has no body, and there is one.`];
  const media = contentType.split(';')[0]!;
  if (!(media in content)) return [`${method} ${template} does not describe '${media}' for ${status}.`];
  if (content[media]!.schema === undefined) return [];
  const pointer =
    name === undefined
      ? `document#/paths/${escaped(template)}/${method.toLowerCase()}/responses/${status}/content/${escaped(media)}/schema`
      : `document#/components/responses/${name}/content/${escaped(media)}/schema`;
  return schemaProblems(pointer, media.startsWith('text/') ? body : (JSON.parse(body) as unknown));
}

/** Checks an error response, which always has the envelope, even for undescribed methods and unknown paths. */
function envelopeProblems(status: number, contentType: string, body: string): string[] {
  if (body === '' || !contentType.startsWith('application/json')) return [];
  const problems = schemaProblems('document#/components/schemas/error', JSON.parse(body) as unknown);
  return problems.map((problem) => `${status}: ${problem}`);
}

function schemaProblems(pointer: string, value: unknown): string[] {
  let validate = validators.get(pointer);
  if (validate === undefined) {
    validate = ajv.compile({ $ref: pointer });
    validators.set(pointer, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? [])
    .slice(0, 3)
    .map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

/** Normalizes a path: keys become segments, and functions keep their names. */
function normalized(path: string): string {
  const decoded = path.replace(/microsoft\.graph\.(callRecords\.)?/, '').replace(/%3A/gi, ':');
  return decoded
    .replace(/\((?:id=)?(?:'|%27)((?:[^'%]|''|%(?!27)|%27%27)*)(?:'|%27)\)/g, '/$1')
    .replace(/\/$/, '');
}

function patternOf(path: string): RegExp {
  const source = path
    .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replace(/\{(?:from|to)DateTime\}/g, '[^,)]*')
    .replace(/\{[^{}]+\}/g, '(?!\\$)[^/]+');
  return new RegExp(`^${source}$`);
}

function escaped(segment: string): string {
  return encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'));
}
