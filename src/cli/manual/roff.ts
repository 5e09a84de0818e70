/** A page of the manual as man(7) takes it. */
import { version } from '../../version.ts';
import { commandLines } from './command-lines.ts';
import type { Block, Page } from './page.ts';

export function roffText({ name, sections }: Page): string {
  const lines = sections.flatMap(({ title, blocks }) => [
    `.SH ${quoted(title)}`,
    ...blocks.flatMap((block, i) => {
      if (title === 'NAME') return named(block);
      const laid = laidOut(block);
      // A section begins with a paragraph of its own.
      return laid[0] === '.PP' && i === 0 ? laid.slice(1) : laid;
    }),
  ]);
  return [
    `.TH ${quoted(name.toUpperCase())} 1 "" ${quoted(`Rollcall ${version}`)} "Rollcall"`,
    // Words as they are typed, and no wider gaps between them.
    '.nh',
    '.ad l',
    ...lines,
    '',
  ].join('\n');
}

/** What whatis(1) reads: the hyphen between is one of the text. */
function named(block: Block): readonly string[] {
  const [name = '', does = ''] = block.kind === 'text' ? block.text.split(' - ') : [];
  return [`${escaped(name)} \\- ${escaped(does)}`];
}

function laidOut(block: Block): readonly string[] {
  switch (block.kind) {
    case 'text':
      return ['.PP', line(block.text)];
    case 'heading':
      return [`.SS ${quoted(block.text)}`];
    case 'item':
      return ['.TP', `.B ${quoted(block.term)}`, line(block.text)];
    case 'example':
      return [
        '.PP',
        line(block.does),
        '.PP',
        '.RS 4',
        '.nf',
        ...commandLines(block.run, 66).map(line),
        '.fi',
        '.RE',
      ];
  }
}

/** A line of text: one that begins as a request does is none. */
function line(text: string): string {
  return escaped(text).replace(/^(?=[.'])/, '\\&');
}

/** Hyphens as they are typed, not as they are set. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '...')
    .replaceAll("'", '\\(aq')
    .replaceAll('~', '\\(ti')
    .replaceAll('^', '\\(ha')
    .replaceAll('`', '\\(ga');
}

function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', '\\(dq')}"`;
}
