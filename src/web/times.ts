/** Formats times and durations. */
import { lengthMessages, locale } from './messages/en.ts';

/** The displayed time zone: `local` for the browser's, or a name: `UTC`, `Europe/Berlin`. */
export type Zone = string;

/** Returns the option that makes a format use a zone. */
export function zoneOption(zone: Zone): { readonly timeZone?: string } {
  return zone === 'local' ? {} : { timeZone: zone };
}

const styles = {
  day: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  dayOfYear: { day: 'numeric', month: 'short', year: 'numeric' },
  date: { day: 'numeric', month: 'short' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  exact: {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  },
  moment: {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<string, Intl.DateTimeFormat>();
const mostFormats = 50;

export function formatTime(at: number | string, style: keyof typeof styles, zone: Zone): string {
  const key = `${style} ${zone}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale.dates, { ...styles[style], ...zoneOption(zone) });
    if (formats.size >= mostFormats) formats.clear();
    formats.set(key, format);
  }
  return format.format(typeof at === 'number' ? at : Date.parse(at));
}

/** Formats a duration to its leading units: `1 h 05 min`, `12 min`, `40 s`. */
export function formatLength(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return lengthMessages.seconds(seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return lengthMessages.minutes(minutes);
  return lengthMessages.hours(Math.floor(minutes / 60), minutes % 60);
}

export function lengthOf(from: string | null, to: string | null): number | undefined {
  return from === null || to === null ? undefined : Math.max(0, Date.parse(to) - Date.parse(from));
}

/** Formats a time as spreadsheets read it in every language: `2026-03-02 10:00:05`. */
export function formatSheetTime(at: number | string, zone: Zone): string {
  const key = `sheet ${zone}`;
  let format = formats.get(key);
  if (format === undefined) {
    const style = { dateStyle: 'short', timeStyle: 'medium' } as const;
    format = new Intl.DateTimeFormat(locale.sheets, { ...style, ...zoneOption(zone) });
    formats.set(key, format);
  }
  return format.format(typeof at === 'number' ? at : Date.parse(at));
}

/** Formats a duration as spreadsheets read it: `1:05:00`. */
export function formatSheetLength(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
