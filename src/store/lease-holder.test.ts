import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeEach, expect, it, vi } from 'vitest';
import { LeaseHolder, LeaseLost } from './lease-holder.ts';
import { decideLease, type Lease, type LeaseStore } from './leases.ts';
import { StoreError } from './store-errors.ts';

let nowMs: number;
let held: Lease | undefined;
let leases: LeaseStore;
beforeEach(() => {
  nowMs = 1_000_000;
  held = undefined;
  leases = {
    acquire: (_, request) => (held = decideLease(held, request)),
    release(_, holder) {
      if (held?.holder === holder) held = undefined;
    },
  };
});

const newHolder = () =>
  new LeaseHolder({
    ...{ store: { leases }, name: 'work', forMs: 1000, renewMs: 300 },
    clock: { now: () => new Date(nowMs) },
  });

it('keeps a lease that it renews, until it releases it to another holder', async () => {
  const [one, other] = [newHolder(), newHolder()];
  expect([await one.acquire(), await other.acquire()]).toEqual([true, false]);
  for (let i = 0; i < 5; i++) {
    nowMs += 900;
    expect([await one.acquire(), await other.acquire()]).toEqual([true, false]);
  }
  await one.release();
  expect([one.isHeld, await other.acquire(), await one.acquire()]).toEqual([false, true, false]);
});

it('does not hold a lease that has ended, even before it queries the store', async () => {
  const [one, other] = [newHolder(), newHolder()];
  await one.acquire();
  nowMs += 999;
  expect([one.isHeld, () => one.check()]).toEqual([true, expect.any(Function)]);
  one.check();
  nowMs += 1;
  expect(one.isHeld).toBe(false);
  expect(() => one.check()).toThrow(LeaseLost);
  expect([await other.acquire(), await one.acquire(), one.isHeld]).toEqual([true, false, false]);
});

it('does not hold a lease that a clock made which was set back since', async () => {
  const [one, other] = [newHolder(), newHolder()];
  await one.acquire();
  nowMs -= 3600_000;
  expect([one.isHeld, await other.acquire(), await one.acquire()]).toEqual([false, true, false]);
});

it('does not hold a lease that the store granted too late', async () => {
  const quick = leases;
  leases = {
    ...quick,
    async acquire(...asked) {
      const lease = await quick.acquire(...asked);
      nowMs += 1000;
      return lease;
    },
  };
  const slow = newHolder();
  expect([await slow.acquire(), slow.isHeld]).toEqual([false, false]);
});

it('does not renew a lease that has ended, even if no other holder had it', async () => {
  const one = newHolder();
  await one.acquire();
  nowMs += 900;
  expect(await one.renew()).toBe(true);
  nowMs += 1000;
  expect([await one.renew(), await one.acquire()]).toEqual([false, true]);
  const quick = leases;
  leases = {
    ...quick,
    acquire(...asked) {
      nowMs += 200;
      return quick.acquire(...asked);
    },
  };
  const slow = newHolder();
  await one.release();
  await slow.acquire();
  nowMs += 500;
  expect(await slow.renew()).toBe(true);
  nowMs += 700; // and 200 since it was renewed: the lease ends while the store is queried
  expect(await slow.renew()).toBe(false);
});

it('queries the store again only when the lease is due for renewal', async () => {
  const asked = vi.spyOn(leases, 'acquire');
  const one = newHolder();
  for (let i = 0; i < 4; i++) {
    expect(await one.ensure()).toBe(true);
    nowMs += 100;
  }
  expect(asked).toHaveBeenCalledTimes(2);
});

it('releases only its own lease, also when the store does not answer', async () => {
  const one = newHolder();
  const release = vi.spyOn(leases, 'release').mockImplementation(() => {
    throw new StoreError('The disk is full.');
  });
  await one.release();
  expect(release).not.toHaveBeenCalled();
  await one.acquire();
  await one.release();
  expect([release.mock.calls.length, one.isHeld]).toEqual([1, false]);
});

it('takes over the lease of an ended process on this machine at once, but not on another machine', async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await newHolder().acquire();
  const dead = held!.holder.replace(` ${process.pid} `, ` ${child.pid!} `);
  await once(child, 'exit');
  held = { holder: dead.replace(/^\S+/, 'another-machine'), untilMs: nowMs + 900 };
  expect(await newHolder().acquire()).toBe(false);
  held = { holder: dead, untilMs: nowMs + 900 };
  // Without a namespace, process numbers of two systems cannot be distinguished.
  expect(await newHolder().acquire()).toBe(process.platform === 'linux');
});
