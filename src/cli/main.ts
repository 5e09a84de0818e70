#!/usr/bin/env node
/** The process of `rollcall COMMAND …`: its streams, its signals, and how it ends. */
import { systemClock } from '../base/clock.ts';
import { doneWithin, stopTimes } from '../base/stopping.ts';
import { exitCodes } from '../base/exit.ts';
import { fileFailure } from './file-failure.ts';
import { failureOutput } from './failure.ts';
import { isJsonRequested } from './json-requested.ts';
import { run } from './run.ts';
import { createStopSignal } from './stop-signal.ts';

/** True of a write to a pipe that nobody reads, also where it is the cause of another error. */
function isOfClosedPipe(error: unknown): boolean {
  return (
    error instanceof Error && (('code' in error && error.code === 'EPIPE') || isOfClosedPipe(error.cause))
  );
}

const argv = process.argv.slice(2);
const output = { isReaderGone: false };
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A command whose reader is gone (`verify | head`) finishes, so that it ends with its own exit code. One that waits for its
  // reader (`generate | head`) gets the error.
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
// A process continues when its log cannot be written.
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
  // The reader chose to go: that needs no message.
  if (!output.isReaderGone || !isOfClosedPipe(error)) {
    const { text, exitCode } = failureOutput(error, isJsonRequested(argv, process.env));
    stderr.write(text);
    process.exitCode = exitCode;
  }
} finally {
  // A collector that does not answer keeps nobody waiting.
  const isSent = await endTracing();
  if (!isSent || stopSignal.isAsked) {
    // Nor does a reader that reads nothing, or a connection that does not close.
    await doneWithin(stopTimes.leftoverMs, new Promise<void>((written) => stdout.write('', () => written())));
    process.exit();
  }
}
// A command whose output is incomplete does not exit with 0.
process.on('exit', (code) => {
  if (output.isReaderGone && code === exitCodes.done) process.exitCode = exitCodes.failed;
});
