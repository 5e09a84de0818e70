import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberCertainty, parsePhoneNumber, textCertainty } from './number-subject.ts';

const number = fc.stringMatching(/^[1-9]\d{7,14}$/);
const masked = (digits: string, count: number) =>
  `+${digits.slice(0, digits.length - count)}${'*'.repeat(count)}`;
const parsed = (text: string) => parsePhoneNumber(text)!; // a number

describe('parsePhoneNumber', () => {
  it.each([
    ['+49301234567', '+49301234567'],
    ['49301234567', '+49301234567'],
    ['0049 30 1234567', '+49301234567'],
    ['+49 (0)30 12345-67', '+49301234567'],
    ['tel:+49301234567;ext=5', '+49301234567'],
    ['+4930123****', '+4930123****'],
    ['＋４９３０１２３４５', '+493012345'],
  ])('reads %s as %s', (given, text) => {
    expect(parsePhoneNumber(given)?.text).toBe(text);
  });

  it.each(['', ' ', '+', '****', '12', 'anna', '+49x', '+4930*123', '1234567890123456', '12345678-aaaa'])(
    'reads %j as no number',
    (given) => {
      expect(parsePhoneNumber(given)).toBeUndefined();
    },
  );
});

describe('numberCertainty', () => {
  it('is exact for the same digits alone, from either side', () => {
    fc.assert(
      fc.property(number, number, (one, other) => {
        expect(numberCertainty(parsed(one), parsed(one))).toBe('exact');
        const found = numberCertainty(parsed(one), parsed(other));
        expect(found).toBe(one === other ? 'exact' : undefined);
        expect(numberCertainty(parsed(other), parsed(one))).toBe(found);
      }),
    );
  });

  it('is only likely where digits are masked, and differs by any visible digit', () => {
    const part = number.chain((digits) =>
      fc.tuple(
        fc.constant(digits),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: digits.length - 1 }),
      ),
    );
    fc.assert(
      fc.property(part, ([digits, count, place]) => {
        const visible = digits.length - count;
        const text = masked(digits, count);
        expect(textCertainty(parsed(digits), text)).toBe(visible >= 6 ? 'likely' : undefined);
        const other = `${digits.slice(0, place)}${(Number(digits[place]) + 1) % 10}${digits.slice(place + 1)}`;
        if (place < visible && !other.startsWith('00'))
          expect(textCertainty(parsed(other), text)).toBeUndefined();
      }),
    );
  });
});
