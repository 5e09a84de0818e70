/** A log whose lines a test can read. */
import { createLog, type Log, type LogFields, type LogLevel } from '../../src/base/log.ts';

export type LogLine = LogFields & {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
};

/** Returns lines of a server's text log, except those about its start and an unreachable authority. */
export function complaintsIn(stderr: string): readonly string[] {
  return stderr.split('\n').filter((line) => !/^$|^\S+Z (info  |error The authority )/.test(line));
}

export interface KeptLog {
  readonly log: Log;
  /** Returns the lines as written. */
  readonly text: () => string;
  readonly lines: () => readonly LogLine[];
}

export function keepLog(level: LogLevel = 'debug'): KeptLog {
  const written: string[] = [];
  const log = createLog({
    format: 'json',
    level,
    write: (line) => written.push(line),
    now: () => new Date(),
  });
  return {
    log,
    text: () => written.join(''),
    lines: () => written.map((line) => JSON.parse(line) as LogLine),
  };
}
