import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createMovableClock } from '../clock.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { type CallRecordStore, StoreError } from '../store/store.ts';
import { Claimant } from './claimant.ts';

const never = new AbortController().signal;
const part = { steadily: async <T>(ask: () => T | Promise<T>) => ask(), signal: never };

let clock: ReturnType<typeof createMovableClock>;
let store: CallRecordStore;
let one: Claimant;
let other: Claimant;
beforeEach(async () => {
  clock = createMovableClock(new Date('2026-11-02T12:00:00Z'));
  store = openSqliteStore(':memory:', { clock });
  [one, other] = [new Claimant(store, clock), new Claimant(store, clock)];
  await one.enter();
  await other.enter();
});
afterEach(async () => {
  await one.leave();
  await other.leave();
});

/** Time passes, and what waits for it is done. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1000) {
    clock.advance(Math.min(left, 1000));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it('knows who else lives, and hears of those who come and go', async () => {
  expect([other.others, other.isLive(one.name), one.isLive(one.name)]).toEqual([1, true, true]);
  const { changed } = one;
  expect(one.others).toBe(0); // it came first
  await pass(5000);
  expect([changed.aborted, one.others]).toEqual([true, 1]);
  await other.leave();
  await pass(5000);
  expect(one.others).toBe(0);
  await other.enter();
});

it('counts how often it was late to renew', async () => {
  await pass(60_000);
  expect([one.lapses, one.isHeld]).toEqual([0, true]);
  clock.advance(20_000); // as a machine that slept
  await pass(1);
  expect([one.lapses, one.isHeld]).toEqual([1, true]);
});

it('does not hold while the store does not answer, and holds again afterwards', async () => {
  const attend = vi.spyOn(store.upstream, 'attend').mockImplementation(() => {
    throw new StoreError('The disk is full.');
  });
  await pass(20_000);
  expect(one.isHeld).toBe(false);
  attend.mockRestore();
  const held = one.held(never);
  await pass(5000);
  await held;
  expect([one.isHeld, one.lapses]).toEqual([true, 1]);
});

it('does a part alone, until it is done or its process is gone', async () => {
  const done: string[] = [];
  const finished = Promise.withResolvers<undefined>();
  const first = one.alone('t', 'list', part, async () => {
    await finished.promise;
    done.push('first');
  });
  const second = other.alone('t', 'list', part, () => Promise.resolve(void done.push('second')));
  await pass(3000);
  expect(done).toEqual([]);
  finished.resolve(undefined);
  await first;
  await pass(1000);
  await second;
  expect(done).toEqual(['first', 'second']);
});

it('ends at once the claim of a process that is dead on this machine, not that of one elsewhere', async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  const dead = one.name.replace(` ${process.pid} `, ` ${child.pid!} `);
  await once(child, 'exit');
  const elsewhere = dead.replace(/^\S+/, 'another-machine');
  const nowMs = clock.now().getTime();
  for (const name of [dead, elsewhere]) await store.upstream.attend(name, nowMs, nowMs + 14_000);
  await pass(5000);
  const { changed } = one;
  await store.upstream.attend(dead, nowMs, nowMs + 14_000);
  await pass(5000);
  expect(changed.aborted).toBe(process.platform === 'linux'); // one came and died since
  expect([one.isLive(dead), one.isLive(elsewhere)]).toEqual([process.platform !== 'linux', true]);
  await pass(5000);
  expect(one.isLive(elsewhere)).toBe(false);
});
