import { describe, expect, it } from 'vitest';
import { isRoomy } from './gc-tuning.ts';

const gigabyte = 2 ** 30;

describe('a machine', () => {
  it.each([
    [1, 1, true],
    [8, 8, true],
    [24, 2, true],
    [0.5, 1, false],
    [1, 2, false],
    [7.9, 8, false],
  ])('of %d GiB and %d cores has memory enough for buffers to wait: %s', (memory, cores, expected) => {
    expect(isRoomy(memory * gigabyte, cores)).toBe(expected);
  });
});
