/** Formats times and lengths for tables. */
import { formatTicks } from '../../base/ticks.ts';

/** Returns a time to the second, or to the minute: `2026-10-30 09:58:15`, in UTC. */
export function shownTime(
  time: string | bigint | null | undefined,
  to: 'seconds' | 'minutes' = 'seconds',
): string {
  if (time === null || time === undefined) return '–';
  const text = typeof time === 'bigint' ? formatTicks(time) : time;
  return text.slice(0, to === 'seconds' ? 19 : 16).replace('T', ' ');
}

/** Returns a length: `45 s`, `31 min`, `1 h 05 min`. */
export function shownLength(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return '–';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
