/**
 * CSV (RFC 4180) in UTF-8 with a byte order mark, without which Excel reads it in another encoding. A text that a
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

/** Besides what holds the delimiter or a quote: what some program ends a line at, trims, or drops. */
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

/** The beginning of a line that is a formula, in ASCII or full width, behind characters that readers trim or drop. */
const formulaLine =
  /(^|\r\n?|[\n\v\f\u0085\u2028\u2029])(?=[[\s"\p{Cc}\p{Cf}]--[\n\r\v\f\u0085\u2028\u2029]]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/gv;

/**
 * Puts an apostrophe before each line of a text that begins as a formula does, and before a text that begins with a tab
 * or a carriage return. Lines inside a text count: a program that reads the file line by line knows no quotes.
 */
export function guardFormulas(text: string): string {
  const guarded = text.replace(formulaLine, "$1'");
  return /^[\t\r]/.test(guarded) ? `'${guarded}` : guarded;
}
