/** Formats answers as CSV files, guarded against formulas like every export. */
import type { Cell, Column } from '../../export/cell.ts';
import { csvEncoder } from '../../export/csv.ts';

export interface CsvColumn<Row> extends Column {
  readonly cell: (row: Row) => Cell | null;
}

export class CsvFile<Row> {
  readonly #columns: readonly CsvColumn<Row>[];
  readonly #encoder;
  readonly #parts: Uint8Array[] = [];

  constructor(columns: readonly CsvColumn<Row>[]) {
    this.#columns = columns;
    this.#encoder = csvEncoder({ delimiter: ',', decimal: '.' })(columns, undefined);
  }

  async add(rows: readonly Row[]): Promise<void> {
    if (this.#parts.length === 0) this.#parts.push(await this.#encoder.begin());
    const cells = rows.map((row) => this.#columns.map(({ cell }) => cell(row) ?? undefined));
    this.#parts.push(await this.#encoder.encode(cells));
  }

  /** Returns the file, which has the names of the columns also without rows. */
  async bytes(): Promise<Buffer> {
    if (this.#parts.length === 0) await this.add([]);
    return Buffer.concat(this.#parts);
  }
}

/** Returns the headers of a file. @param nextLink Of the rows that the file lacks; absent when it has all */
export function csvHeaders(fileName: string, nextLink?: string): string[] {
  return [
    ...['Content-Type', 'text/csv;charset=utf-8'],
    ...['Content-Disposition', `attachment; filename="${fileName}"`],
    ...(nextLink === undefined ? [] : ['Link', `<${nextLink}>; rel="next"`]),
  ];
}
