/** Builds the page into `dist/page`, where the server looks for it. */
import { buildPage } from './build-page.ts';

await buildPage(new URL('../dist/page', import.meta.url).pathname);
