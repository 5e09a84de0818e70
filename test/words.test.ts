/** Names of the code and texts that a user reads have no word of the list in test/support/words.ts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Found, names, phrases, unclearIn, unclearInName, wordsOf } from './support/words.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(project, path), 'utf8');
const filesIn = (folder: string, form: RegExp) =>
  readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => form.test(name))
    .map((name) => join(folder, name));

const sources = filesIn('src', /(?<!\.test)\.tsx?$/).map((path) => wordsOf(path, read(path)));

const linesOf = (found: readonly Found[], unclear: (text: string) => string[]) =>
  found.flatMap(({ path, line, text }) => unclear(text).map((why) => `${path}:${line} ${why}`));

it('no name in the code has a word of the list', () => {
  const found = sources.flatMap((one) => one.names);
  expect(linesOf(found, unclearInName)).toEqual([]);
});

it('no text in the code that a user reads has a phrase of the list', () => {
  const found = sources.flatMap((one) => one.texts);
  expect(found.length).toBeGreaterThan(1000);
  expect(linesOf(found, unclearIn)).toEqual([]);
});

it('no heading of a document has a phrase of the list', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', ...filesIn('docs', /\.md$/)];
  const headings = pages.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((text, i) => (/^#{1,6} /.test(text) ? [{ path, line: i + 1, text }] : [])),
  );
  expect(headings.length).toBeGreaterThan(100);
  expect(linesOf(headings, unclearIn)).toEqual([]);
});

describe('the check', () => {
  it.each(phrases)('finds $example', ({ example, instead }) => {
    expect(unclearIn(example)).toContainEqual(expect.stringContaining(instead));
  });

  it.each(names)('finds the name $example', ({ example, instead }) => {
    expect(unclearInName(example)).toEqual([expect.stringContaining(instead)]);
  });

  it('finds British spelling', () => {
    expect(unclearIn('Every organisation is supervised.')).toEqual(["'organisation': American spelling"]);
  });

  it('finds nothing in plain sentences and names', () => {
    expect(unclearIn('There is no subscription. The server no longer retries, and advised you so.')).toEqual(
      [],
    );
    expect(unclearInName('tellurideMessage')).toEqual([]);
  });

  it('reads every declared name, and every text of two words or more', () => {
    const { names, texts } = wordsOf(
      'src/some-file.tsx',
      `import { imported } from 'not a text';
      interface Shape { readonly member: 'two words' }
      type Alias = Shape;
      class Box { #own = 1; method(parameter: string) { return \`some \${parameter} template\`; } }
      function run({ bound }: Alias) { const local = 'one'; return <p title="the title">Some text</p>; }
      const sql = \`SELECT one\n  -- a comment of SQL\nFROM two\`;`,
    );
    expect(names.map(({ text }) => text)).toEqual(
      [
        'some-file',
        'Shape',
        'member',
        'Alias',
        'Box',
        '#own',
        'method',
        'parameter',
        'run',
        'bound',
        'local',
      ].concat('title', 'sql'),
    );
    expect(texts.map(({ line, text }) => `${line} ${text}`)).toEqual([
      '2 two words',
      '4 some … template',
      '5 the title',
      '5 Some text',
      '6 SELECT one\nFROM two',
    ]);
  });
});
