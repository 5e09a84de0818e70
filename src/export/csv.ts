/**
 * CSV (RFC 4180) in UTF-8 with a byte order mark, without which Excel takes it for another encoding. A text that a
 * spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection").
 */
import { stringify } from 'csv-stringify/sync';
import type { Cell } from './cell.ts';
import type { EncoderFactory } from './encoder.ts';

export interface CsvForm {
  readonly delimiter: ',' | ';' | '\t';
  /** Between the whole and the fraction of a number: countries with a semicolon write a comma. */
  readonly decimal: '.' | ',';
}

const byteOrderMark = '\uFEFF';

export function csvEncoder({ delimiter, decimal }: CsvForm): EncoderFactory {
  const write = (rows: readonly (readonly Cell[])[]) =>
    stringify(rows as Cell[][], {
      delimiter,
      record_delimiter: 'windows',
      escape_formulas: true,
      cast: {
        boolean: (value) => (value ? 'true' : 'false'),
        number: (value) => String(value).replace('.', decimal),
      },
    });
  return (columns) => ({
    rowsPerRun: 1000,
    begin: () => Buffer.from(byteOrderMark + write([columns.map(({ name }) => name)])),
    encode: (rows) => Buffer.from(write(rows)),
    end: () => new Uint8Array(),
    state: () => '',
  });
}
