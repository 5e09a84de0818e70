/** Creates the log of a server or of `sync`, on standard error, as the options configure it. */
import { Fault } from '../../contract/faults.ts';
import type { DefectOf, OnDefect } from '../../graph/error-response.ts';
import { createLog, type Log, type LogFormat, type LogLevel } from '../../base/log.ts';
import { StoreDamaged, StoreError } from '../../store/store-errors.ts';
import type { Terminal } from '../../base/terminal.ts';
import type { Failure } from '../run/outage-recorder.ts';
import type { ServerSettings } from '../run/server-settings.ts';

type LogTerminal = Pick<Terminal, 'stderr' | 'clock'>;

/** Creates the log. @param settings Without settings, text at level `info`. */
export function logBy(
  { 'log-format': format, 'log-level': level }: Partial<ServerSettings>,
  { stderr, clock }: LogTerminal,
): Log {
  return createLog({
    format: (format ?? 'text') as LogFormat, // one of the option's choices
    level: (level ?? 'info') as LogLevel, // one of the option's choices
    write: (line) => stderr.write(line),
    now: clock.now,
  });
}

/** Logs unexpected errors without data. @param onFailure Gets errors whose message is for the operator. */
export function defectLog(log: Log, onFailure: (failure: Failure, of: DefectOf) => void): OnDefect {
  return (error, of) => {
    if (isForOperator(error)) {
      // Damaged data affects single requests, while the store answers all others.
      const isStore = error instanceof StoreError && !(error instanceof StoreDamaged);
      onFailure({ message: error.message, isStore }, of);
      return;
    }
    const stack = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 6) : [];
    log.write('error', 'An internal error occurred: a defect of Rollcall.', {
      ...of,
      error: error instanceof Error ? error.name : typeof error,
      at: stack.map((line) => line.trim()),
    });
  };
}

/** Returns true when the message is written for the operator and contains no data. Other messages may contain data. */
function isForOperator(error: unknown): error is StoreError | Fault {
  return error instanceof StoreError || (error instanceof Fault && error.fault === 'unavailable');
}
