import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Clock, createMovableClock } from '../../base/clock.ts';
import type { LimitedRequest } from '../../contract/throttling-limits.ts';
import { RateLimiter, sharedWindow } from './rate-limiter.ts';

const never = new AbortController().signal;

/** A budget of which nothing is remembered, but by the process itself. */
const unsaved = { scale: 1, check: () => undefined, save: () => undefined };
const nothingSpent = { text: undefined, interrupted: [] };

/** Opens budgets one after another, as processes of which each goes on where the one before it was killed. */
function processes(clock: Clock) {
  let text: string | undefined;
  return (interrupted: readonly string[]) =>
    RateLimiter.open(
      { ...unsaved, clock, shared: sharedWindow(1), save: (saved) => void (text = saved) },
      { text, interrupted },
    );
}

/** The limits as Microsoft documents them: requests of a key in any span. */
function limitsOf(request: LimitedRequest): [key: string, requests: number, spanMs: number][] {
  switch (request.of) {
    case 'record':
      return [
        ['app', 1500, 20_000],
        [`record ${request.callId}`, 40, 20_000],
      ];
    case 'list':
      return [
        ['app', 1500, 20_000],
        ['list', 40, 20_000],
      ];
    case 'log':
      return [
        ['logs', 200, 60_000],
        [`log ${request.name}`, 50, 60_000],
      ];
    case 'other':
      return [['app', 1500, 20_000]];
  }
}

const anyLog = fc.record({
  of: fc.constant('log' as const),
  name: fc.constantFrom('one', 'two', 'three', 'four', 'five'),
});
const anyRequest: fc.Arbitrary<LimitedRequest> = fc.oneof(
  fc.record({ of: fc.constant('record' as const), callId: fc.constantFrom('a', 'b') }),
  fc.record({ of: fc.constant('list' as const) }),
  anyLog,
  fc.record({ of: fc.constant('other' as const) }),
);
/** Mostly of one kind: else the narrowest limit alone is ever reached. */
const requestsOfAKind = fc
  .oneof(anyRequest, fc.constant('logs' as const))
  .chain((kind) =>
    fc.array(
      fc.tuple(
        fc.oneof(
          { weight: 30, arbitrary: kind === 'logs' ? anyLog : fc.constant(kind) },
          { weight: 1, arbitrary: anyRequest },
        ),
        fc.nat(200),
        fc.boolean(),
      ),
      { minLength: 1, maxLength: 300, size: 'max' },
    ),
  );

it('admits no request beyond any limit in any span, also when the process is killed and started again', async () => {
  await fc.assert(
    fc.asyncProperty(requestsOfAKind, fc.nat(300), async (requests, killAt) => {
      const clock = createMovableClock(new Date(0));
      const seen: { request: LimitedRequest; ms: number }[] = [];
      const open = processes(clock);
      let budget = await open([]);
      for (const [i, [request, gapMs, ends]] of requests.entries()) {
        clock.advance(gapMs);
        if (i === killAt) budget = await open(['a', 'b']);
        const admitted = budget.admit(request, never).then((end) => {
          seen.push({ request, ms: clock.now().getTime() });
          if (ends) end();
          else void clock.sleep(500).then(end);
        });
        for (let turn = 0; seen.length <= i; turn++) {
          await Promise.resolve();
          if (turn % 20 === 19) clock.advance(clock.waiting().nextMs ?? 1);
        }
        await admitted;
      }
      for (const { request, ms } of seen) {
        for (const [key, limit, spanMs] of limitsOf(request)) {
          const inSpan = seen.filter(
            (one) =>
              one.ms >= ms && one.ms <= ms + spanMs && limitsOf(one.request).some(([other]) => other === key),
          );
          expect(inSpan.length).toBeLessThanOrEqual(limit);
        }
      }
    }),
    { numRuns: 40 },
  );
});

it('tells how long a request waited, and of none that did not', async () => {
  const clock = createMovableClock(new Date(0));
  const waited: number[] = [];
  const budget = await RateLimiter.open(
    { ...unsaved, clock, shared: sharedWindow(1), onWaited: (ms) => waited.push(ms) },
    nothingSpent,
  );
  for (let i = 0; i < 40; i++) (await budget.admit({ of: 'list' }, never))();
  expect(waited).toEqual([]);
  const last = budget.admit({ of: 'list' }, never);
  await Promise.resolve();
  clock.advance(20_001);
  (await last)();
  expect(waited).toEqual([20_001]);
});

