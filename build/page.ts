/** Builds the page into `dist/page`, where the server looks for it. */
import { fileURLToPath } from 'node:url';
import { buildPage } from './build-page.ts';

await buildPage(fileURLToPath(new URL('../dist/page', import.meta.url)));
