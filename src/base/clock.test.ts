import { describe, expect, it } from 'vitest';
import { createMovableClock, systemClock } from './clock.ts';

const start = new Date('2026-03-02T10:00:00Z');

describe('a movable clock', () => {
  it('stands still until it is moved', () => {
    const clock = createMovableClock(start);
    expect(clock.now()).toEqual(start);
    clock.advance(90_000);
    expect(clock.now()).toEqual(new Date('2026-03-02T10:01:30Z'));
  });

  it('resolves the sleeps that are due, in order, and no others', async () => {
    const clock = createMovableClock(start);
    const woken: string[] = [];
    const sleeps = [
      clock.sleep(2000).then(() => woken.push('second')),
      clock.sleep(1000).then(() => woken.push('first')),
      clock.sleep(2001).then(() => woken.push('third')),
    ];
    expect(clock.waiting()).toEqual({ count: 3, nextMs: 1000 });
    clock.advance(2000);
    await Promise.all(sleeps.slice(0, 2));
    expect([woken, clock.waiting()]).toEqual([['first', 'second'], { count: 1, nextMs: 1 }]);
    clock.advance(1);
    await sleeps[2];
    expect(woken).toEqual(['first', 'second', 'third']);
  });

  it('resolves an aborted sleep, and no longer counts it as pending', async () => {
    const clock = createMovableClock(start);
    const stop = new AbortController();
    const sleep = clock.sleep(1000, stop.signal);
    stop.abort();
    await sleep;
    await clock.sleep(1000, stop.signal);
    expect(clock.waiting().count).toBe(0);
  });

  it('is not moved back', () => {
    expect(() => createMovableClock(start).advance(-1)).toThrow(RangeError);
  });

  it('moves with the clock that runs it', async () => {
    const running = createMovableClock(new Date(0));
    const clock = createMovableClock(start, running);
    const sleep = clock.sleep(500);
    running.advance(400);
    expect(clock.now()).toEqual(new Date('2026-03-02T10:00:00.400Z'));
    clock.advance(100);
    await sleep;
    const another = clock.sleep(500);
    running.advance(500);
    await another;
    expect(clock.now()).toEqual(new Date('2026-03-02T10:00:01Z'));
  });
});

describe('the clock of the system', () => {
  it('resolves an aborted sleep', async () => {
    const stop = new AbortController();
    const sleep = systemClock.sleep(3_600_000, stop.signal);
    stop.abort();
    await sleep;
    await systemClock.sleep(3_600_000, stop.signal);
    expect(stop.signal.aborted).toBe(true);
  });

  it('resolves a sleep that has ended', async () => {
    const before = systemClock.now().getTime();
    await systemClock.sleep(1);
    expect(systemClock.now().getTime()).toBeGreaterThanOrEqual(before);
  });
});
