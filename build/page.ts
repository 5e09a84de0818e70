/** Builds the page into `dist/page`, from where the server reads it. */
import { fileURLToPath } from 'node:url';
import { buildPage } from './build-page.ts';

await buildPage(fileURLToPath(new URL('../dist/page', import.meta.url)));
