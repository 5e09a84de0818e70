/** The form of docs/decisions: a status, four labeled parts, and an entry of the index for each record. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../docs/decisions/', import.meta.url);
const labels = ['Context.', 'Decision.', 'Consequences.', 'Wrong if'];
const mostWords = 145;
const longestLine = 200;

const files = readdirSync(folder).filter((name) => /^\d{4}-.*\.md$/.test(name));
const index = textOf('README.md').replaceAll(/\s+/g, ' ');

function textOf(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}

/** Returns the paragraphs of a record: the title, the status and the parts. */
function paragraphsOf(file: string): readonly string[] {
  return textOf(file).trim().split(/\n\n+/);
}

describe('records of decisions', () => {
  it.each(files)(
    '%s has a status and the four parts, each with a text, and its number in its title',
    (file) => {
      const [title, status, ...parts] = paragraphsOf(file);
      expect(title).toMatch(new RegExp(`^# ${Number(file.slice(0, 4))}\\. [^\n]+[^.\n]$`));
      expect(status).toMatch(/^Accepted\./);
      expect(parts.map((part) => /^\*\*([^*]+)\*\* \S/.exec(part)?.[1])).toEqual(labels);
    },
  );

  it.each(files)('%s is short', (file) => {
    const text = textOf(file);
    expect(text.split(/\s+/).length).toBeLessThanOrEqual(mostWords);
    expect(text.split('\n').filter((line) => line.length > longestLine)).toEqual([]);
  });

  it('are in the index once, with what is superseded in part', () => {
    const named = [...index.split('Superseded: ')[0]!.matchAll(/\[(\d+)\]\((\S+)\) ([^;.]+)/g)]; // split gives one part or more
    const shown = named.map(([, number, file, text]) => [
      Number(number),
      file!,
      text!.endsWith(', in part superseded'),
    ]);
    const expected = files.map((file) => {
      const [, status] = paragraphsOf(file);
      return [Number(file.slice(0, 4)), file, status!.includes(' superseded by ')]; // held by the test of the parts
    });
    expect(shown.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual(expected);
  });
});
