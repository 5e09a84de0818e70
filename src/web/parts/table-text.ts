/** Writes a table as text with tabs and as HTML, which spreadsheets and documents paste as cells. */
import { guardFormulas } from '../../contract/formula-guard.ts';

export interface TableText {
  readonly columns: readonly string[];
  readonly count: number;
  readonly cells: (index: number) => readonly string[];
}

/** A part of a table: the first row and the row after the last. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

interface TableTexts {
  readonly plain: string;
  readonly html: string;
}

/** Formats a part of a table with its head. Cells are guarded against formulas as those of CSV are. */
export function formatCopiedTable(
  table: TableText,
  { from, to }: RowRange = { from: 0, to: table.count },
): TableTexts {
  const rows = Array.from({ length: Math.max(0, to - from) }, (_, i) => lineOf(table.cells(from + i)));
  const head = lineOf(table.columns);
  const html = (cells: readonly string[], name: 'td' | 'th') =>
    `<tr>${cells.map((cell) => `<${name}>${escapeHtml(cell)}</${name}>`).join('')}</tr>`;
  return {
    plain: [head, ...rows].map((cells) => cells.map(quoteForTabs).join('\t')).join('\n'),
    html: `<table><thead>${html(head, 'th')}</thead><tbody>${rows.map((cells) => html(cells, 'td')).join('')}</tbody></table>`,
  };
}

/** Formats a table as CSV (RFC 4180), guarded against formulas. */
export function formatCsv({ columns, count, cells }: TableText): string {
  const rows = [columns, ...Array.from({ length: count }, (_, i) => cells(i))];
  return rows.map((row) => `${lineOf(row).map(quoteForCsv).join(',')}\r\n`).join('');
}

function quoteForCsv(cell: string): string {
  return /[",']/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Makes each cell one line: a tab or a line break within a cell would begin another cell. */
function lineOf(cells: readonly string[]): readonly string[] {
  return cells.map((cell) => guardFormulas(cell.replace(/[\s\p{Cc}]+/gu, ' ').trim()));
}

/** A spreadsheet reads a cell that begins with a quote to the next quote, across tabs and lines. */
function quoteForTabs(cell: string): string {
  return cell.startsWith('"') ? `"${cell.replaceAll('"', '""')}"` : cell;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** Puts a table on the clipboard. @throws when the browser does not permit it */
export async function copyTable(table: TableText): Promise<void> {
  const { plain, html } = formatCopiedTable(table);
  await navigator.clipboard.write([
    new ClipboardItem({
      'text/plain': new Blob([plain], { type: 'text/plain' }),
      'text/html': new Blob([html], { type: 'text/html' }),
    }),
  ]);
}
