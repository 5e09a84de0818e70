import { describe, expect, it } from 'vitest';
import { createMovableClock } from '../clock.ts';
import { Fault } from '../faults.ts';
import { edms } from '../model/edm.ts';
import { parsePath } from '../odata/path.ts';
import { resolveTarget } from '../plan/target.ts';
import { createThrottle } from './throttle.ts';

const calls = 'communications/callRecords';
const targetOf = (path: string) => resolveTarget(parsePath(path), edms['v1.0']);
const list = targetOf(calls);
const logs = targetOf(`${calls}/getPstnCalls(fromDateTime=2026-11-01,toDateTime=2026-11-02)`);
const record = (id: string, rest = '') => targetOf(`${calls}/${id}${rest}`);
const caller = (appId: string, tenantId: string) => ({
  appId,
  principalId: appId,
  tenantId,
  roles: [],
  delegated: false,
});

/** A throttle and its clock; `wait` is what a request is told, 0 when it is let through. */
function simulated(scale = 1) {
  const clock = createMovableClock(new Date('2026-11-25T12:00:00Z'));
  const throttle = createThrottle(scale, clock.now);
  const wait = (target = logs, { app = 'app', tenant = 'tenant', later = false } = {}): number => {
    try {
      throttle(caller(app, tenant), target, later);
      return 0;
    } catch (error) {
      if (!(error instanceof Fault) || error.fault !== 'tooManyRequests') throw error;
      return error.retryAfterSeconds!;
    }
  };
  return { clock, wait };
}

/** How many of a row of requests are let through before the first that is not. */
function letThrough(one: (i: number) => number): number {
  for (let i = 0; ; i++) if (one(i) > 0) return i;
}

describe("each of Graph's limits", () => {
  it('lets an app make 15,000 requests in 20 s over all tenants', () => {
    const { wait } = simulated();
    expect(letThrough((i) => wait(logs, { tenant: `tenant ${i % 100}` }))).toBe(15_000);
    expect(wait(logs, { tenant: 'tenant 0', app: 'other' })).toBe(0);
  });

  it('lets a tenant be asked 10,000 times in 20 s by all apps', () => {
    const { wait } = simulated();
    expect(letThrough((i) => wait(logs, { app: `app ${i % 100}` }))).toBe(10_000);
    expect(wait(logs, { app: 'app 0', tenant: 'other' })).toBe(0);
  });

  it('lets an app ask one tenant 1,500 times in 20 s', () => {
    const { wait } = simulated();
    expect(letThrough(() => wait())).toBe(1500);
    expect([wait(logs, { app: 'other' }), wait(logs, { tenant: 'other' })]).toEqual([0, 0]);
  });

  it.each([
    ['a record', record('one'), false, 10, 20],
    ['the later pages of a record', record('one', '/sessions'), true, 50, 300],
    ['the list of calls', list, false, 15, 20],
    ['the later pages of the list of calls', list, true, 55, 300],
  ])('of %s', (_name, target, later, requests, seconds) => {
    const { clock, wait } = simulated();
    expect(letThrough(() => wait(target, { later }))).toBe(requests);
    expect(wait(target, { later })).toBe(seconds);
    clock.advance((seconds - 1) * 1000);
    expect(wait(target, { later })).toBe(1);
    clock.advance(1000);
    expect(letThrough(() => wait(target, { later }))).toBe(requests);
  });

  it.each([
    ['app over all tenants', (i: number) => ({ tenant: `tenant ${i % 100}` })],
    ['tenant over all apps', (i: number) => ({ app: `app ${i % 100}` })],
    ['app and tenant', () => ({})],
  ])('by %s begins anew after 20 s', (_name, who) => {
    const { clock, wait } = simulated();
    const first = letThrough((i) => wait(logs, who(i)));
    clock.advance(19_999);
    expect(wait(logs, who(0))).toBe(0.001);
    clock.advance(1);
    expect(letThrough((i) => wait(logs, who(i)))).toBe(first);
  });
});

describe('what is counted together', () => {
  it('is whatever is asked of one record, by any app, and nothing of another', () => {
    const { wait } = simulated();
    const parts = [
      '',
      '/sessions',
      '/participants_v2',
      '/organizer_v2',
      '/sessions/s/segments',
      '/sessions/$count',
    ];
    expect(letThrough((i) => wait(record('one', parts[i % parts.length]), { app: `app ${i}` }))).toBe(10);
    expect([wait(record('two')), wait(record('one'), { tenant: 'other' }), wait(list)]).toEqual([0, 0, 0]);
  });

  it('is not the first page and the later ones', () => {
    const { wait } = simulated();
    letThrough(() => wait(list));
    letThrough(() => wait(record('one')));
    expect([wait(list, { later: true }), wait(record('one'), { later: true })]).toEqual([0, 0]);
  });

  it('is no request that was refused', () => {
    const { wait } = simulated();
    letThrough(() => wait(record('one')));
    for (let i = 0; i < 2000; i++) wait(record('one'));
    expect(letThrough(() => wait())).toBe(1490);
  });
});

describe('a scale', () => {
  it('shortens the spans and leaves the numbers', () => {
    const { clock, wait } = simulated(0.05);
    expect(letThrough(() => wait(list))).toBe(15);
    expect(wait(list)).toBe(1);
    clock.advance(250);
    expect(wait(list)).toBe(0.75);
    clock.advance(750);
    expect(wait(list)).toBe(0);
    expect(letThrough(() => wait(list, { later: true }))).toBe(55);
    expect(wait(list, { later: true })).toBe(15);
  });
});
