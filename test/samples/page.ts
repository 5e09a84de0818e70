/**
 * Commands in a page of the documentation, in order.
 *
 * The test runs the pages that say `<!-- commands: run by a test -->`, and no others: an unreviewed command may do harm.
 * Comments, which readers do not see, control it. `<!-- goes on -->` before a block starts it in the background and waits
 * until it listens, or prints what matches the pattern after a colon. `<!-- not run: why -->` skips a block.
 * `<!-- before: commands -->` and `<!-- before, goes on: a server -->` run what a reader has done already.
 */
import { readFileSync } from 'node:fs';

export interface Sample {
  readonly page: string;
  /** Its first line. */
  readonly line: number;
  readonly commands: string;
  /** The output that a `console` block shows; `…` matches anything. */
  readonly shown: string | undefined;
  /** Set when the commands keep running: the pattern in their output that lets the rest of the page begin. */
  readonly goesOn: string | undefined;
  readonly notRun: string | undefined;
  /** It stands in a comment: readers do not see it. */
  readonly isHidden?: boolean;
}

/** In a page whose commands are run. */
const runMark = '<!-- commands: run by a test -->';
const listens = 'listening on';
const root = new URL('../../', import.meta.url);
const part = /<!--\s([^]*?)\s-->|^```(\w*)(?:[^\w\n][^\n]*)?\n([^]*?)^```$/gm;

/** Whether a page says that its commands are run. */
export function isRun(page: string): boolean {
  return readFileSync(new URL(page, root), 'utf8').includes(`\n${runMark}\n`);
}

export function samplesOf(page: string): readonly Sample[] {
  const text = readFileSync(new URL(page, root), 'utf8');
  const samples: Sample[] = [];
  let note = '';
  for (const { 0: whole, 1: comment, 2: language, 3: body = '', index } of text.matchAll(part)) {
    if (comment !== undefined) {
      if (whole === runMark) continue;
      const [, stays, commands] = /^before(, goes on)?:\s([^]*)$/.exec(comment) ?? [];
      if (commands === undefined) note = comment;
      else
        samples.push({ ...sampleAt(page, text, index), commands, goesOn: stays && listens, isHidden: true });
      continue;
    }
    if (whole.startsWith('```') && (language === 'sh' || language === 'console'))
      samples.push({ ...sampleAt(page, text, index), ...notes(note), ...commandsOf(language, body) });
    note = '';
  }
  return samples;
}

function sampleAt(page: string, text: string, index: number): Sample {
  const line = text.slice(0, index).split('\n').length;
  return { page, line, commands: '', shown: undefined, goesOn: undefined, notRun: undefined };
}

function notes(note: string): Pick<Sample, 'goesOn' | 'notRun'> {
  const goesOn = note === 'goes on' ? listens : /^goes on: (.+)$/.exec(note)?.[1];
  return { goesOn, notRun: /^not run: (.+)$/.exec(note)?.[1] };
}

function commandsOf(language: string, body: string): Pick<Sample, 'commands' | 'shown'> {
  if (language === 'sh') return { commands: body, shown: undefined };
  const [, command = '', shown = ''] = /^\$ ((?:.*\\\n)*.*\n)([^]*)$/.exec(body) ?? [];
  return { commands: command, shown };
}
