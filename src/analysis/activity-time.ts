/** Adds up times in calls, and finds when two people were in a call together. */
import type { TimeSpan } from './spans.ts';

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

/** Returns the length of spans in milliseconds. */
export function lengthOfSpans(spans: readonly TimeSpan[]): number {
  return spans.reduce((sum, [from, to]) => sum + to - from, 0);
}

export function wholeSeconds(ms: number): number {
  return Math.round(ms / 1000);
}