it('is shared by all tenants of an application', async () => {
  const clock = createMovableClock(new Date(0));
  const shared = sharedWindow(1);
  const open = () => RateLimiter.open({ ...unsaved, clock, shared }, nothingSpent);
  for (let tenant = 0; tenant < 10; tenant++) {
    const budget = await open();
    for (let i = 0; i < 1500; i++) (await budget.admit({ of: 'other' }, never))();
  }
  expect((await open()).waitMs({ of: 'other' })).toBe(20_001);
});

it('sends nothing for a process that does not hold the lease any more, also when it ended while that was written', async () => {
  const clock = createMovableClock(new Date(0));
  let isHeld = true;
  const check = () => {
    if (!isHeld) throw new Error('lost');
  };
  let endsWhileWriting = false;
  const save = async () => {
    await Promise.resolve();
    if (endsWhileWriting) isHeld = false;
  };
  const options = { ...unsaved, clock, check, save, shared: sharedWindow(1) };
  const budget = await RateLimiter.open(options, nothingSpent);
  endsWhileWriting = true;
  await expect(budget.admit({ of: 'other' }, never)).rejects.toThrow('lost');
  isHeld = true;
  (await budget.admit({ of: 'other' }, never))();
  isHeld = false;
  await expect(budget.admit({ of: 'other' }, never)).rejects.toThrow('lost');
});

describe('a budget that was saved by', () => {
  const none = { underWay: 0, answered: [] };
  const share = (underWay: number, firsts: number, laters: number) => ({
    app: { underWay: underWay + 128, answered: [[95_000, firsts + laters]] },
    lists: [
      { underWay, answered: [[95_000, firsts]] },
      {
        underWay: 0,
        answered: [
          [95_000, laters],
          [50_000, 30],
        ],
      },
    ],
    records: [
      [
        'a',
        { underWay: 0, answered: [[95_000, 6]] },
        {
          underWay: 0,
          answered: [
            [95_000, 34],
            [10_000, 9],
          ],
        },
      ],
      ['b', none, { underWay: 4, answered: [[10_000, 46]] }],
    ],
  });

  it.each([
    ['an earlier release', share(1, 14, 25)],
    [
      'each process of an earlier release',
      {
        shares: [
          ['one', share(1, 4, 15)],
          ['two', share(0, 10, 10)],
        ],
      },
    ],
  ])('%s counts what that sent', async (_, saved) => {
    const clock = createMovableClock(new Date(100_000));
    const options = { ...unsaved, clock, shared: sharedWindow(1) };
    const budget = await RateLimiter.open(options, { text: JSON.stringify(saved), interrupted: [] });
    const waitMs = () => [
      budget.waitMs({ of: 'list' }),
      budget.waitMs({ of: 'record', callId: 'a' }),
      budget.waitMs({ of: 'record', callId: 'b' }),
      budget.waitMs({ of: 'log', name: 'getPstnCalls' }),
    ];
    expect(waitMs()).toEqual([15_001, 15_001, 0, 0]);
    clock.advance(15_001);
    expect(waitMs()).toEqual([0, 0, 0, 0]);
  });

  it('a later release, with limits that this one does not know, opens', async () => {
    const clock = createMovableClock(new Date(0));
    const text = JSON.stringify({
      allowance: 1500,
      windows: [['unknown', null, { underWay: 3, answered: [] }]],
    });
    const options = { ...unsaved, clock, shared: sharedWindow(1) };
    const budget = await RateLimiter.open(options, { text, interrupted: [] });
    expect(budget.waitMs({ of: 'list' })).toBe(20_001);
  });
});

it('resumes at once a call that a killed process was fetching, and counts the requests of that process', async () => {
  const clock = createMovableClock(new Date(0));
  const open = processes(clock);
  const request = { of: 'record', callId: 'a' } as const;
  const killed = await open([]);
  for (let page = 0; page < 22; page++) (await killed.admit(request, never))();
  const next = await open(['a', 'never written']);
  for (const callId of ['a', 'never written']) expect(next.waitMs({ ...request, callId })).toBe(0);
  // What is known, what may be, and what is left of 40.
  let sent = 22;
  for (; next.waitMs(request) === 0; sent++) (await next.admit(request, never))();
  expect(sent).toBeLessThanOrEqual(40);
  expect(sent).toBeGreaterThanOrEqual(40 - 2 * 4);
});

it('counts every spelling of the id of a call together', async () => {
  const clock = createMovableClock(new Date(0));
  const budget = await RateLimiter.open({ ...unsaved, clock, shared: sharedWindow(1) }, nothingSpent);
  const callId = '27b1ed36-0000-4000-8000-00000000000a';
  for (let i = 0; i < 40; i++) (await budget.admit({ of: 'record', callId }, never))();
  expect(budget.waitMs({ of: 'record', callId: callId.toUpperCase() })).toBe(20_001);
});
