/** `npm run docs`: writes docs/compatibility.md from the rows of the matrix. */
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { formatMatrix } from './matrix.ts';

const path = new URL('../../../docs/compatibility.md', import.meta.url).pathname;
writeFileSync(path, await format(formatMatrix(), { ...(await resolveConfig(path)), parser: 'markdown' }));
