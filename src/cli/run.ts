/** Finds the command that an argument list names, runs it, and explains how it failed. */
import { printable } from '../base/printable.ts';
import { StoreError } from '../store/store-errors.ts';
import { TracingSettingsError } from '../base/tracing/settings.ts';
import { startTracing } from '../base/tracing/start.ts';
import { version } from '../base/version.ts';
import { NoWorkerError } from '../serve/workers/no-worker-error.ts';
import type { Command } from './command.ts';
import type { Screen, Terminal } from '../base/terminal.ts';
import { exitCodes, UsageError } from '../base/exit.ts';
import { FileError } from './file-failure.ts';
import { programInHelp, withDocuments } from './installation.ts';
import { logBy } from '../serve/observe/logging.ts';
import type { HelpRequest } from './manual/help.ts';
import { nearest } from './nearest.ts';
import { type CommandName, listeners } from './options/option.ts';
import { secretFlagWarnings } from './secret-flags.ts';
import { type ReadSettings, readSettings } from './settings.ts';
import { variableProblems } from './variables.ts';

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
  quarantine: async () => (await import('./commands/quarantine.ts')).quarantine,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  completion: async () => (await import('./commands/completion.ts')).completion,
  config: async () => (await import('./commands/config.ts')).config,
};

/** Where a command runs. */
interface Surroundings {
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  /** @param end Sends the remaining traces; called when the command has ended */
  readonly onTracing: (end: () => Promise<boolean>) => void;
}

/** Runs a command. @returns Its exit code */
export async function run(
  argv: readonly string[],
  { terminal, environment, onTracing }: Surroundings,
): Promise<number> {
  const [name, ...rest] = argv;
  const { stdout, stderr } = terminal;
  if (name === undefined) {
    stderr.write(await help({ words: [] }, stderr, environment));
    return exitCodes.usage;
  }
  if (name === '--version') {
    stdout.write(`${version}\n`);
    return exitCodes.done;
  }
  const asked = helpRequest(argv);
  if (asked !== undefined) {
    stdout.write(await help(asked, stdout, environment));
    return exitCodes.done;
  }
  if (!isCommand(name)) {
    const near = nearest(name, [...Object.keys(commands), 'help']);
    const meant = near === undefined ? '' : ` Did you mean ${near}?`;
    throw new UsageError([`${name}: there is no such command.${meant} See rollcall --help.`]);
  }
  const warnings = variableProblems(environment).map(({ says, remedy }) => `${says} ${remedy}`);
  const warn = (lines: readonly string[]) => lines.forEach((line) => stderr.write(`${printable(line)}\n`));
  const read = readOr(() => warn(warnings), name, rest, environment);
  warnings.unshift(...secretFlagWarnings(read));
  const log = logBy(read.settings, terminal);
  // What collects the log of a server reads lines of one form.
  if (listeners.includes(name)) for (const line of warnings) log.write('warn', line);
  else warn(warnings);
  onTracing(await startTracing(environment, log));
  const command = await commands[name]();
  return command(read, terminal);
}

/** @param onProblem Called before the error is thrown. */
function readOr(
  onProblem: () => void,
  ...[name, argv, environment]: Parameters<typeof readSettings>
): ReadSettings {
  try {
    return readSettings(name, argv, environment);
  } catch (error) {
    onProblem();
    throw error;
  }
}

async function help(request: HelpRequest, screen: Screen, environment: NodeJS.ProcessEnv): Promise<string> {
  // Loaded on request, so that other commands start without it.
  const { helpOn } = await import('./manual/help.ts');
  return withDocuments(helpOn(request, screen, environment, programInHelp()));
}

/** Reads which help is requested; `undefined` where none is. */
function helpRequest(argv: readonly string[]): HelpRequest | undefined {
  const isHelp = (word: string) => word === '--help' || word === '-h';
  const [name = '', ...rest] = argv;
  if (name === 'help') return { words: rest.filter((word) => !isHelp(word)) };
  if (isHelp(name)) return { words: [] };
  // Words behind -- are operands.
  const end = rest.indexOf('--');
  if (!isCommand(name) || !rest.slice(0, end < 0 ? undefined : end).some(isHelp)) return undefined;
  const [action] = rest;
  const words = action === undefined || action.startsWith('-') ? [name] : [name, action];
  return { words, isShort: true };
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

/** Returns the message of a failure and its exit code; an unexpected error has its stack, for a bug report. */
export function explainFailure(error: unknown): { text: string; code: number } {
  if (error instanceof TracingSettingsError) return { text: error.message, code: exitCodes.usage };
  if (error instanceof UsageError)
    return { text: withDocuments(error.problems.join('\n')), code: exitCodes.usage };
  if (error instanceof StoreError || error instanceof NoWorkerError || error instanceof FileError)
    return { text: withDocuments(error.message), code: exitCodes.failed };
  return {
    text: error instanceof Error ? (error.stack ?? error.message) : String(error),
    code: exitCodes.failed,
  };
}
