/**
 * Encodes CSV (RFC 4180) in UTF-8 with a byte order mark, without which Excel assumes another encoding. Text that a
 * spreadsheet would evaluate as a formula gets a leading apostrophe (OWASP, "CSV Injection").
 */
import { stringify } from 'csv-stringify/sync';
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

/** Matches a line that begins like a formula, in ASCII or full width, after characters that programs trim or drop. */
const formulaLine =
  /(^|\r\n?|[\n\v\f\u0085\u2028\u2029])(?=[[\s"\p{Cc}\p{Cf}]--[\n\r\v\f\u0085\u2028\u2029]]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/gv;

/**
 * Adds an apostrophe before each line of a text that begins like a formula, and before a text that begins with a tab or
 * a carriage return. Lines inside a quoted text count, because a program that reads the file line by line ignores
 * quotes.
 */
export function guardFormulas(text: string): string {
  const guarded = text.replace(formulaLine, "$1'");
  return /^[\t\r]/.test(guarded) ? `'${guarded}` : guarded;
}
