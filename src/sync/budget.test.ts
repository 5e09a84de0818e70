import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMovableClock } from '../clock.ts';
import { Budget, type BudgetedRequest, sharedWindow } from './budget.ts';
import type { SlidingWindow } from './sliding-window.ts';

const never = new AbortController().signal;

/** A process that keeps the tenant alone. */
const alone = { name: 'alone', others: 0, isHeld: true, isLive: () => false };
const forgotten = () => undefined;

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
      let text: string | undefined;
      let processes = 0;
      const open = (interrupted: readonly string[], shared: SlidingWindow = sharedWindow(1)) =>
        Budget.open(
          {
            ...{ clock, scale: 1, shared, update: (change) => void (text = change(text)) },
            claimant: { ...alone, name: `process-${processes++}` },
          },
          interrupted,
        );
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
  const budget = await Budget.open(
    { clock, scale: 1, shared: sharedWindow(1), claimant: alone, update: forgotten },
    [],
  );
  for (let i = 0; i < 15; i++) (await budget.admit({ of: 'list', page: 'first' }, never))();
  expect(budget.waitMs({ of: 'list', page: 'first' })).toBe(20_001);
  expect(budget.waitMs({ of: 'list', page: 'later' })).toBe(0);
});

it('tells how long a request waited, and of none that did not', async () => {
  const clock = createMovableClock(new Date(0));
  const waited: number[] = [];
  const budget = await Budget.open(
    {
      ...{ clock, scale: 1, shared: sharedWindow(1), claimant: alone, update: forgotten },
      onWaited: (ms) => waited.push(ms),
    },
    [],
  );
  for (let i = 0; i < 15; i++) (await budget.admit({ of: 'list', page: 'first' }, never))();
  expect(waited).toEqual([]);
  const last = budget.admit({ of: 'list', page: 'first' }, never);
  await Promise.resolve();
  clock.advance(20_001);
  (await last)();
  expect(waited).toEqual([20_001]);
});

it('tells once how long a request waited that found its turn taken by another process', async () => {
  const clock = createMovableClock(new Date(0));
  const waited: Record<string, number[]> = { a: [], b: [] };
  let text: string | undefined;
  const open = (name: string) =>
    Budget.open(
      {
        ...{ clock, scale: 1, shared: sharedWindow(1), update: (change) => void (text = change(text)) },
        claimant: { name, others: 1, isHeld: true, isLive: () => true },
        onWaited: (ms) => waited[name]!.push(ms),
      },
      [],
    );
  const [a, b] = [await open('a'), await open('b')];
  const list = { of: 'list', page: 'first' } as const;
  for (let i = 0; i < 15; i++) (await a.admit(list, never))();
  // Of which b does not know yet, nor of those after it.
  const sent = [b.admit(list, never), ...Array.from({ length: 15 }, () => a.admit(list, never))];
  const over = new AbortController();
  const all = Promise.all(sent.map(async (one) => (await one)())).then(() => over.abort());
  while (!over.signal.aborted) {
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    clock.advance(clock.waiting().nextMs ?? 1);
  }
  await all;
  expect(waited).toEqual({ a: [...Array<number>(14).fill(20_001), 40_002], b: [21_001] });
});

it('is shared by all tenants of an application', async () => {
  const clock = createMovableClock(new Date(0));
  const shared = sharedWindow(1);
  const open = () => Budget.open({ clock, scale: 1, shared, claimant: alone, update: forgotten }, []);
  for (let tenant = 0; tenant < 10; tenant++) {
    const budget = await open();
    for (let i = 0; i < 1500; i++) (await budget.admit({ of: 'other' }, never))();
  }
  expect((await open()).waitMs({ of: 'other' })).toBe(20_001);
});

it('is kept to by several processes together, also when one of them is killed', async () => {
  const processes = ['a', 'b', 'c'];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(2), fc.nat(60), fc.boolean()), { minLength: 30, maxLength: 90, size: 'max' }),
      fc.nat(60),
      async (requests, killAt) => {
        const clock = createMovableClock(new Date(0));
        const live = new Set(processes);
        let text: string | undefined;
        const open = (name: string) =>
          Budget.open(
            {
              ...{ clock, scale: 1, shared: sharedWindow(1), update: (change) => void (text = change(text)) },
              claimant: { name, others: 2, isHeld: true, isLive: (one) => live.has(one) },
            },
            [],
          );
        const budgets = await Promise.all(processes.map(open));
        const seenMs: number[] = [];
        const [killed, over] = [new AbortController(), new AbortController()];
        const admissions: Promise<void>[] = [];
        for (const [i, [process, gapMs, isSlow]] of requests.entries()) {
          clock.advance(gapMs);
          if (i === killAt) {
            killed.abort();
            live.delete('a');
            live.add('d');
            budgets[0] = await open('d');
          }
          const signal = i < killAt && process === 0 ? killed.signal : never;
          const admission = budgets[process]!.admit({ of: 'list', page: 'first' }, signal).then((end) => {
            seenMs.push(clock.now().getTime());
            if (!isSlow) end();
            else void clock.sleep(300).then(end);
          });
          admissions.push(admission.catch(() => undefined));
          for (let turn = 0; turn < 10; turn++) await Promise.resolve();
        }
        const all = Promise.all(admissions).then(() => over.abort());
        while (!over.signal.aborted) {
          for (let turn = 0; turn < 20; turn++) await Promise.resolve();
          clock.advance(Math.max(clock.waiting().nextMs ?? 1, 1));
          await Promise.all(budgets.map((budget) => budget.refresh()));
        }
        await all;
        for (const from of seenMs)
          expect(seenMs.filter((ms) => ms >= from && ms <= from + 20_000).length).toBeLessThanOrEqual(15);
      },
    ),
    { numRuns: 25 },
  );
});

it('leaves room in what was written to those who are there, and gets back what a dead one had', async () => {
  const clock = createMovableClock(new Date(0));
  const live = new Set(['a', 'b']);
  let text: string | undefined;
  const open = (name: string) =>
    Budget.open(
      {
        ...{ clock, scale: 1, shared: sharedWindow(1), update: (change) => void (text = change(text)) },
        claimant: { name, others: 1, isHeld: true, isLive: (one) => live.has(one) },
      },
      [],
    );
  const [a, b] = [await open('a'), await open('b')];
  const sent = async (budget: Budget) => {
    let count = 0;
    for (; budget.waitMs({ of: 'other' }) <= 0 && count < 2000; count++)
      (await budget.admit({ of: 'other' }, never))();
    return count;
  };
  // Of 32 that it may send before it writes again, one is sent.
  (await b.admit({ of: 'other' }, never))();
  expect(await sent(a)).toBe(1500 - 33);
  live.delete('b');
  clock.advance(20_001);
  await a.refresh();
  expect(await sent(a)).toBe(1500 - 33);
  clock.advance(20_001);
  await a.refresh();
  expect(await sent(a)).toBe(1500);
});

it('resumes at once a call that a killed process was fetching, and counts the requests of that process', async () => {
  const clock = createMovableClock(new Date(0));
  let text: string | undefined;
  let processes = 0;
  const open = (interrupted: readonly string[]) =>
    Budget.open(
      {
        ...{ clock, scale: 1, shared: sharedWindow(1), update: (change) => void (text = change(text)) },
        claimant: { ...alone, name: `process-${processes++}` },
      },
      interrupted,
    );
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
