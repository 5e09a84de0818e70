#!/usr/bin/env node
/** Runs the process of `rollcall COMMAND …`: its streams, signals and exit. */
import { systemClock } from '../base/clock.ts';
import { doneWithin, stopTimes } from '../base/stopping.ts';
import { exitCodes } from '../base/exit.ts';
import { fileFailure } from './file-failure.ts';
import { failureOutput } from './failure.ts';
import { isJsonRequested } from './json-requested.ts';
import { run } from './run.ts';
import { createStopSignal } from './stop-signal.ts';

/** Returns true for a write to a closed pipe, also as the cause of another error. */
function isOfClosedPipe(error: unknown): boolean {
  return (
    error instanceof Error && (('code' in error && error.code === 'EPIPE') || isOfClosedPipe(error.cause))
  );
}

const argv = process.argv.slice(2);
const output = { isReaderGone: false };
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A command whose reader has closed the pipe (`verify | head`) finishes, to exit with its own code. One that waits
  // for its reader (`generate | head`) gets the error.
  output.isReaderGone ||= isOfClosedPipe(error);
  if (output.isReaderGone) return;
  process.stderr.write(
    failureOutput(
      fileFailure(error, 'Could not write to standard output'),
      isJsonRequested(argv, process.env),
    ).text,
  );
  process.exit(exitCodes.failed);
});
// The process continues when its log cannot be written.
process.stderr.on('error', () => undefined);

const { stdin, stdout, stderr } = process;
const stopSignal = createStopSignal(stderr);
let endTracing = () => Promise.resolve(true);
try {
  process.exitCode = await run(argv, {
    terminal: {
      stdin,
      stdout,
      stderr,
      clock: systemClock,
      stopSignal: stopSignal.get,
      endAtSignal: stopSignal.release,
      onReload: (listener) => process.on('SIGHUP', listener),
    },
    environment: process.env,
    onTracing: (end) => (endTracing = end),
  });
} catch (error) {
  process.exitCode = exitCodes.failed;
  // The reader closed the pipe intentionally, so no message is needed.
  if (!output.isReaderGone || !isOfClosedPipe(error)) {
    const { text, exitCode } = failureOutput(error, isJsonRequested(argv, process.env));
    stderr.write(text);
    process.exitCode = exitCode;
  }
} finally {
  // The process does not wait for a trace collector that does not respond.
  const isSent = await endTracing();
  if (!isSent || stopSignal.isAsked) {
    // Nor does it wait for a reader that does not read, or a connection that does not close.
    await doneWithin(stopTimes.leftoverMs, new Promise<void>((written) => stdout.write('', () => written())));
    process.exit();
  }
}
// A command with incomplete output does not exit with 0.
process.on('exit', (code) => {
  if (output.isReaderGone && code === exitCodes.done) process.exitCode = exitCodes.failed;
});
