/** Spans of time, in ticks. */

export interface Span {
  readonly from: bigint;
  /** First tick after it. */
  readonly before: bigint;
}

/** Returns the parts of a span that none of the others covers. */
export function gaps(span: Span, others: readonly Span[]): Span[] {
  const found: Span[] = [];
  let { from } = span;
  for (const other of [...others].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    if (other.before <= from || other.from >= span.before) continue;
    if (other.from > from) found.push({ from, before: other.from });
    from = other.before;
  }
  if (from < span.before) found.push({ from, before: span.before });
  return found;
}

/**
 * Joins neighboring spans that touch and are alike.
 *
 * @param join Returns the joined span of two; it need not set the ends.
 */
export function joinNeighbours<T extends Span>(
  spans: readonly T[],
  areAlike: (earlier: T, later: T) => boolean,
  join: (earlier: T, later: T) => T = (earlier) => earlier,
): T[] {
  const all: T[] = [];
  for (const span of spans) {
    const last = all.at(-1);
    if (last?.before !== span.from || !areAlike(last, span)) all.push(span);
    else all[all.length - 1] = { ...join(last, span), from: last.from, before: span.before };
  }
  return all;
}
