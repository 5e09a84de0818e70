import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { backgroundFailures, runRepeatedly } from './background.ts';
import { startCatchingUp } from '../store/catch-up.ts';
import type { SearchStore } from '../store/search.ts';

/** Returns a clock on which every sleep ends at once and is recorded. */
function hastyClock() {
  const waits: number[] = [];
  return {
    waits,
    sleep(ms: number) {
      waits.push(ms);
      return Promise.resolve();
    },
  };
}

/** Returns work with these results; an error makes the run fail. */
function turnsOf(results: readonly (number | undefined | Error)[]) {
  const left = [...results];
  return () => {
    const next = left.shift();
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  };
}

const away = new Error('away');

describe('work in the background', () => {
  it('continues after failures with backoff, and reports an outage once', async () => {
    const clock = hastyClock();
    const before = backgroundFailures().get('retention')!;
    const told: unknown[] = [];
    await runRepeatedly({
      task: 'retention',
      clock,
      signal: new AbortController().signal,
      work: turnsOf([away, away, away, away, 500, away, undefined]),
      longestMs: 5000,
      onError: (error) => told.push(error),
    });
    expect(clock.waits).toEqual([1000, 2000, 4000, 5000, 500, 1000]);
    expect(told).toEqual([away, away]);
    expect(backgroundFailures().get('retention')! - before).toBe(5);
  });

  it('ends when it is aborted, and does not count a run that fails because of that', async () => {
    const ending = new AbortController();
    const told: unknown[] = [];
    const before = backgroundFailures().get('retention')!;
    await runRepeatedly({
      task: 'retention',
      clock: hastyClock(),
      signal: ending.signal,
      work() {
        ending.abort();
        return Promise.reject(away);
      },
      onError: (error) => told.push(error),
    });
    expect([told, backgroundFailures().get('retention')! - before]).toEqual([[], 0]);
  });

  it('runs early when its signal fires', async () => {
    let turns = 0;
    const waking = new AbortController();
    const running = runRepeatedly({
      task: 'retention',
      clock: {
        async sleep(_ms, signal) {
          if (signal?.aborted === false) await once(signal, 'abort');
        },
      },
      signal: new AbortController().signal,
      woken: () => waking.signal,
      work: () => Promise.resolve(++turns === 1 ? 1e9 : undefined),
      onError: () => undefined,
    });
    waking.abort();
    await running;
    expect(turns).toBe(2);
  });
});

describe('the search index', () => {
  it('is completed although the store fails for a while', async () => {
    const left = [away, away, 50, away, 50, 3, 0];
    const clock = hastyClock();
    const told: unknown[] = [];
    const search = {
      catchUp() {
        const next = left.shift()!;
        if (next instanceof Error) throw next;
        return next;
      },
    } as Partial<SearchStore> as SearchStore; // the test uses nothing else
    await startCatchingUp(search, (error) => told.push(error), { clock }).finished;
    expect([left, told, clock.waits]).toEqual([[], [away, away], [1000, 2000, 1000]]);
  });
});
