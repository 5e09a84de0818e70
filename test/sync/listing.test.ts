/** A span is listed to its end, whatever the order of the pages, and nothing is noted as listed that was not. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { listCalls } from '../../src/collect/sync/list-calls.ts';
import { gaps, type Span } from '../../src/store/spans.ts';
import { formatTicks, parseTicks } from '../../src/base/ticks.ts';
import { hurried, root, scriptedUpstream } from '../support/scripted-upstream.ts';

interface StubCall {
  readonly id: string;
  readonly start: bigint;
}

const span: Span = { from: parseTicks('2026-11-01T00:00:00Z')!, before: parseTicks('2026-11-01T00:00:10Z')! };

/** Lists in an order of its own, and knows a page by where it begins. */
function listOf(calls: readonly StubCall[], order: (a: StubCall, b: StubCall) => number, pageSize: number) {
  const sorted = [...calls].sort(order);
  return (target: string) => {
    const [, from, before] = /ge (\S+) and startDateTime lt ([^&]+)/.exec(target) ?? [];
    const skip = Number(/skip=(\d+)/.exec(target)?.[1] ?? 0);
    const [first, end] = [parseTicks(from!)!, parseTicks(before!)!];
    const found = sorted.filter(({ start }) => start >= first && start < end);
    const value = found
      .slice(skip, skip + pageSize)
      .map(({ id, start }) => ({ id, version: 1, startDateTime: formatTicks(start) }));
    const link = `${root}/v1.0/communications/callRecords?f=ge ${from} and startDateTime lt ${before}&skip=${skip + pageSize}`;
    return { value, ...(found.length > skip + pageSize && { '@odata.nextLink': link }) };
  };
}

const byStart = (a: StubCall, b: StubCall) =>
  a.start < b.start ? -1 : a.start > b.start ? 1 : a.id < b.id ? -1 : 1;
const byId = (a: StubCall, b: StubCall) => (a.id < b.id ? -1 : 1);

async function listed(calls: readonly StubCall[], order: typeof byStart, pageSize = 3, whole = span) {
  const upstream = await scriptedUpstream(listOf(calls, order, pageSize));
  const seen = new Set<string>();
  const wrong: string[] = [];
  const spans: Span[] = [];
  await hurried(
    upstream,
    listCalls(whole, {
      ...upstream,
      signal: new AbortController().signal,
      onPage({ calls: page }, done) {
        for (const { callId } of page) seen.add(callId);
        if (done !== undefined) spans.push(done);
        for (const { id, start } of calls)
          if (done !== undefined && start >= done.from && start < done.before && !seen.has(id))
            wrong.push(id);
        return Promise.resolve();
      },
      onLost: (lost) => Promise.reject(new Error(`lost from ${lost.from}`)),
    }),
  );
  return { seen: [...seen].sort(), wrong, missing: gaps(whole, spans), asked: upstream.asked };
}

/** Few starts, so that many calls have the same. */
const someCalls = fc.array(fc.tuple(fc.nat(6), fc.nat(2)), { maxLength: 60 }).map((starts) =>
  starts.map(([second, tick], i) => ({
    id: `call-${String((i * 37) % 101).padStart(3, '0')}`,
    start: span.from + BigInt(second) * 10_000_000n + BigInt(tick),
  })),
);

