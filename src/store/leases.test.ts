import { expect, it } from 'vitest';
import { decideLease } from './leases.ts';

const request = { holder: 'me', nowMs: 1000, forMs: 100 };
const own = { holder: 'me', untilMs: 1100 };

it('a free or ended lease is granted', () => {
  expect(decideLease(undefined, request)).toEqual(own);
  expect(decideLease({ holder: 'other', untilMs: 1000 }, request)).toEqual(own);
});

it('a holder renews its lease, early or late', () => {
  for (const untilMs of [900, 1090, 9999])
    expect(decideLease({ holder: 'me', untilMs }, request)).toEqual(own);
});

it('a valid lease stays with its holder, whose clock may be a little ahead', () => {
  for (const untilMs of [1001, 1100, 1200]) {
    const known = { holder: 'other', untilMs };
    expect(decideLease(known, request)).toBe(known);
  }
});

it('a lease that lasts longer than the maximum is rejected: a clock that was set back since made it', () => {
  expect(decideLease({ holder: 'other', untilMs: 1201 }, request)).toEqual(own);
});
