/** Handles SIGTERM and SIGINT: the first stops a command in order, within a limited time; a second ends it at once. */
import { constants } from 'node:os';
import type { Screen } from '../base/terminal.ts';
import { exitCodes } from '../base/exit.ts';
import { stopTimes } from '../base/stopping.ts';

interface StopSignal {
  /** Aborted at the first signal. Until it is asked for a signal ends the process at once. */
  readonly get: () => AbortSignal;
  readonly isAsked: boolean;
}

/** npm passes the SIGINT on that a terminal has sent to its command already: so soon after the first, it is the same one. */
const sameMs = 250;

export function createStopSignal(stderr: Screen & NodeJS.WritableStream): StopSignal {
  let asked: AbortController | undefined;
  let askedMs = 0;

  function hear(signal: 'SIGTERM' | 'SIGINT'): void {
    const nowMs = performance.now();
    if (asked?.signal.aborted !== true) {
      askedMs = nowMs;
      asked?.abort();
      // The timer keeps no process alive, and ends one that something else keeps alive.
      setTimeout(giveUp, stopTimes.processMs).unref();
    } else if (signal === 'SIGTERM' || nowMs - askedMs > sameMs)
      process.exit(128 + constants.signals[signal]);
  }

  function giveUp(): void {
    stderr.write(
      `The command did not stop within ${stopTimes.processMs / 1000} seconds of the signal, and was ended.\n`,
    );
    process.exit(process.exitCode ?? exitCodes.failed);
  }

  return {
    get() {
      if (asked === undefined) {
        asked = new AbortController();
        for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, hear);
      }
      return asked.signal;
    },
    get isAsked() {
      return asked?.signal.aborted === true;
    },
  };
}
