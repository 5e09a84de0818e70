import { describe, expect, it } from 'vitest';
import { EndpointHealth } from './delivery-endpoint.ts';

const minuteMs = 60_000;

describe('an endpoint', () => {
  it.each([
    [99, 99, 'good'],
    [100, 10, 'good'],
    [100, 11, 'slow'],
    [100, 15, 'slow'],
    [100, 16, 'drop'],
    [1000, 100, 'good'],
    [1000, 101, 'slow'],
  ])('of %i notifications of which %i were late is %s', (count, late, state) => {
    const health = new EndpointHealth();
    health.record(0, count - late, false);
    health.record(1000, late, true);
    expect(health.state(2000)).toBe(state);
  });

  it('is judged by the last ten minutes', () => {
    const health = new EndpointHealth();
    health.record(0, 100, false);
    health.record(5 * minuteMs, 12, true);
    expect(health.state(9 * minuteMs)).toBe('slow');
    health.record(9 * minuteMs, 200, false);
    expect(health.state(9 * minuteMs)).toBe('good');
    expect(health.isForgotten(19 * minuteMs - 1)).toBe(false);
    expect(health.isForgotten(19 * minuteMs)).toBe(true);
  });

  it('is dropped for ten minutes at most, however late its answers go on being', () => {
    const health = new EndpointHealth();
    health.record(0, 100, true);
    expect(health.state(0)).toBe('drop');
    for (let minute = 1; minute < 10; minute++) {
      health.record(minute * minuteMs, 100, true);
      expect(health.state(minute * minuteMs)).toBe('drop');
    }
    expect(health.state(10 * minuteMs)).toBe('good');
  });
});
