/** Pages of the documentation that the code writes: `npm run docs` puts them where they are read. */
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { formatMatrix } from '../contract/compatibility/page.ts';
import { scenarioSchemaText } from '../emulator/scenario-schema.ts';
import { errorsPage } from './errors-page.ts';
import { optionsPage } from './options-page.ts';

const pages = {
  'compatibility.md': formatMatrix,
  'errors.md': errorsPage,
  'options.md': optionsPage,
  'scenario.schema.json': scenarioSchemaText,
};

export const pageNames = Object.keys(pages) as readonly (keyof typeof pages)[]; // the table's own keys

export function pathOf(name: string): string {
  return fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
}

export async function pageText(name: keyof typeof pages): Promise<string> {
  const path = pathOf(name);
  return format(pages[name](), { ...(await resolveConfig(path)), filepath: path });
}
