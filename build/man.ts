/** Writes the manual into `dist/man`, where `package.json` says that man(1) finds it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { pages } from '../src/cli/manual/page.ts';
import { roffText } from '../src/cli/manual/roff.ts';

const folder = new URL('../dist/man/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const page of pages()) writeFileSync(new URL(`${page.name}.1`, folder), roffText(page));
