import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTicks, parseTicks } from '../../../base/ticks.ts';
import { isSameNumber, likelyCall, nearTicks } from './match-call.ts';
import { readPhoneRow } from './phone-row.ts';

const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((one) => one.join(''));
const number = fc.integer({ min: 7, max: 15 }).chain(digits);
const masked = (text: string, count: number) => `${text.slice(0, text.length - count)}${'*'.repeat(count)}`;

describe('isSameNumber', () => {
  it('is the same from either side', () => {
    const any = fc.tuple(number, fc.integer({ min: 0, max: 4 })).map(([text, count]) => masked(text, count));
    fc.assert(fc.property(any, any, (a, b) => isSameNumber(a, b) === isSameNumber(b, a)));
  });

  it('takes a number for itself, with another prefix or spelling, or with its last digits masked', () => {
    fc.assert(
      fc.property(number, digits(2), (one, prefix) => {
        expect(isSameNumber(`+${one}`, one)).toBe(true);
        expect(isSameNumber(`+${prefix} (0) ${one}`, one.slice(-7))).toBe(true);
        if (one.length >= 9) expect(isSameNumber(one, masked(one, 3))).toBe(true);
      }),
    );
  });

  it('tells numbers apart by any of the last seven digits', () => {
    fc.assert(
      fc.property(number, fc.integer({ min: 1, max: 7 }), (one, place) => {
        const at = one.length - place;
        const other = `${one.slice(0, at)}${(Number(one[at]) + 1) % 10}${one.slice(at + 1)}`;
        expect(isSameNumber(one, other)).toBe(false);
      }),
    );
  });

  it.each([
    ['', ''],
    ['anonymous', 'anonymous'],
    ['112', '49112'],
    ['+4930123***', '+493012345'],
    ['12345***', '12345***'],
  ])('does not take %s for %s', (one, other) => {
    expect(isSameNumber(one, other)).toBe(false);
  });
});

const start = parseTicks('2026-03-02T10:00:00Z')!;
const rowAt = (startTicks: bigint, more = {}) =>
  readPhoneRow(
    'pstn',
    Buffer.from(
      JSON.stringify({
        startDateTime: formatTicks(startTicks),
        callType: 'user_in',
        callerNumber: '+49301234567',
        calleeNumber: '+12065550100',
        ...more,
      }),
    ),
  );
const callAt = (callId: string, startTicks: bigint, ...numbers: string[]) => ({
  callId,
  startTicks,
  numbers,
});

describe('likelyCall', () => {
  it('is never a call beyond 90 seconds, nor one without the number; of the others, the nearest', () => {
    const candidate = fc.record({
      callId: fc.uuid(),
      startTicks: fc.bigInt(-2n * nearTicks, 2n * nearTicks).map((apart) => start + apart),
      numbers: fc.subarray(['+49301234567', '030 1234567', '+493012345**', '+12065550100', '+4930999']),
    });
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 6 }), (candidates) => {
        const possible = candidates.filter(
          ({ startTicks, numbers }) =>
            startTicks >= start - nearTicks &&
            startTicks <= start + nearTicks &&
            numbers.some((one) => isSameNumber(one, '+49301234567')),
        );
        const apart = (ticks: bigint) => (ticks > start ? ticks - start : start - ticks);
        const found = likelyCall(rowAt(start), candidates);
        expect(found !== undefined).toBe(possible.length > 0);
        if (found === undefined) return;
        expect(possible).toContain(found);
        expect(possible.every(({ startTicks }) => apart(startTicks) >= apart(found.startTicks))).toBe(true);
      }),
    );
  });

  it('compares the other party’s number, and either where the direction is unknown', () => {
    const call = callAt('c', start, '+12065550100');
    expect(likelyCall(rowAt(start), [call])).toBeUndefined();
    expect(likelyCall(rowAt(start, { callType: 'user_out' }), [call])).toBe(call);
    expect(likelyCall(rowAt(start, { callType: 'new' }), [call])).toBe(call);
  });

  it('counts the invitation of a failed call', () => {
    const call = callAt('c', start, '+49301234567');
    const late = start + 2n * nearTicks;
    expect(likelyCall(rowAt(late), [call])).toBeUndefined();
    expect(likelyCall(rowAt(late, { inviteDateTime: formatTicks(start) }), [call])).toBe(call);
  });
});
