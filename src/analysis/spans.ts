/** Computes with spans of time. */

import { floorMs, parseTicks } from '../base/ticks.ts';

/** In milliseconds since 1970. */
export type TimeSpan = readonly [fromMs: number, toMs: number];

/** Joins overlapping spans. @returns Spans that do not touch, ordered by start */
export function unionOf(spans: readonly TimeSpan[]): readonly TimeSpan[] {
  if (spans.length < 2) return spans;
  const union: TimeSpan[] = [];
  for (const span of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = union.at(-1);
    if (last !== undefined && span[0] <= last[1])
      union[union.length - 1] = [last[0], Math.max(last[1], span[1])];
    else union.push(span);
  }
  return union;
}

/** Returns the span from the first start to the last end; none of no spans. */
export function hullOf(spans: readonly TimeSpan[]): readonly TimeSpan[] {
  let [from, to] = [Infinity, -Infinity];
  for (const [start, end] of spans) [from, to] = [Math.min(from, start), Math.max(to, end)];
  return from <= to ? [[from, to]] : [];
}

/** The years 1 to 9999, which `Edm.DateTimeOffset` has. */
const [firstMs, lastMs] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];

/** Reads a time of a record, in milliseconds since 1970; `undefined` for what is no time with a zone. */
export function timeOf(value: unknown): number | undefined {
  const ticks = typeof value === 'string' ? parseTicks(value) : undefined;
  const ms = ticks === undefined ? NaN : Number(floorMs(ticks));
  return ms >= firstMs && ms <= lastMs ? ms : undefined;
}

/** Returns the span of a session or a segment; `undefined` when it has no times, or ends before it starts. */
export function receivedSpan(received: {
  readonly startDateTime?: unknown;
  readonly endDateTime?: unknown;
}): TimeSpan | undefined {
  const [from, to] = [timeOf(received.startDateTime), timeOf(received.endDateTime)];
  return from === undefined || to === undefined || from > to ? undefined : [from, to];
}

/** Returns the time that two lists of spans share. @param one Ordered, without overlaps, as is the other */
export function sharedSpans(one: readonly TimeSpan[], other: readonly TimeSpan[]): readonly TimeSpan[] {
  const shared: TimeSpan[] = [];
  for (let i = 0, k = 0; i < one.length && k < other.length;) {
    const [a, b] = [one[i]!, other[k]!];
    const [from, to] = [Math.max(a[0], b[0]), Math.min(a[1], b[1])];
    if (from < to) shared.push([from, to]);
    if (a[1] < b[1]) i++;
    else k++;
  }
  return shared;
}

export function lengthOfSpans(spans: readonly TimeSpan[]): number {
  return spans.reduce((sum, [from, to]) => sum + to - from, 0);
}

export function wholeSeconds(ms: number): number {
  return Math.round(ms / 1000);
}
