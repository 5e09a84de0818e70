import { schemaOf } from '../../src/emulator/control-bodies.ts';

export function scenarioSchemaText(): string {
  return JSON.stringify(schemaOf('scenario'), null, 2);
}
