import { schemaOf } from '../../src/stage/bodies.ts';

export function scenarioSchemaText(): string {
  return JSON.stringify(schemaOf('scenario'), null, 2);
}
