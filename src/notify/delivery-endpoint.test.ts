import { describe, expect, it } from 'vitest';
import { EndpointHealth } from './delivery-endpoint.ts';
import { deliveryTimes } from './delivery-times.ts';

const minuteMs = 60_000;
const [quick, slow, late] = [2999, 3000, 10_000];
const healthOf = (firstMs?: number) => new EndpointHealth(deliveryTimes(firstMs));

describe('an endpoint', () => {
  it.each([
    [99, 99, 0, 'good'],
    [100, 10, 0, 'good'],
    [100, 11, 0, 'slow'],
    [100, 100, 0, 'slow'],
    [100, 0, 15, 'slow'],
    [100, 0, 16, 'drop'],
    [100, 84, 16, 'drop'],
    [1000, 100, 0, 'good'],
    [1000, 51, 50, 'slow'],
  ])('of %i notifications of which %i were slow and %i late is %s', (count, slowOnes, lateOnes, state) => {
    const health = healthOf();
    health.record(0, count - slowOnes - lateOnes, quick);
    if (slowOnes > 0) health.record(1000, slowOnes, slow);
    if (lateOnes > 0) health.record(1500, lateOnes, late);
    expect(health.state(2000)).toBe(state);
  });

  it.each([
    [30_000, 29_999, 'good'],
    [30_000, 30_000, 'drop'],
    [5000, 5000, 'slow'],
    [5000, 10_000, 'drop'],
    [1000, 1000, 'slow'],
  ])('that may take %i ms and takes %i is %s', (firstMs, tookMs, state) => {
    const health = healthOf(firstMs);
    health.record(0, 100, tookMs);
    expect(health.state(0)).toBe(state);
  });

  it('is judged by the last ten minutes', () => {
    const health = healthOf();
    health.record(0, 1000, quick);
    health.record(5 * minuteMs, 100, slow);
    expect(health.state(9 * minuteMs)).toBe('good');
    health.record(10 * minuteMs, 1, quick);
    expect(health.state(10 * minuteMs)).toBe('slow');
  });

  it.each([
    ['slow', slow],
    ['drop', late],
  ])('is %s for ten minutes, then probed: a few answers decide', (state, tookMs) => {
    const health = healthOf();
    health.record(0, 100, tookMs);
    for (let minute = 1; minute < 10; minute++) {
      // As it answers what is retried meanwhile.
      health.record(minute * minuteMs, 1000, quick);
      expect(health.state(minute * minuteMs)).toBe(state);
    }
    expect(health.state(10 * minuteMs - 1)).toBe(state);
    expect(health.state(10 * minuteMs)).toBe('probe');
    expect(health.isProbedForDrop(10 * minuteMs)).toBe(state === 'drop');
    health.record(12 * minuteMs, 1, tookMs);
    expect([health.state(12 * minuteMs), health.state(22 * minuteMs - 1)]).toEqual([state, state]);
    health.record(22 * minuteMs, 10, quick);
    expect(health.state(22 * minuteMs)).toBe('good');
  });

  it('that is slow is dropped once its retries are late', () => {
    const health = healthOf();
    health.record(0, 100, slow);
    health.record(minuteMs, 17, late);
    expect(health.state(minuteMs)).toBe('slow');
    health.record(minuteMs, 1, late);
    expect([health.state(minuteMs), health.state(11 * minuteMs - 1)]).toEqual(['drop', 'drop']);
    // Then quick enough to be sent to, and still slow.
    health.record(11 * minuteMs, 1, slow);
    expect(health.state(11 * minuteMs)).toBe('slow');
  });

  it('is forgotten ten minutes after the last answer, and after its penalty', () => {
    const good = healthOf();
    good.record(0, 100, quick);
    expect([good.isForgotten(10 * minuteMs - 1), good.isForgotten(10 * minuteMs)]).toEqual([false, true]);
    const dropped = healthOf();
    dropped.record(0, 100, late);
    expect([dropped.isForgotten(20 * minuteMs - 1), dropped.isForgotten(20 * minuteMs)]).toEqual([
      false,
      true,
    ]);
  });
});
