/** Reads CSV independently, as RFC 4180 defines it, and lists texts that attack readers of CSV. */
import fc from 'fast-check';

/**
 * Parses CSV. @returns The fields of each record
 * @throws Error when the text is not RFC 4180
 */
export function parseCsv(text: string, delimiter: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (let at = 0; at < text.length;) {
    let field = '';
    if (text[at] === '"') {
      for (at++; ; at++) {
        if (at >= text.length) throw new Error('A quoted field does not end.');
        if (text[at] !== '"') field += text.charAt(at);
        else if (text[at + 1] === '"') field += text.charAt(++at);
        else break;
      }
      at++;
    } else
      while (at < text.length && text[at] !== delimiter && !text.startsWith('\r\n', at)) {
        if (/["\r\n]/.test(text[at]!)) throw new Error(`A bare ${JSON.stringify(text[at])} at ${at}.`);
        field += text.charAt(at++);
      }
    record.push(field);
    if (text[at] === delimiter) at++;
    else if (text.startsWith('\r\n', at)) {
      records.push(record);
      record = [];
      at += 2;
    } else throw new Error(`Neither the end of a field nor of a record at ${at}.`);
  }
  if (record.length > 0) throw new Error('The last record does not end.');
  return records;
}

const oneOf = (characters: string) => fc.constantFrom(...Array.from(characters));

/** Generates texts that CSV readers may misinterpret: line ends, quotes, delimiters, formulas, trimmed characters. */
export const csvTexts = fc.string({
  unit: fc.oneof(
    oneOf('=+-@\uFF1D\uFF0B\uFF0D\uFF20'),
    oneOf('\t\r\n\v\f\u0085\u2028\u2029 \u00a0\u200b\ufeff\0'),
    oneOf(`"',;|`),
    fc.constantFrom('a', 'é', '\u{1F600}', '1', 'HYPERLINK("//x")'),
  ),
  maxLength: 12,
});
