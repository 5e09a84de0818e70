#!/usr/bin/env node
/** `rollcall COMMAND …`: which command, and how it ends. */
import { systemClock } from '../clock.ts';
import { StoreError } from '../store/store.ts';
import { TracingSettingsError } from '../tracing/settings.ts';
import { startTracing } from '../tracing/start.ts';
import { version } from '../version.ts';
import { NoWorkerError } from '../workers/pool.ts';
import type { Command, Terminal } from './command.ts';
import { completion } from './commands/completion.ts';
import { config } from './commands/config.ts';
import { dev } from './commands/dev.ts';
import { exportRecords } from './commands/export.ts';
import { doctor } from './commands/doctor.ts';
import { generate } from './commands/generate.ts';
import { importRecords } from './commands/import.ts';
import { retention } from './commands/retention.ts';
import { serve } from './commands/serve.ts';
import { store } from './commands/store.ts';
import { sync } from './commands/sync.ts';
import { token } from './commands/token.ts';
import { verify } from './commands/verify.ts';
import { exitCodes, UsageError } from './exit.ts';
import { overview, usageOf } from './help.ts';
import type { CommandName } from './options.ts';
import { readSettings } from './settings.ts';

const commands: Readonly<Record<CommandName, Command>> = {
  dev,
  serve,
  import: importRecords,
  generate,
  token,
  sync,
  verify,
  export: exportRecords,
  store,
  retention,
  doctor,
  completion,
  config,
};

async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    (name === undefined ? terminal.stderr : terminal.stdout).write(overview());
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  if (name === '--version') {
    terminal.stdout.write(`${version}\n`);
    return exitCodes.done;
  }
  if (!isCommand(name)) throw new UsageError([`${name}: there is no such command. See rollcall --help.`]);
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.stdout.write(usageOf(name));
    return exitCodes.done;
  }
  return commands[name](readSettings(name, rest, process.env), terminal);
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

/** A failure in words; what nobody foresaw, with its stack, for a bug report. */
function explain(error: unknown): { text: string; code: number } {
  if (error instanceof TracingSettingsError) return { text: error.message, code: exitCodes.usage };
  if (error instanceof UsageError) return { text: error.problems.join('\n'), code: exitCodes.usage };
  if (error instanceof StoreError || error instanceof NoWorkerError)
    return { text: error.message, code: exitCodes.failed };
  return {
    text: error instanceof Error ? (error.stack ?? error.message) : String(error),
    code: exitCodes.failed,
  };
}

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
});
// A reader that has seen enough (`generate | head`) ends the command; it is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const { stdin, stdout, stderr } = process;
let endTracing = () => Promise.resolve(true);
try {
  endTracing = await startTracing(process.env, (line) => stderr.write(line));
  process.exitCode = await run(process.argv.slice(2), {
    stdin,
    stdout,
    stderr,
    clock: systemClock,
    stopped,
    onReload: (listener) => process.on('SIGHUP', listener),
  });
} catch (error) {
  const { text, code } = explain(error);
  stderr.write(`${text}\n`);
  process.exitCode = code;
} finally {
  // A collector that does not answer keeps nobody waiting.
  if (!(await endTracing())) stdout.write('', () => process.exit());
}
