/** The form of docs/decisions: a status, four labeled parts, and a line of the index for each record. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../docs/decisions/', import.meta.url);
const labels = ['Context.', 'Decision.', 'Consequences.', 'Wrong if'];
const mostWords = 145;
const longestLine = 200;

const files = readdirSync(folder).filter((name) => /^\d{4}-.*\.md$/.test(name));
/** The lines of the index: `N: [title](file)`, and what is superseded in part or as a whole. */
const lines = textOf('README.md')
  .split('\n')
  .filter((line) => /^- \d/.test(line));
const isDeleted = (line: string) => /^- \d+: [^[\]]+\. Superseded by \[/.test(line);

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

  it('are in the index by number, with their title and what is superseded in part', () => {
    const expected = files.map((file) => {
      const [title, status] = paragraphsOf(file);
      const [, number, name] = /^# (\d+)\. (.*)$/.exec(title!)!; // held by the test of the parts
      return `- ${number!}: [${name!}](${file})${status!.includes(' superseded by ') ? '. In part superseded' : ''}`;
    });
    expect(lines.filter((line) => !isDeleted(line))).toEqual(expected);
  });

  it('are in the index by number, deleted ones too', () => {
    const numbers = lines.map((line) => Number(/\d+/.exec(line)![0])); // each line begins with one
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(lines.filter(isDeleted).length).toBe(3);
  });
});