it.each([
  ['starts', byStart],
  ['ids', byId],
] as const)('in the order of %s', async (_, order) => {
  await fc.assert(
    fc.asyncProperty(someCalls, async (calls) => {
      const { seen, wrong, missing } = await listed(calls, order);
      expect(seen).toEqual(calls.map(({ id }) => id).sort());
      expect(wrong).toEqual([]);
      expect(missing).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

const anHour = 36_000_000_000n;

/** Ids of calls in the order of their starts, so many an hour. */
function busyDays(days: number, callsOfHour: (hour: number) => number): StubCall[] {
  return Array.from({ length: days * 24 }, (_, hour) =>
    Array.from({ length: callsOfHour(hour) }, (_none, i) => ({
      id: `call-${hour}-${i}`,
      start: span.from + BigInt(hour) * anHour + BigInt(i) * 10_000_000n,
    })),
  ).flat();
}

const isAtWork = (hour: number) => hour % 24 >= 8 && hour % 24 < 17;

/** Pages, requests beyond them, and pages of the longest question: a process that is killed leaves so many to be repeated. */
it.each([
  ['few calls in a month', 30, () => 1, 12, 0, 12],
  ['days of work and nights', 6, (hour: number) => (isAtWork(hour) ? 220 : 10), 213, 35, 40],
  ['a busy day after an idle month', 31, (hour: number) => (hour === 740 ? 3000 : 0), 50, 55, 50],
  ['calls that began at the same moment', 1, (hour: number) => (hour === 0 ? 3000 : 0), 50, 0, 50],
])('asks little more often than there are pages: %s', async (_, days, callsOfHour, pages, more, longest) => {
  const calls = busyDays(days, callsOfHour);
  const whole = { from: span.from, before: span.from + BigInt(days) * 24n * anHour };
  const { seen, missing, asked } = await listed(calls, byId, 60, whole);
  expect([seen.length, missing]).toEqual([calls.length, []]);
  expect(asked.length).toBeLessThanOrEqual(pages + more);
  const walks = asked.map((target) => Number(/skip=(\d+)/.exec(target)?.[1] ?? 0) / 60 + 1);
  expect(Math.max(...walks)).toBeLessThanOrEqual(longest);
});

it('reports a span as lost when its next link is no text, and lists the calls on the page', async () => {
  const upstream = await scriptedUpstream((target) => ({
    ...listOf([{ id: 'a', start: span.from }], byStart, 9)(target),
    '@odata.nextLink': 17,
  }));
  const seen = new Set<string>();
  let lost = 0;
  await hurried(
    upstream,
    listCalls(span, {
      ...upstream,
      signal: new AbortController().signal,
      onPage({ calls }) {
        for (const { callId } of calls) seen.add(callId);
        return Promise.resolve();
      },
      onLost() {
        lost++;
        return Promise.resolve();
      },
    }),
  );
  expect([[...seen], lost]).toEqual([['a'], 1]);
});

/** Lists what a script answers, and tells what came of it. */
async function listedBy(script: (from: bigint, before: bigint, page: string | undefined) => object | string) {
  const upstream = await scriptedUpstream((target) => {
    const [, from, before] = /ge (\S+) and startDateTime lt ([^&]+)/.exec(target) ?? [];
    return script(parseTicks(from!)!, parseTicks(before!)!, /page=(\w+)/.exec(target)?.[1]);
  });
  const seen = new Set<string>();
  const spans: Span[] = [];
  const lost: [Span, string][] = [];
  const signal = new AbortController().signal;
  const work = listCalls(span, {
    ...{ ...upstream, signal },
    onPage({ calls }, done) {
      for (const { callId } of calls) seen.add(callId);
      if (done !== undefined) spans.push(done);
      return Promise.resolve();
    },
    onLost(gap, { reason }) {
      lost.push([gap, reason]);
      return Promise.resolve();
    },
  });
  await hurried(upstream, work);
  return { seen: [...seen].sort(), missing: gaps(span, spans), lost, asked: upstream.asked.length };
}

const linkTo = (from: bigint, before: bigint, page: string) =>
  `${root}/v1.0/communications/callRecords?f=ge ${formatTicks(from)} and startDateTime lt ${formatTicks(before)}&page=${page}`;

it('follows an empty page to the next instead of asking for ever smaller spans', async () => {
  const { seen, missing, asked } = await listedBy((from, before, page) =>
    page === '3'
      ? { value: [{ id: 'call', version: 1, startDateTime: formatTicks(from) }] }
      : { value: [], '@odata.nextLink': linkTo(from, before, String(Number(page ?? 0) + 1)) },
  );
  expect({ seen, missing, asked }).toEqual({ seen: ['call'], missing: [], asked: 4 });
});

it('takes full pages of items without a start as they are, whatever span is asked for', async () => {
  const value = Array.from({ length: 60 }, (_, i) => ({ id: `call-${i}`, version: 1, startDateTime: null }));
  const { seen, missing, asked } = await listedBy((from, before, page) =>
    page === undefined ? { value, '@odata.nextLink': linkTo(from, before, '2') } : { value: [] },
  );
  expect([seen.length, missing, asked]).toEqual([60, [], 2]);
});

it.each([
  ['a link that was followed', 'linkRepeated', () => 'again'],
  [
    'ever new links to the same page',
    'pagesUnending',
    (page: string | undefined) => `${Number(page ?? 0) + 1}`,
  ],
])('gives up on %s, in a bounded number of requests', async (_, reason, next) => {
  const value = [{ id: 'call', version: 1, startDateTime: formatTicks(span.from) }];
  const { seen, lost, asked } = await listedBy((from, before, page) => ({
    value,
    '@odata.nextLink': linkTo(from, before, next(page)),
  }));
  expect([seen, lost]).toEqual([['call'], [[span, reason]]]);
  expect(asked).toBeLessThan(40);
});

it('loses a minute at most to an answer that cannot be read', async () => {
  const minute = 600_000_000n;
  const at = span.from + 7n * 3600n * 10_000_000n;
  const day = { from: span.from, before: span.from + 864_000_000_000n };
  const lost: Span[] = [];
  const spans: Span[] = [];
  const upstream = await scriptedUpstream((target) => {
    const [, from, before] = /ge (\S+) and startDateTime lt ([^&]+)/.exec(target) ?? [];
    return parseTicks(from!)! <= at && at < parseTicks(before!)! ? '<html>' : { value: [] };
  });
  const work = listCalls(day, {
    ...{ ...upstream, signal: new AbortController().signal },
    onPage(_, done) {
      if (done !== undefined) spans.push(done);
      return Promise.resolve();
    },
    onLost(gap) {
      lost.push(gap);
      return Promise.resolve();
    },
  });
  await hurried(upstream, work);
  expect(gaps(day, spans)).toEqual(lost);
  expect([lost.length, lost[0]!.before - lost[0]!.from <= minute]).toEqual([1, true]);
  expect(upstream.asked.length).toBeLessThan(80);
});
