/**
 * Formats a table by its columns. Columns without a value in any row are left out; on a narrow terminal, also the least
 * important ones. Elsewhere the table is complete.
 */
import { displayWidth } from './display-width.ts';
import { formatTable, type TableCell, type TableOutput } from './table.ts';

export interface TableColumn<Row> {
  readonly title: string;
  /** Null where the row has no value. */
  readonly cell: (row: Row) => TableCell | null | undefined;
  /** True when a part of the value is useless: a time or a number is never cut. */
  readonly isWhole?: true;
  /** Left out on a narrow terminal, those with the greatest number first; absent for a column that stays. */
  readonly leaveOut?: number;
  /** The width for which less important columns are left out; by default `usuallyReadable`. */
  readonly readable?: number;
}

/** The least width of a column that may be cut, unless it has its own. */
const usuallyReadable = 12;
const gapWidth = 2;

export function formatColumns<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  output: TableOutput,
  { wrapsLast }: { readonly wrapsLast?: true } = {},
): string {
  const filled = columns
    .map((column) => ({ ...column, cells: rows.map((row) => column.cell(row) ?? null) }))
    .filter(({ cells }) => cells.some((cell) => cell !== null && cell !== ''));
  const shown = output.isTTY === true ? fitting(filled, output.columns || 80) : filled;
  const cells = rows.map((_, i) => shown.map((column) => column.cells[i] ?? '–'));
  return formatTable(cells, output, {
    titles: shown.map(({ title }) => title),
    whole: shown.map(({ isWhole }) => isWhole === true),
    ...(wrapsLast && { wrapsLast }),
  });
}

interface FilledColumn extends Omit<TableColumn<unknown>, 'cell'> {
  readonly cells: readonly (TableCell | null)[];
}

function fitting<C extends FilledColumn>(columns: readonly C[], width: number): readonly C[] {
  let left = columns;
  while (left.reduce((sum, column) => sum + leastWidth(column) + gapWidth, -gapWidth) > width) {
    const last = Math.max(...left.map(({ leaveOut = 0 }) => leaveOut));
    if (last === 0) return left;
    left = left.filter(({ leaveOut }) => leaveOut !== last);
  }
  return left;
}

function leastWidth({ title, cells, isWhole, readable = usuallyReadable }: FilledColumn): number {
  const widest = cells.reduce<number>(
    (most, cell) => Math.max(most, displayWidth(plainText(cell))),
    title.length,
  );
  return isWhole === true ? widest : Math.min(widest, readable);
}

function plainText(cell: TableCell | null): string {
  return typeof cell === 'object' ? (cell?.text ?? '') : String(cell);
}
