/** No line of the documentation is so long that nobody reads it: a cell of a table is a few words. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const longestLine = 200;
/** Pages that still have such lines. A page without them must not stand here. */
const pending: readonly string[] = [];

const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).toSorted();

it('looks at the pages', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/README.md']));
});

it.each(pages)(`%s has no line over ${longestLine} characters`, (page) => {
  const long = longLines(readFileSync(`${root}/${page}`, 'utf8'));
  if (pending.includes(page))
    expect(long, 'no long line is left: remove the page from the list').not.toEqual([]);
  else expect(long).toEqual([]);
});

it('lists pages that exist', () => {
  expect(pending.filter((page) => !pages.includes(page))).toEqual([]);
});

it.each([
  ['a line of a table', `| ${'cell '.repeat(50)}|\n`, [1]],
  ['a sentence after a block of code', `\`\`\`sh\nx\n\`\`\`\n${'word '.repeat(50)}\n`, [4]],
  ['no line of a block of code', `\`\`\`sh\n${'word '.repeat(50)}\n\`\`\`\n`, []],
  ['no URL alone', `- <https://contoso.example/${'x'.repeat(200)}>\n`, []],
])('finds %s', (_name, text, expected) => {
  expect(longLines(text).map(({ line }) => line)).toEqual(expected);
});

/** Returns lines that could be broken, by their number. */
function longLines(text: string): readonly { readonly line: number; readonly length: number }[] {
  let isCode = false;
  return text.split('\n').flatMap((line, i) => {
    const isFence = /^\s*(```|~~~)/.test(line);
    if (isFence) isCode = !isCode;
    const isUrlAlone = /^\s*([-*] )?<?https?:\S+$/.test(line);
    return line.length <= longestLine || isCode || isFence || isUrlAlone
      ? []
      : [{ line: i + 1, length: line.length }];
  });
}
