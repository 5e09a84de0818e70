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

  it('are in the index once, but for links to those that supersede others', () => {
    const named = [...index.split('Superseded: ')[0]!.matchAll(/\[(\d+)\]\((\S+)\) [^;.]+/g)]; // split gives one part or more
    const shown = named.map(([, number, file]) => [Number(number), file!] as const);
    expect(shown.toSorted(([a], [b]) => a - b)).toEqual(
      files.map((file) => [Number(file.slice(0, 4)), file]),
    );
  });
});
