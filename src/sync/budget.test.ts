import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMovableClock } from '../clock.ts';
import { Budget, type BudgetedRequest, sharedWindow } from './budget.ts';
import type { SlidingWindow } from './sliding-window.ts';

const never = new AbortController().signal;

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
      const open = (interrupted: readonly string[], shared: SlidingWindow = sharedWindow(1)) =>
        Budget.open(
          { clock, scale: 1, shared, load: () => text, save: (saved) => void (text = saved) },
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
    { clock, scale: 1, shared: sharedWindow(1), load: () => undefined, save: () => undefined },
    [],
  );
  for (let i = 0; i < 15; i++) (await budget.admit({ of: 'list', page: 'first' }, never))();
  expect(budget.waitMs({ of: 'list', page: 'first' })).toBe(20_001);
  expect(budget.waitMs({ of: 'list', page: 'later' })).toBe(0);
});

it('is shared by all tenants of an application', async () => {
  const clock = createMovableClock(new Date(0));
  const shared = sharedWindow(1);
  const open = () =>
    Budget.open({ clock, scale: 1, shared, load: () => undefined, save: () => undefined }, []);
  for (let tenant = 0; tenant < 10; tenant++) {
    const budget = await open();
    for (let i = 0; i < 1500; i++) (await budget.admit({ of: 'other' }, never))();
  }
  expect((await open()).waitMs({ of: 'other' })).toBe(20_001);
});
