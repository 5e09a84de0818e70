import { describe, expect, it } from 'vitest';
import { ReplacementBackOff } from './back-off.ts';

const repeat = (count: number, one: () => number | undefined) => Array.from({ length: count }, one);

describe('a worker that dies', () => {
  it('is replaced at once when it lived long, however often', () => {
    const backOff = new ReplacementBackOff();
    expect(repeat(20, () => backOff.died(60_000, true))).toEqual(Array(20).fill(0));
  });

  it('is replaced at once when it is the first to die young, then later and later', () => {
    const backOff = new ReplacementBackOff();
    const waits = repeat(10, () => {
      backOff.started();
      return backOff.died(50, true);
    });
    expect(waits).toEqual([0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
  });

  it('is replaced at once again after one that lived long', () => {
    const backOff = new ReplacementBackOff();
    const waits = [backOff.died(50, true), backOff.died(50, true), backOff.died(20_000, true)];
    expect([...waits, backOff.died(50, true)]).toEqual([0, 100, 0, 0]);
  });

  it('is not replaced when five in a row never became ready', () => {
    const backOff = new ReplacementBackOff();
    expect(repeat(5, () => backOff.died(50, false))).toEqual([0, 100, 200, 400, undefined]);
  });

  it('counts those that never became ready anew once one did', () => {
    const backOff = new ReplacementBackOff();
    repeat(4, () => backOff.died(50, false));
    backOff.started();
    expect(backOff.died(50, false)).not.toBeUndefined();
  });
});
