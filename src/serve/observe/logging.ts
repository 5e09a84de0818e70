/** The log of a server or of `sync`, on standard error, as its options have it. */
import { Fault } from '../../contract/faults.ts';
import type { DefectOf, OnDefect } from '../../graph/error-response.ts';
import { createLog, type Log, type LogFormat, type LogLevel } from '../../base/log.ts';
import { StoreDamaged, StoreError } from '../../store/store-errors.ts';
import type { Terminal } from '../../base/terminal.ts';
import type { Failure } from '../run/outage-recorder.ts';
import type { ServerSettings } from '../run/server-settings.ts';

/** What a log is written to, and when. */
type LogTerminal = Pick<Terminal, 'stderr' | 'clock'>;

/** @param settings A command without a log has none of them: it logs text at `info`. */
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

/**
 * Logs unexpected errors: where they are in the code, never what they were about.
 *
 * @param onFailure Called with each error whose message is a sentence for the operator.
 */
export function defectLog(log: Log, onFailure: (failure: Failure, of: DefectOf) => void): OnDefect {
  return (error, of) => {
    if (isInWords(error)) {
      // Damaged data is asked for now and then, while the store answers all other requests.
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

/** A sentence for the operator, without data; any other message may hold some. */
function isInWords(error: unknown): error is StoreError | Fault {
  return error instanceof StoreError || (error instanceof Fault && error.fault === 'unavailable');
}
