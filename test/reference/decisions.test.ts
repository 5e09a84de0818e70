/** The form of docs/decisions: five headings, a status, and a line of the index for each record. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../docs/decisions/', import.meta.url);
const headings = ['Status', 'Context', 'Decision', 'Consequences', 'How we would know it is wrong'];
const mostWords = 145;
const longestLine = 200;

const files = readdirSync(folder).filter((name) => /^\d{4}-.*\.md$/.test(name));
/** The lines of the index, `N: [title](file)` and the status of a record that is not accepted as a whole. */
const lines = textOf('README.md')
  .split('\n')
  .filter((line) => /^- \d/.test(line));

function textOf(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}

/** Returns the text below a heading. */
function sectionOf(text: string, heading: string): string {
  return (text.split(`\n## ${heading}\n`)[1] ?? '').split('\n## ')[0]!.trim(); // split gives one part or more
}

/** Returns the status as the index has it, empty for a record that is accepted as a whole. */
function statusOf(text: string): string {
  const status = sectionOf(text, 'Status').replaceAll(/\s+/g, ' ');
  const superseded = /^Superseded by (\[\d+\]\(\d{4}-[a-z0-9-]+\.md\))\.$/.exec(status);
  if (superseded) return `. Superseded by ${superseded[1]!}`; // the pattern has one group
  if (!status.startsWith('Accepted.')) return '. No known status';
  return status.includes(' superseded by ') ? '. In part superseded' : '';
}

describe('records of decisions', () => {
  it.each(files)('%s has the five headings, each with a text, and its number in its title', (file) => {
    const text = textOf(file);
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(headings);
    expect(headings.filter((heading) => sectionOf(text, heading) === '')).toEqual([]);
    expect(text).toMatch(new RegExp(`^# ${Number(file.slice(0, 4))}\\. [^\n]+[^.\n]\n`));
  });

  it.each(files)('%s is short', (file) => {
    const text = textOf(file);
    expect(text.split(/\s+/).length).toBeLessThanOrEqual(mostWords);
    expect(text.split('\n').filter((line) => line.length > longestLine)).toEqual([]);
  });

  it('are in the index by number, with their title and status', () => {
    const expected = files.map((file) => {
      const text = textOf(file);
      const [number, title] = /^# (\d+)\. (.*)$/m.exec(text)!.slice(1); // held by the test of headings
      return `- ${number!}: [${title!}](${file})${statusOf(text)}`;
    });
    expect(lines).toEqual(expected);
  });
});
