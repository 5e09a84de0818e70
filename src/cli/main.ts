#!/usr/bin/env node
/** `rollcall COMMAND …`: which command, and how it ends. */
import { systemClock } from '../clock.ts';
import { printableLines } from '../printable.ts';
import { doneWithin, stopTimes } from '../stopping.ts';
import { StoreError } from '../store/store.ts';
import { TracingSettingsError } from '../tracing/settings.ts';
import { startTracing } from '../tracing/start.ts';
import { version } from '../version.ts';
import { NoWorkerError } from '../workers/pool.ts';
import type { Command, Screen, Terminal } from './command.ts';
import { exitCodes, UsageError } from './exit.ts';
import { FileError, fileFailure } from './file-failure.ts';
import { logBy } from './logging.ts';
import { nearest } from './nearest.ts';
import type { CommandName } from './options/option.ts';
import { secretFlagWarnings } from './secret-flags.ts';
import { readSettings } from './settings.ts';
import { createStopSignal } from './stop-signal.ts';

let endTracing = () => Promise.resolve(true);

/** Each loads what it works with, and nothing of the others. */
const commands: Readonly<Record<CommandName, () => Promise<Command>>> = {
  dev: async () => (await import('./commands/dev.ts')).dev,
  serve: async () => (await import('./commands/serve.ts')).serve,
  import: async () => (await import('./commands/import.ts')).importRecords,
  generate: async () => (await import('./commands/generate.ts')).generate,
  token: async () => (await import('./commands/token.ts')).token,
  sync: async () => (await import('./commands/sync.ts')).sync,
  verify: async () => (await import('./commands/verify.ts')).verify,
  export: async () => (await import('./commands/export.ts')).exportRecords,
  store: async () => (await import('./commands/store.ts')).store,
  retention: async () => (await import('./commands/retention.ts')).retention,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  completion: async () => (await import('./commands/completion.ts')).completion,
  config: async () => (await import('./commands/config.ts')).config,
};

async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = argv;
  const { stdout, stderr } = terminal;
  if (name === undefined) {
    stderr.write(await help([], stderr));
    return exitCodes.usage;
  }
  if (name === '--version') {
    stdout.write(`${version}\n`);
    return exitCodes.done;
  }
  const asked = helpWords(argv);
  if (asked !== undefined) {
    stdout.write(await help(asked, stdout));
    return exitCodes.done;
  }
  if (!isCommand(name)) {
    const near = nearest(name, [...Object.keys(commands), 'help']);
    const meant = near === undefined ? '' : ` Did you mean ${near}?`;
    throw new UsageError([`${name}: there is no such command.${meant} See rollcall --help.`]);
  }
  const read = readSettings(name, rest, process.env);
  for (const warning of secretFlagWarnings(read)) stderr.write(`${warning}\n`);
  endTracing = await startTracing(process.env, logBy(read.settings, terminal));
  const command = await commands[name]();
  return command(read, terminal);
}

async function help(words: readonly string[], screen: Screen): Promise<string> {
  // Loaded by those who ask: the start of commands is not to wait for it.
  const { helpOn } = await import('./manual/help.ts');
  return helpOn(words, screen, process.env);
}

/** What help is asked on; `undefined` where it is not asked for. */
function helpWords(argv: readonly string[]): readonly string[] | undefined {
  const isHelp = (word: string) => word === '--help' || word === '-h';
  const [name = '', ...rest] = argv;
  if (name === 'help') return rest.filter((word) => !isHelp(word));
  if (isHelp(name)) return [];
  // What stands behind -- is no option.
  const end = rest.indexOf('--');
  if (!isCommand(name) || !rest.slice(0, end < 0 ? undefined : end).some(isHelp)) return undefined;
  const [action] = rest;
  return action === undefined || action.startsWith('-') ? [name] : [name, action];
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

/** A failure in words; what nobody foresaw, with its stack, for a bug report. */
function explain(error: unknown): { text: string; code: number } {
  if (error instanceof TracingSettingsError) return { text: error.message, code: exitCodes.usage };
  if (error instanceof UsageError) return { text: error.problems.join('\n'), code: exitCodes.usage };
  if (error instanceof StoreError || error instanceof NoWorkerError || error instanceof FileError)
    return { text: error.message, code: exitCodes.failed };
  return {
    text: error instanceof Error ? (error.stack ?? error.message) : String(error),
    code: exitCodes.failed,
  };
}

/** True of a write to a pipe that nobody reads, also where it is the cause of another error. */
function isOfClosedPipe(error: unknown): boolean {
  return (
    error instanceof Error && (('code' in error && error.code === 'EPIPE') || isOfClosedPipe(error.cause))
  );
}

const output = { isReaderGone: false };
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A command whose reader is gone (`verify | head`) finishes, so that it ends with its own exit code. One that waits for its
  // reader (`generate | head`) gets the error.
  output.isReaderGone ||= isOfClosedPipe(error);
  if (output.isReaderGone) return;
  process.stderr.write(`${explain(fileFailure(error, 'Could not write to standard output')).text}\n`);
  process.exit(exitCodes.failed);
});
// A process continues when its log cannot be written.
process.stderr.on('error', () => undefined);

const { stdin, stdout, stderr } = process;
const stopSignal = createStopSignal(stderr);
try {
  process.exitCode = await run(process.argv.slice(2), {
    stdin,
    stdout,
    stderr,
    clock: systemClock,
    stopSignal: stopSignal.get,
    onReload: (listener) => process.on('SIGHUP', listener),
  });
} catch (error) {
  process.exitCode = exitCodes.failed;
  // The reader chose to go: that needs no message.
  if (!output.isReaderGone || !isOfClosedPipe(error)) {
    const { text, code } = explain(error);
    stderr.write(`${printableLines(text)}\n`);
    process.exitCode = code;
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
