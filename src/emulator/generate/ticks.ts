import { trimEnd } from '../../base/trim-end.ts';

/**
 * An instant, in units of 100 ns since 2020-01-01T00:00:00Z: the service's precision, and whole numbers that a double
 * holds exactly until 2048.
 */
export type GeneratorTicks = number;

export const ticksPerSecond = 10_000_000;
export const ticksPerMinute = 60 * ticksPerSecond;
export const ticksPerDay = 24 * 60 * ticksPerMinute;

const originMs = Date.UTC(2020, 0, 1);

export function toGeneratorTicks(date: Date): GeneratorTicks {
  return (date.getTime() - originMs) * (ticksPerSecond / 1000);
}

/** Formats an instant as `2025-05-29T17:41:33.5066667Z`, with up to seven fractional digits and no trailing zeros. */
export function formatGeneratorTicks(ticks: GeneratorTicks): string {
  const seconds = Math.floor(ticks / ticksPerSecond);
  const whole = new Date(originMs + seconds * 1000).toISOString().slice(0, 19);
  const rest = ticks - seconds * ticksPerSecond;
  if (rest === 0) return `${whole}Z`;
  return `${whole}.${trimEnd(rest.toString().padStart(7, '0'), '0')}Z`;
}

/** Formats whole milliseconds as `PT0.016S`. */
export function formatMilliseconds(milliseconds: number): string {
  return `PT${milliseconds / 1000}S`;
}

/** Returns the day of the week; 0 is Sunday, as in `Date`. */
export function weekdayOf(ticks: GeneratorTicks): number {
  const wednesday = 3; // 2020-01-01
  const days = Math.floor(ticks / ticksPerDay);
  return (((days + wednesday) % 7) + 7) % 7;
}
