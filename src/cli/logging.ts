/** The log of a server or of `sync`, on standard error, as its options have it. */
import { createLog, type Log, type LogFormat, type LogLevel } from '../log.ts';
import { StoreError } from '../store/store.ts';
import type { Terminal } from './command.ts';
import type { Settings } from './settings.ts';

/** What a log is written to, and when. */
export type LogTerminal = Pick<Terminal, 'stderr' | 'clock'>;

/** @param settings Of a command without a log they are absent: what there is to tell is told in words. */
export function logBy(
  { 'log-format': format, 'log-level': level }: Partial<Settings>,
  { stderr, clock }: LogTerminal,
): Log {
  return createLog({
    format: (format ?? 'text') as LogFormat, // one of the option's choices
    level: (level ?? 'info') as LogLevel, // one of the option's choices
    write: (line) => stderr.write(line),
    now: clock.now,
  });
}

/** Writes defects to the log: where they are in the code, never what they were about. */
export function defectLog(log: Log): (error: unknown, requestId: string) => void {
  return (error, requestId) => {
    const stack = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 6) : [];
    // A sentence for the operator, without data; any other message may hold some.
    const message = error instanceof StoreError ? error.message : 'Something failed that should not.';
    log.write('error', message, {
      requestId,
      error: error instanceof Error ? error.name : typeof error,
      at: stack.map((line) => line.trim()),
    });
  };
}
