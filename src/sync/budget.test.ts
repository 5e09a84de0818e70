import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Clock, createMovableClock } from '../clock.ts';
import { Budget, type BudgetedRequest, sharedWindow } from './budget.ts';

const never = new AbortController().signal;

/** A budget of which nothing is remembered, but by the process itself. */
const unsaved = { scale: 1, check: () => undefined, save: () => undefined };
const nothingSpent = { text: undefined, interrupted: [] };

/** Opens budgets one after another, as processes of which each goes on where the one before it was killed. */
function processes(clock: Clock) {
  let text: string | undefined;
  return (interrupted: readonly string[]) =>
    Budget.open(
      { ...unsaved, clock, shared: sharedWindow(1), save: (saved) => void (text = saved) },
      { text, interrupted },
    );
}

/** The limits as the contract states them: requests of a key in any span. */
function limitsOf(request: BudgetedRequest): [key: string, requests: number, spanMs: number][] {
  const own: [string, number, number][] = [['app', 1500, 20_000]];
  if (request.of === 'record')
    own.push([
      `${request.callId} ${request.page}`,
      request.page === 'first' ? 10 : 50,
      request.page === 'first' ? 20_000 : 300_000,
    ]);
  if (request.of === 'list')
    own.push([
      `list ${request.page}`,
      request.page === 'first' ? 15 : 55,
      request.page === 'first' ? 20_000 : 300_000,
    ]);
  return own;
}

const page = fc.constantFrom('first' as const, 'later' as const);
const anyRequest: fc.Arbitrary<BudgetedRequest> = fc.oneof(
  fc.record({ of: fc.constant('record' as const), page, callId: fc.constant('a') }),
  fc.record({ of: fc.constant('list' as const), page }),
);
/** Mostly of one kind: else the narrowest limit alone is ever reached. */
const requestsOfAKind = anyRequest.chain((kind) =>
  fc.array(
    fc.tuple(
      fc.oneof({ weight: 30, arbitrary: fc.constant(kind) }, { weight: 1, arbitrary: anyRequest }),
      fc.nat(200),
      fc.boolean(),
    ),
    { minLength: 1, maxLength: 200, size: 'max' },
  ),
);

it('admits no request beyond any limit in any span, also when the process is killed and started again', async () => {
  await fc.assert(
    fc.asyncProperty(requestsOfAKind, fc.nat(200), async (requests, killAt) => {
      const clock = createMovableClock(new Date(0));
      const seen: { request: BudgetedRequest; ms: number }[] = [];
      const open = processes(clock);
      let budget = await open([]);
      for (const [i, [request, gapMs, ends]] of requests.entries()) {
        clock.advance(gapMs);
        if (i === killAt) budget = await open(['a']);
        const admitted = budget.admit(request, never).then((end) => {
          seen.push({ request, ms: clock.now().getTime() });
          if (ends || request.of === 'list') end();
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

it('says how long a request would wait, so that the sooner of two ways can be gone', async () => {
  const clock = createMovableClock(new Date(0));
  const budget = await Budget.open({ ...unsaved, clock, shared: sharedWindow(1) }, nothingSpent);
  for (let i = 0; i < 15; i++) (await budget.admit({ of: 'list', page: 'first' }, never))();
  expect(budget.waitMs({ of: 'list', page: 'first' })).toBe(20_001);
  expect(budget.waitMs({ of: 'list', page: 'later' })).toBe(0);
});

it('tells how long a request waited, and of none that did not', async () => {
  const clock = createMovableClock(new Date(0));
  const waited: number[] = [];
  const budget = await Budget.open(
    { ...unsaved, clock, shared: sharedWindow(1), onWaited: (ms) => waited.push(ms) },
    nothingSpent,
  );
  for (let i = 0; i < 15; i++) (await budget.admit({ of: 'list', page: 'first' }, never))();
  expect(waited).toEqual([]);
  const last = budget.admit({ of: 'list', page: 'first' }, never);
  await Promise.resolve();
  clock.advance(20_001);
  (await last)();
  expect(waited).toEqual([20_001]);
});

it('is shared by all tenants of an application', async () => {
  const clock = createMovableClock(new Date(0));
  const shared = sharedWindow(1);
  const open = () => Budget.open({ ...unsaved, clock, shared }, nothingSpent);
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
  const budget = await Budget.open(options, nothingSpent);
  endsWhileWriting = true;
  await expect(budget.admit({ of: 'other' }, never)).rejects.toThrow('lost');
  isHeld = true;
  (await budget.admit({ of: 'other' }, never))();
  isHeld = false;
  await expect(budget.admit({ of: 'other' }, never)).rejects.toThrow('lost');
});

it('counts what every process of an earlier release wrote down for the tenant', async () => {
  const clock = createMovableClock(new Date(100_000));
  const none = { underWay: 0, answered: [] };
  const share = (underWay: number, answered: number) => ({
    app: none,
    lists: [{ underWay, answered: [[95_000, answered]] }, none],
    records: [['a', none, { underWay: 0, answered: [[95_000, 25]] }]],
  });
  const text = JSON.stringify({
    shares: [
      ['one', share(1, 6)],
      ['two', share(0, 8)],
    ],
  });
  const options = { ...unsaved, clock, shared: sharedWindow(1) };
  const budget = await Budget.open(options, { text, interrupted: [] });
  const waitMs = () => [
    budget.waitMs({ of: 'list', page: 'first' }),
    budget.waitMs({ of: 'record', page: 'later', callId: 'a' }),
  ];
  expect(waitMs()).toEqual([15_001, 295_001]);
  clock.advance(15_001);
  expect(waitMs()).toEqual([0, 280_000]);
});

it('resumes at once a call that a killed process was fetching, and counts the requests of that process', async () => {
  const clock = createMovableClock(new Date(0));
  const open = processes(clock);
  const first = { of: 'record', page: 'first', callId: 'a' } as const;
  const later = { ...first, page: 'later' } as const;
  const killed = await open([]);
  for (const request of [first, first]) (await killed.admit(request, never))();
  for (let page = 0; page < 20; page++) (await killed.admit(later, never))();
  const next = await open(['a', 'never written']);
  for (const callId of ['a', 'never written'])
    expect([next.waitMs({ ...first, callId }), next.waitMs({ ...later, callId })]).toEqual([0, 0]);
  // What is known, what may be, and what is left of 50.
  let sent = 20;
  for (; next.waitMs(later) === 0; sent++) (await next.admit(later, never))();
  expect(sent).toBeLessThanOrEqual(50);
  expect(sent).toBeGreaterThanOrEqual(50 - 2 * 4);
});
