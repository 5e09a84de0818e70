/** Computes how many people were in a call at once, and positions on its time axis. */
import type { RollPerson } from '../../analysis/roll.ts';

/** In milliseconds. */
export interface Presence {
  readonly from: number;
  readonly to: number;
}

export function joinedMs({ spans }: RollPerson): number | undefined {
  return spans[0]?.[0];
}

export function leftMs({ spans }: RollPerson): number | undefined {
  return spans.at(-1)?.[1];
}

export interface Step {
  /** From this millisecond on… */
  readonly at: number;
  /** …this many people were present. */
  readonly count: number;
}

/** Returns the steps of the count. A person who leaves and one who joins in the same millisecond do not overlap. */
export function presenceSteps(people: readonly RollPerson[]): readonly Step[] {
  const changes = new Map<number, number>();
  const change = (at: number, by: number) => changes.set(at, (changes.get(at) ?? 0) + by);
  for (const { spans } of people) {
    for (const [from, to] of spans) {
      change(from, 1);
      change(to, -1);
    }
  }
  let count = 0;
  return [...changes]
    .sort(([a], [b]) => a - b)
    .map(([at, by]) => {
      count += by;
      return { at, count };
    });
}

export function peakOf(steps: readonly Step[]): Step | undefined {
  let peak: Step | undefined;
  for (const step of steps) if (step.count > (peak?.count ?? 0)) peak = step;
  return peak;
}

/** Returns the span from the first join to the last leave. */
export function spanOf(people: readonly RollPerson[]): Presence | undefined {
  let [from, to] = [Infinity, -Infinity];
  for (const person of people) {
    from = Math.min(from, joinedMs(person) ?? Infinity);
    to = Math.max(to, leftMs(person) ?? -Infinity);
  }
  return from < to ? { from, to } : undefined;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const tickSteps = [
  ...[second, 5 * second, 15 * second, 30 * second],
  ...[minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute],
  ...[hour, 2 * hour, 6 * hour, 12 * hour, 24 * hour],
];

/** Returns round times within a span, up to a maximum number. */
export function timeTicks({ from, to }: Presence, most: number): readonly number[] {
  const step = tickSteps.find((one) => (to - from) / one <= most) ?? Math.ceil((to - from) / most);
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** Returns a part of a span in percent. */
export function percentOfSpan(
  { from, to }: Presence,
  part: Presence,
): { readonly left: number; readonly width: number } {
  const whole = to - from;
  return { left: ((part.from - from) / whole) * 100, width: ((part.to - part.from) / whole) * 100 };
}
