/** Handles SIGTERM and SIGINT: the first stops a command gracefully within a limited time; a second ends it at once. */
import { constants } from 'node:os';
import type { Screen } from '../base/terminal.ts';
import { exitCodes } from '../base/exit.ts';
import { stopTimes } from '../base/stopping.ts';

interface StopSignal {
  /**
   * Returns a signal that is aborted at the first SIGTERM or SIGINT. Until the first call, either ends the process at
   * once.
   */
  readonly get: (doing?: string) => AbortSignal;
  /** Restores the default: either signal ends the process at once. */
  readonly release: () => void;
  readonly isAsked: boolean;
}

/**
 * npm also forwards the SIGINT that the terminal has sent to its command: a second one within this time counts as the
 * same.
 */
const sameMs = 250;

export function createStopSignal(stderr: Screen & NodeJS.WritableStream): StopSignal {
  let asked: AbortController | undefined;
  let askedMs = 0;
  let stopping = 'Stopping.';

  function hear(signal: 'SIGTERM' | 'SIGINT'): void {
    const nowMs = performance.now();
    if (asked?.signal.aborted !== true) {
      askedMs = nowMs;
      // Only SIGINT comes from a user; a service manager sends SIGTERM.
      if (signal === 'SIGINT' && stopping !== '') say(`${stopping} Press Ctrl-C again to stop at once.`);
      asked?.abort();
      // The timer does not keep the process alive; it ends one that something else keeps alive.
      setTimeout(giveUp, stopTimes.processMs).unref();
    } else if (signal === 'SIGTERM' || nowMs - askedMs > sameMs)
      process.exit(128 + constants.signals[signal]);
  }

  /** Starts a new line, because a progress bar may be on the current one. */
  function say(text: string): void {
    stderr.write(`${stderr.isTTY === true ? '\r\u001b[2K' : ''}${text}\n`);
  }

  function giveUp(): void {
    say(
      `The command did not stop within ${stopTimes.processMs / 1000} seconds of the signal, and was ended.`,
    );
    process.exit(process.exitCode ?? exitCodes.failed);
  }

  return {
    get(doing) {
      stopping = doing ?? stopping;
      if (asked === undefined) {
        asked = new AbortController();
        for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, hear);
      }
      return asked.signal;
    },
    release() {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, hear);
    },
    get isAsked() {
      return asked?.signal.aborted === true;
    },
  };
}
