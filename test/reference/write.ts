/** `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { pageNames, pageText, pathOf } from './pages.ts';

for (const name of pageNames) writeFileSync(pathOf(name), await pageText(name));
