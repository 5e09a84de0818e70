/** Describes an internal route in the OpenAPI document. */
import { refusals, success } from './paths.ts';
import { reference, type Schema } from './schemas.ts';

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** Parameters of the query and headers. Path parameters are derived from the route. */
  readonly parameters?: readonly Schema[];
  readonly requestBody?: Schema;
  readonly responses: Readonly<Record<number, Schema>>;
  /** The components that the operation adds to the document, by name. */
  readonly schemas?: Readonly<Record<string, Schema>>;
}

interface JsonRead extends Omit<Operation, 'responses'> {
  /** Name of the component that describes the response; the `operationId` when absent. */
  readonly schema?: string;
}

/** Describes a read that answers with JSON and needs a permission. @param refused Beyond 401, 403 and 503. */
export function jsonRead({ schema, ...operation }: JsonRead, ...refused: readonly (400 | 404)[]): Operation {
  const answer = success('application/json', reference('schemas', schema ?? operation.operationId));
  const refusing = ([...refused, 401, 403, 503] as const).map(
    (status) => [status, refusals[status]] as const,
  );
  return { ...operation, responses: { 200: answer, ...Object.fromEntries(refusing) } };
}

/** Adds CSV to the forms of the response. */
export function withCsv(operation: Operation): Operation {
  const json = operation.responses[200] as { readonly content: Schema };
  const content = { ...json.content, 'text/csv': { schema: { type: 'string' } } };
  return { ...operation, responses: { ...operation.responses, 200: { ...json, content } } };
}
