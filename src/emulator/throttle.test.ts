import { describe, expect, it } from 'vitest';
import { createMovableClock } from '../base/clock.ts';
import { Fault } from '../contract/faults.ts';
import { edms } from '../contract/edm.ts';
import { parsePath } from '../query/odata/path.ts';
import { resolveTarget, type Target } from '../query/plan/target.ts';
import { createThrottle } from './throttle.ts';

const calls = 'communications/callRecords';
const targetOf = (path: string) => resolveTarget(parsePath(path), edms.beta);
const list = targetOf(calls);
const log = (name: string) => targetOf(`${calls}/${name}(fromDateTime=2026-11-01,toDateTime=2026-11-02)`);
const logs = [
  'getPstnCalls',
  'getDirectRoutingCalls',
  'getSmsLog',
  'getPstnBlockedUsersLog',
  'getPstnOnlineMeetingDialoutReport',
];
/** A record of its own for each request: no narrow limit is reached. */
const other = (i: number) => record(`call ${i}`);
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
  const wait = (target: Target, { app = 'app', tenant = 'tenant' } = {}): number => {
    try {
      throttle(caller(app, tenant), target);
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
  it.each([
    ['an app 15,000 times in all tenants', (i: number) => ({ tenant: `tenant ${i % 100}` }), 15_000],
    ['a tenant 10,000 times by all apps', (i: number) => ({ app: `app ${i % 100}` }), 10_000],
    ['an app 1,500 times in one tenant', () => ({}), 1500],
  ])('on calls admits %s in 20 s', (_name, who, requests) => {
    const { clock, wait } = simulated();
    expect(letThrough((i) => wait(other(i), who(i)))).toBe(requests);
    expect(wait(other(0), { app: 'elsewhere', tenant: 'elsewhere' })).toBe(0);
    clock.advance(19_999);
    expect(wait(other(0), who(0))).toBe(0.001);
    clock.advance(1);
    expect(letThrough((i) => wait(other(i), who(i)))).toBe(requests);
  });

  it.each([
    ['a record', record('one'), 40, 20],
    ['the sessions of a record', record('one', '/sessions'), 40, 20],
    ['the list of calls', list, 40, 20],
    ['a log', log('getSmsLog'), 50, 60],
  ])('of %s', (_name, target, requests, seconds) => {
    const { clock, wait } = simulated();
    expect(letThrough(() => wait(target))).toBe(requests);
    expect(wait(target)).toBe(seconds);
    clock.advance((seconds - 1) * 1000);
    expect(wait(target)).toBe(1);
    clock.advance(1000);
    expect(letThrough(() => wait(target))).toBe(requests);
  });

  it.each([
    ['an app 200 times in one tenant', () => ({}), 200],
    ['a tenant 1,000 times by all apps', (i: number) => ({ app: `app ${i % 100}` }), 1000],
  ])('on logs admits %s in 60 s', (_name, who, requests) => {
    const { clock, wait } = simulated();
    const ask = (i: number) => wait(log(logs[i % logs.length]!), who(i));
    expect(letThrough(ask)).toBe(requests);
    clock.advance(59_000);
    expect(ask(requests)).toBe(1);
    clock.advance(1000);
    expect(letThrough(ask)).toBe(requests);
  });

  it('knows every log function of the model', () => {
    for (const { name } of edms.beta.functions) {
      const { wait } = simulated();
      expect(letThrough(() => wait(log(name)))).toBe(50);
    }
  });
});

describe('what is counted together', () => {
  it('is whatever is asked of one record, by any app and in any spelling, and nothing of another', () => {
    const { wait } = simulated();
    const id = '27b1ed36-0000-4000-8000-00000000000a';
    const parts = [
      '',
      '/sessions',
      '/participants_v2',
      '/organizer_v2',
      '/sessions/s/segments',
      '/sessions/$count',
    ];
    const one = (i: number) => record(i % 2 === 0 ? id : id.toUpperCase(), parts[i % parts.length]);
    expect(letThrough((i) => wait(one(i), { app: `app ${i}` }))).toBe(40);
    expect([wait(record('two')), wait(one(0), { tenant: 'other' }), wait(list)]).toEqual([0, 0, 0]);
  });

  it('is the list and its count, and neither with the logs', () => {
    const { wait } = simulated();
    expect(letThrough((i) => wait(i % 2 === 0 ? list : targetOf(`${calls}/$count`)))).toBe(40);
    expect(wait(log('getPstnCalls'))).toBe(0);
  });

  it('is no request that was refused', () => {
    const { wait } = simulated();
    letThrough(() => wait(record('one')));
    for (let i = 0; i < 2000; i++) wait(record('one'));
    expect(letThrough((i) => wait(other(i)))).toBe(1460);
  });
});

describe('a scale', () => {
  it('shortens the spans and leaves the numbers', () => {
    const { clock, wait } = simulated(0.05);
    expect(letThrough(() => wait(list))).toBe(40);
    expect(wait(list)).toBe(1);
    clock.advance(250);
    expect(wait(list)).toBe(0.75);
    clock.advance(750);
    expect(wait(list)).toBe(0);
    expect(letThrough(() => wait(log('getSmsLog')))).toBe(50);
    expect(wait(log('getSmsLog'))).toBe(3);
  });
});
