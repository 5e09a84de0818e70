/**
 * What a server tells its operator, a line an event: in words, or as JSON for what collects logs. No line holds a name,
 * a number, an id of a person, a token, or text of anybody's; the id of a call stands in the problems of `sync` alone.
 */
import { printable, printableJson } from './printable.ts';
import { traceId } from './tracing/tracing.ts';

/** From what must be looked at to what is of interest to whoever looks for a fault. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export const logFormats = ['text', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

/** Members beside the message, in the order they are written; absent ones are left out. */
export type LogFields = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export interface Log {
  /** Asked first where the fields of a line cost something. */
  isOn(level: LogLevel): boolean;
  write(level: LogLevel, message: string, fields?: LogFields): void;
}

interface LogOptions {
  readonly format: LogFormat;
  /** The least of what is told. */
  readonly level: LogLevel;
  readonly write: (line: string) => void;
  readonly now: () => Date;
}

export function createLog({ format, level, write, now }: LogOptions): Log {
  const isOn = (asked: LogLevel) => logLevels.indexOf(asked) <= logLevels.indexOf(level);
  const lineOf = format === 'json' ? jsonLine : textLine;
  return {
    isOn,
    write(of, message, fields = {}) {
      if (isOn(of))
        write(
          `${lineOf({ time: now().toISOString(), level: of, message }, { ...fields, traceId: fields['traceId'] ?? traceId() })}\n`,
        );
    },
  };
}

interface Head {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
}

function jsonLine(head: Head, fields: LogFields): string {
  return printableJson({ ...head, ...fields });
}

function textLine({ time, level, message }: Head, fields: LogFields): string {
  const shown = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${plain(value)}`],
  );
  return [time, level.padEnd(5), oneLine(message), ...shown].join(' ');
}

function plain(value: string | number | readonly string[]): string {
  const text = Array.isArray(value) ? value.join('; ') : String(value);
  return /^[^\s"=]+$/.test(text) && printable(text) === text ? text : printableJson(text);
}

/** A line end would begin what looks like another event, and an escape sequence could hide one. */
function oneLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, (blanks) => (/[\r\n]/.test(blanks) ? ' ' : blanks)));
}
