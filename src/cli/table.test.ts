import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type TableCell, formatTable } from './table.ts';

function output(columns?: number, depth = 8): Writable & { readonly isTTY?: boolean } {
  const screen = columns === undefined ? {} : { isTTY: true, columns, getColorDepth: () => depth };
  return Object.assign(new Writable(), screen);
}

const rows: readonly (readonly TableCell[])[] = [
  ['Calls', 1_234_567, 'listed'],
  ['Log rows', 5, 'not listed, because upstream did not answer'],
];

describe('a table', () => {
  it('has whole cells and plain digits where it is piped', () => {
    expect(formatTable(rows, output(), { titles: ['WHAT', 'COUNT', 'STATE'] })).toBe(
      [
        'WHAT        COUNT  STATE',
        'Calls     1234567  listed',
        'Log rows        5  not listed, because upstream did not answer',
        '',
      ].join('\n'),
    );
  });

  it('is cut to the width of a terminal, with separators of thousands', () => {
    expect(formatTable(rows, output(40))).toBe(
      ['Calls     1,234,567  listed', 'Log rows          5  not listed, becaus…', ''].join('\n'),
    );
  });

  it('wraps the last column below itself when asked to', () => {
    const text = formatTable(rows, output(40), { wrapsLast: true });
    expect(text).toBe(
      [
        'Calls     1,234,567  listed',
        'Log rows          5  not listed, because',
        '                     upstream did not',
        '                     answer',
        '',
      ].join('\n'),
    );
    expect(formatTable(rows, output(), { wrapsLast: true }).split('\n')).toHaveLength(3);
  });

  it('colors states on a terminal that has colors', () => {
    const state: TableCell = { text: 'missing', color: 'red' };
    expect(formatTable([[state, 'x']], output(40))).toBe('\u001b[31mmissing\u001b[39m  x\n');
    for (const plain of [output(40, 1), output()])
      expect(formatTable([[state, 'x']], plain)).toBe('missing  x\n');
  });

  it('escapes what would move the cursor', () => {
    expect(formatTable([['a\u001b[2J\nb']], output())).toBe('a\\u001b[2J\\u000ab\n');
  });
});
