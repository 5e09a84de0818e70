/** The samples of docs/clients.md are lines of the scripts that the tests run. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');

// A sample belongs to the file named last before it.
const samples = [
  ...read('docs/clients.md').matchAll(
    /`(test\/contract\/clients\/[^`]+\.ts)`(?:(?!`test\/)[^])*?```ts\n([^]*?)```/g,
  ),
].map(([, file, sample]) => ({ file: file!, sample: sample! }));

it('docs/clients.md has a sample of each client', () => {
  expect(samples.map(({ file }) => file.replace(/^test\/contract\/clients\//, ''))).toEqual([
    'azure-identity.ts',
    'msal.ts',
    'graph-client.ts',
  ]);
});

it.each(samples)('the sample of $file is in it', ({ file, sample }) => {
  const unindented = (text: string) => text.replace(/^ +/gm, '').trim();
  expect(unindented(read(file))).toContain(unindented(sample));
});
