/** Writes docs/scenario.schema.json from the schema that scenarios are checked by; a test says when it is due. */
import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { scenarioSchemaText } from './scenario-schema.ts';

const file = new URL('../../docs/scenario.schema.json', import.meta.url);
writeFileSync(
  file,
  await format(scenarioSchemaText(), { parser: 'json', singleQuote: true, printWidth: 110 }),
);
