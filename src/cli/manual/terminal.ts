/** A page of the manual for a terminal, or for what reads in its place. */
import { commandLines } from './command-lines.ts';
import type { Block, Page } from './page.ts';

export interface Screen {
  readonly columns?: number;
  readonly isTTY?: boolean;
}

/** @param environment `NO_COLOR` and `TERM` are heard. */
export function terminalText(page: Page, { columns, isTTY }: Screen, environment: NodeJS.ProcessEnv): string {
  const isTerminal = isTTY === true;
  const width = isTerminal ? Math.min(Math.max(columns ?? 80, 40), 100) : 80;
  const isPlain = !isTerminal || (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  const bold = (text: string) => (isPlain ? text : `\u001b[1m${text}\u001b[22m`);
  const lines = page.sections.flatMap(({ title, blocks }) => {
    const isTight = blocks.every((block) => block.kind === 'item' && block.term.length < hanging - 1);
    const layout = { width, bold, isTight };
    return [
      bold(title),
      ...blocks.flatMap((block, i) => [
        ...(isTight || i === 0 || blocks[i - 1]?.kind === 'heading' ? [] : ['']),
        ...laidOut(block, layout),
      ]),
      '',
    ];
  });
  return `${lines.join('\n').trimEnd()}\n`;
}

const margin = 4;
const inner = 10;
/** How far from the margin an explanation begins on the line of a short term. */
const hanging = 12;

interface Layout {
  readonly width: number;
  readonly bold: (text: string) => string;
  /** Each explanation begins on the line of its term. */
  readonly isTight: boolean;
}

function laidOut(block: Block, { width, bold, isTight }: Layout): readonly string[] {
  switch (block.kind) {
    case 'text':
      return wrapped(block.text, margin, width);
    case 'heading':
      return [`  ${bold(block.text)}`];
    case 'item': {
      const { term, text } = block;
      if (!isTight) return [`${' '.repeat(margin)}${bold(term)}`, ...wrapped(text, inner, width)];
      const [first = '', ...rest] = wrapped(text, margin + hanging, width);
      return [`${' '.repeat(margin)}${bold(term)}${first.slice(margin + term.length)}`, ...rest];
    }
    case 'example':
      return [
        ...wrapped(block.does, margin, width),
        ...commandLines(block.run, width - inner).map((line) => `${' '.repeat(inner)}${line}`),
      ];
  }
}

function wrapped(text: string, indent: number, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${' '.repeat(indent)}${one}`);
}
