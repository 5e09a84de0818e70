/**
 * Encodes CSV (RFC 4180) in UTF-8 with a byte order mark, without which Excel assumes another encoding. Text that a
 * spreadsheet would evaluate as a formula gets a leading apostrophe (OWASP, "CSV Injection").
 */
import { stringify } from 'csv-stringify/sync';
import { guardFormulas } from '../contract/formula-guard.ts';
import type { Cell } from './cell.ts';
import type { EncoderFactory } from './encoder.ts';

export interface CsvForm {
  readonly delimiter: ',' | ';' | '\t';
  /** The decimal separator: locales that separate columns by semicolons write a comma. */
  readonly decimal: '.' | ',';
}

const byteOrderMark = '\uFEFF';

/**
 * Text to quote besides that with a delimiter or a quote: characters that some programs treat as line ends, trim or
 * drop.
 */
const quotedText = /[\t\r\n\v\f\u0085\u2028\u2029]|^[\s']|\s$/;

export function csvEncoder({ delimiter, decimal }: CsvForm): EncoderFactory {
  const write = (rows: readonly (readonly Cell[])[]) =>
    stringify(rows as Cell[][], {
      delimiter,
      record_delimiter: 'windows',
      quoted_match: quotedText,
      cast: {
        string: guardFormulas,
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
