/** `Edm.DateTimeOffset` as 100-nanosecond ticks since 1970, the precision Graph writes. */
import { trimEnd } from './trim-end.ts';

const pattern = /^(\d{4}-\d\d-(\d\d)T(?:[01]\d|2[0-3]):\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?(Z|[+-]\d\d:\d\d)$/i;

/** @returns `undefined` when the text is not a date and time with a zone. */
export function parseTicks(text: string): bigint | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, minute, day, seconds = '00', fraction = '', zone] = match;
  const ms = Date.parse(`${minute!}:${seconds}${zone!.toUpperCase()}`);
  if (Number.isNaN(ms) || !isInMonth(minute!, Number(day))) return undefined;
  return BigInt(ms) * 10_000n + BigInt(fraction.padEnd(7, '0').slice(0, 7));
}

/** A date and time with a zone, or a date alone: its first instant in UTC, as the log functions of Graph read one. */
export function parseInstant(text: string): bigint | undefined {
  return parseTicks(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
}

/** `Date.parse` takes February 30 for March 2. */
function isInMonth(minute: string, day: number): boolean {
  return day <= 28 || new Date(`${minute}Z`).getUTCDate() === day;
}

export function ticksOf(date: Date): bigint {
  return BigInt(date.getTime()) * 10_000n;
}

/**
 * In UTC, by default with the digits there are: `2025-05-29T17:41:33.5066667Z`.
 *
 * @param ticks Of a year that a `Date` has.
 */
export function formatTicks(
  ticks: bigint,
  { digits, zone = 'Z' }: { readonly digits?: 3 | 7; readonly zone?: 'Z' | '+00:00' } = {},
): string {
  const fraction = ((ticks % 10_000_000n) + 10_000_000n) % 10_000_000n;
  const text = new Date(Number((ticks - fraction) / 10_000n)).toISOString().slice(0, 19);
  const all = String(fraction).padStart(7, '0');
  const shown = digits === undefined ? trimEnd(all, '0') : all.slice(0, digits);
  return `${text}${shown === '' ? '' : `.${shown}`}${zone}`;
}

/** Whole milliseconds of ticks since 1970, also before it. */
export function floorMs(ticks: bigint): bigint {
  return (ticks - (((ticks % 10_000n) + 10_000n) % 10_000n)) / 10_000n;
}

/** The same of milliseconds since 1970. */
export function formatMs(ms: number): string {
  return formatTicks(BigInt(Math.trunc(ms)) * 10_000n);
}
