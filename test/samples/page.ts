/**
 * Commands in a page of the documentation, in order.
 *
 * They are run where the page says so, by `<!-- commands: run by a test -->`: what nobody thought of running may do harm.
 * A comment before a block, which readers do not see, says what a machine must know of it: `<!-- goes on -->` of what stays
 * while the rest of the page runs, once it listens or prints the words after a colon; `<!-- not run: why -->`. What a
 * reader would have done already stands in comments alone: `<!-- before: commands -->`, `<!-- before, goes on: a server -->`.
 */
import { readFileSync } from 'node:fs';

export interface Sample {
  readonly page: string;
  /** Where it begins. */
  readonly line: number;
  readonly commands: string;
  /** What a `console` block shows after them; `…` stands for anything. */
  readonly shown: string | undefined;
  /** It stays; what it prints when the rest may run. */
  readonly goesOn: string | undefined;
  readonly notRun: string | undefined;
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
      else samples.push({ ...sampleAt(page, text, index), commands, goesOn: stays && listens });
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
