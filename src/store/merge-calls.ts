/** Merges the lists of calls of one participant's keys into one list. */
import type { CallPosition, ListedCall } from './call-list.ts';

/**
 * Merges pages.
 *
 * @param pages Pages of calls, each in order.
 * @returns Each call once, in order.
 */
export function mergeCalls(pages: readonly (readonly ListedCall[])[], limit: number): readonly ListedCall[] {
  const calls = new Map(pages.flat().map((listed) => [listed.call, listed]));
  return [...calls.values()].sort(inOrder).slice(0, limit);
}

function inOrder(a: CallPosition, b: CallPosition): number {
  return a.startTicks === b.startTicks ? a.call - b.call : a.startTicks < b.startTicks ? -1 : 1;
}

const callsAtOnce = 1000;

/** Counts the calls under several keys by walking the merged list: a call under two keys counts once. */
export function countPages(
  page: (after: CallPosition | undefined, limit: number) => readonly CallPosition[],
): number {
  let count = 0;
  for (let after: CallPosition | undefined; ;) {
    const calls = page(after, callsAtOnce);
    count += calls.length;
    after = calls.at(-1);
    if (calls.length < callsAtOnce) return count;
  }
}
