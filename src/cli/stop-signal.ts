/** Handles SIGTERM and SIGINT: the first stops a command in order, within a limited time; a second ends it at once. */
import { constants } from 'node:os';
import type { Screen } from '../base/terminal.ts';
import { exitCodes } from '../base/exit.ts';
import { stopTimes } from '../base/stopping.ts';

interface StopSignal {
  /** Aborted at the first signal. Until the first call, a signal ends the process at once. */
  readonly get: (doing?: string) => AbortSignal;
  /** A signal ends the process at once again. */
  readonly release: () => void;
  readonly isAsked: boolean;
}

/** npm forwards the SIGINT that the terminal has sent to its command too: a second one within this time is the same. */
const sameMs = 250;

export function createStopSignal(stderr: Screen & NodeJS.WritableStream): StopSignal {
  let asked: AbortController | undefined;
  let askedMs = 0;
  let stopping = 'Stopping.';

  function hear(signal: 'SIGTERM' | 'SIGINT'): void {
    const nowMs = performance.now();
    if (asked?.signal.aborted !== true) {
      askedMs = nowMs;
      // A service manager, which sends SIGTERM, presses no keys.
      if (signal === 'SIGINT' && stopping !== '') say(`${stopping} Press Ctrl-C again to stop at once.`);
      asked?.abort();
      // The timer keeps no process alive, and ends one that something else keeps alive.
      setTimeout(giveUp, stopTimes.processMs).unref();
    } else if (signal === 'SIGTERM' || nowMs - askedMs > sameMs)
      process.exit(128 + constants.signals[signal]);
  }

  /** A progress bar may stand on the line. */
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
