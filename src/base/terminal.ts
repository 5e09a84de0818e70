import type { Readable } from 'node:stream';
import type { Clock } from './clock.ts';

export interface Screen {
  readonly columns?: number;
  readonly isTTY?: boolean;
}

/** The streams, clock and signals of a process. */
export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Screen & NodeJS.WritableStream;
  readonly stderr: Screen & NodeJS.WritableStream;
  readonly clock: Clock;
  /**
   * Aborted when the process receives a signal to stop. Until the first call, such a signal ends the process at once.
   *
   * @param doing Printed at the first Ctrl-C: what the command does until it ends. Nothing is printed when it is empty.
   */
  readonly stopSignal: (doing?: string) => AbortSignal;
  /** Makes a signal end the process at once again: for work that cannot be interrupted cleanly. */
  readonly endAtSignal?: () => void;
  /** Registers a listener. @param listener Called on SIGHUP; without a listener, SIGHUP ends the process. */
  readonly onReload: (listener: () => void) => void;
}
