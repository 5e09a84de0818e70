/** Computes with spans of time. */

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
