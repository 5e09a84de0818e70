/**
 * Prints rows in columns with numbers aligned right, cut or wrapped to the width of a terminal, and complete elsewhere.
 */
import { styleText } from 'node:util';
import { printable } from '../base/printable.ts';
import type { Screen } from '../base/terminal.ts';
import { cutToWidth, displayWidth } from './display-width.ts';

type Color = 'green' | 'yellow' | 'red' | 'gray';
export type TableOutput = Screen & NodeJS.WritableStream;
export type TableCell = string | number | { readonly text: string; readonly color: Color };

interface TableOptions {
  readonly titles?: readonly string[];
  /** Breaks the last column into lines on a terminal, instead of cutting it. */
  readonly wrapsLast?: true;
  /** The columns that are never cut. */
  readonly whole?: readonly boolean[];
}

const gap = '  ';
const narrowest = 8;
/** In a table whose last column wraps, columns are narrowed to these widths in turn. */
const stages = [
  { last: 24, others: Infinity },
  { last: 24, others: 14 },
  { last: 12, others: 14 },
  { last: narrowest, others: narrowest },
];

/**
 * Formats rows. @param rows Rows with the same number of cells. @returns Lines with line ends; cells are escaped for a
 * terminal.
 */
export function formatTable(
  rows: readonly (readonly TableCell[])[],
  output: TableOutput,
  { titles, wrapsLast, whole = [] }: TableOptions = {},
): string {
  const all = titles === undefined ? rows : [titles, ...rows];
  const texts = all.map((row) => row.map((cell) => textOf(cell, output)));
  const columns = texts[0]?.map((_, column) => texts.map((row) => row[column] ?? '')) ?? [];
  const natural = columns.map((column) =>
    column.reduce((widest, text) => Math.max(widest, displayWidth(text)), 0),
  );
  const isRight = columns.map((_, column) => rows.every((row) => isAmount(row[column])));
  // A part of a number is useless.
  const isUncut = columns.map((_, column) => whole[column] === true || isRight[column] === true);
  const widths = output.isTTY === true ? fitted(natural, output.columns || 80, isUncut, wrapsLast) : natural;
  const lineOf = (row: readonly string[], cells: readonly TableCell[] = []) =>
    row
      .map((text, column) => {
        const width = widths[column]!; // one for each column
        const isWhole = wrapsLast === true && column === row.length - 1;
        const cut = isWhole ? text : cutToWidth(text, width);
        const space = ' '.repeat(Math.max(0, width - displayWidth(cut)));
        const padded = isRight[column] ? space + cut : cut + space;
        return colored(padded, cells[column], output);
      })
      .join(gap)
      .trimEnd();
  return texts
    .flatMap((row, i) => {
      const last = row.at(-1) ?? '';
      const [first = '', ...more] = wrapsLast ? wrapped(last, widths.at(-1)!) : [last];
      const rest = more.map((text) => lineOf([...row.slice(1).map(() => ''), text]));
      return [lineOf([...row.slice(0, -1), first], all[i]), ...rest];
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** Returns a state in its color on a terminal with colors (NO_COLOR and TERM=dumb turn them off), plain elsewhere. */
export function colored(text: string, of: TableCell | undefined, output: TableOutput): string {
  const color = typeof of === 'object' ? of.color : undefined;
  return color === undefined || output.isTTY !== true ? text : styleText(color, text, { stream: output });
}

/** Formats a number, with thousands separators on a terminal. */
export function formatCount(count: number, { isTTY }: Screen): string {
  return isTTY === true ? count.toLocaleString('en-US') : String(count);
}

/** Returns true for a number, or a size such as `9 kB`. */
function isAmount(cell: TableCell | undefined): boolean {
  return typeof cell === 'number' || (typeof cell === 'string' && /^\d+(\.\d+)? [kMG]B$/.test(cell));
}

function textOf(cell: TableCell, output: TableOutput): string {
  if (typeof cell === 'number') return formatCount(cell, output);
  return printable(typeof cell === 'string' ? cell : cell.text);
}

/** Narrows the widest column, or first a last column that wraps, until a line fits or no column can be cut. */
function fitted(
  natural: readonly number[],
  width: number,
  whole: readonly boolean[],
  wrapsLast = false,
): readonly number[] {
  const widths = [...natural];
  const last = widths.length - 1;
  let over = widths.reduce((sum, one) => sum + one, 0) + gap.length * last - width;
  const narrow = (column: number, least: number) => {
    const isPossible = over > 0 && widths[column]! > least;
    if (isPossible) over -= widths[column]! - --widths[column]!;
    return isPossible;
  };
  const cuttable = [...widths.keys()].filter((i) => whole[i] !== true && !(wrapsLast && i === last));
  const widest = () => cuttable.reduce((most, i) => (widths[i]! > (widths[most] ?? 0) ? i : most), -1);
  for (const stage of wrapsLast ? stages : stages.slice(-1)) {
    while (wrapsLast && narrow(last, stage.last));
    while (cuttable.length > 0 && narrow(widest(), stage.others));
  }
  return widths;
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + 1 + displayWidth(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
