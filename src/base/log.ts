/**
 * Writes a server's log, one line per event, as text or as JSON. No line holds a name, a number, an id of a person, a
 * token or received text; only the problems of `sync` hold the id of a call.
 */
import { printable, printableJson } from './printable.ts';
import { traceId } from './tracing/tracing.ts';

/** Levels, most severe first. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export const logFormats = ['text', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

/** Fields of a line in the order in which they are written; absent ones are omitted. */
export type LogFields = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export interface Log {
  /** Returns whether lines of a level are written; call it first where the fields of a line are expensive. */
  isOn(level: LogLevel): boolean;
  write(level: LogLevel, message: string, fields?: LogFields): void;
}

interface LogOptions {
  readonly format: LogFormat;
  /** The least severe level that is written. */
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

/** Escapes line ends, which would look like another event, and escape sequences, which could hide one. */
function oneLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, (blanks) => (/[\r\n]/.test(blanks) ? ' ' : blanks)));
}
