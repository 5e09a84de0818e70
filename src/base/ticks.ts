/** Converts `Edm.DateTimeOffset` to 100-nanosecond ticks since 1970, the precision that Graph writes, and back. */
import { trimEnd } from './trim-end.ts';

const pattern = /^(\d{4}-\d\d-(\d\d)T(?:[01]\d|2[0-3]):\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?(Z|[+-]\d\d:\d\d)$/i;

/** Parses a date and time. @returns `undefined` when the text is not a date and time with a zone. */
export function parseTicks(text: string): bigint | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, minute, day, seconds = '00', fraction = '', zone] = match;
  const ms = Date.parse(`${minute!}:${seconds}${zone!.toUpperCase()}`);
  if (Number.isNaN(ms) || !isInMonth(minute!, Number(day))) return undefined;
  return BigInt(ms) * 10_000n + BigInt(fraction.padEnd(7, '0').slice(0, 7));
}

/** Parses a date and time with a zone, or a date alone: its first instant in UTC, as Graph's log functions read it. */
export function parseInstant(text: string): bigint | undefined {
  return parseTicks(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
}

/** Returns false for February 30, which `Date.parse` reads as March 2. */
function isInMonth(minute: string, day: number): boolean {
  return day <= 28 || new Date(`${minute}Z`).getUTCDate() === day;
}

export function ticksOf(date: Date): bigint {
  return BigInt(date.getTime()) * 10_000n;
}

/**
 * Formats ticks in UTC, by default with all digits that are not zero: `2025-05-29T17:41:33.5066667Z`.
 *
 * @param ticks Within the years that `Date` supports.
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

/** Returns the whole milliseconds of ticks since 1970, also for times before 1970. */
export function floorMs(ticks: bigint): bigint {
  return (ticks - (((ticks % 10_000n) + 10_000n) % 10_000n)) / 10_000n;
}

/** Formats milliseconds since 1970 in the same way. */
export function formatMs(ms: number): string {
  return formatTicks(BigInt(Math.trunc(ms)) * 10_000n);
}
