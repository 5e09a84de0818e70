import { expect, it } from 'vitest';
import { CallsAtOnce } from './calls-at-once.ts';

const mebibyte = 2 ** 20;

/** Returns the batch sizes after each batch. */
function counts(...had: readonly (readonly [calls: number, bytes: number])[]): number[] {
  const atOnce = new CallsAtOnce();
  return [atOnce.count, ...had.map((one) => (atOnce.had(...one), atOnce.count))];
}

it('processes larger batches step by step when calls are small or stored already', () => {
  expect(counts([4, 4000], [8, 0], [16, 16_000], [32, 32_000])).toEqual([4, 8, 16, 32, 32]);
});

it('processes large calls up to a mebibyte together, and a larger one alone', () => {
  expect(counts([4, mebibyte], [4, 2 * mebibyte], [2, 40 * mebibyte])).toEqual([4, 4, 2, 1]);
});

it('processes larger batches again when the next calls are small', () => {
  expect(counts([4, 8 * mebibyte], [1, 1000], [2, 2000], [4, 4000])).toEqual([4, 1, 2, 4, 8]);
});
