/** Finds the command in an argument list and runs it. */
import { printable } from '../base/printable.ts';
import { startTracing } from '../base/tracing/start.ts';
import { version } from '../base/version.ts';
import type { Command } from './command.ts';
import type { Screen, Terminal } from '../base/terminal.ts';
import { exitCodes, UsageError } from '../base/exit.ts';
import { programInHelp, withDocuments } from './installation.ts';
import { isJsonRequested } from './json-requested.ts';
import { logBy } from '../serve/observe/logging.ts';
import type { HelpRequest } from './manual/help.ts';
import { nearest } from './nearest.ts';
import { type CommandName, listeners } from './options/option.ts';
import { secretFlagWarnings } from './secret-flags.ts';
import { type ReadSettings, readSettings } from './settings.ts';
import { variableProblems } from './variables.ts';

/** Each command imports only its own modules. */
const commands: Readonly<Record<CommandName, () => Promise<Command>>> = {
  dev: async () => (await import('./commands/dev.ts')).dev,
  serve: async () => (await import('./commands/serve.ts')).serve,
  import: async () => (await import('./commands/import.ts')).importRecords,
  generate: async () => (await import('./commands/generate.ts')).generate,
  token: async () => (await import('./commands/token.ts')).token,
  sync: async () => (await import('./commands/sync.ts')).sync,
  verify: async () => (await import('./commands/verify.ts')).verify,
  export: async () => (await import('./commands/export.ts')).exportRecords,
  find: async () => (await import('./commands/find.ts')).find,
  show: async () => (await import('./commands/show.ts')).show,
  store: async () => (await import('./commands/store.ts')).store,
  retention: async () => (await import('./commands/retention.ts')).retention,
  quarantine: async () => (await import('./commands/quarantine.ts')).quarantine,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  completion: async () => (await import('./commands/completion.ts')).completion,
  config: async () => (await import('./commands/config.ts')).config,
};

/** The environment of a command. */
interface Surroundings {
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  /** Called when tracing starts. @param end Sends the remaining traces; called when the command has ended */
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
  const warn = () => warnings.forEach((line) => stderr.write(`${printable(line)}\n`));
  // Standard error has one line, of JSON, when a command with --json fails.
  const isJson = isJsonRequested(argv, environment);
  let read: ReadSettings;
  try {
    read = readSettings(name, rest, environment);
  } catch (error) {
    if (isJson && error instanceof UsageError) throw new UsageError([...error.problems, ...warnings]);
    warn();
    throw error;
  }
  warnings.unshift(...secretFlagWarnings(read));
  const log = logBy(read.settings, terminal);
  // All lines of a server's log have the same format.
  if (listeners.includes(name)) for (const line of warnings.splice(0)) log.write('warn', line);
  else if (!isJson) warn();
  onTracing(await startTracing(environment, log));
  const command = await commands[name]();
  const code = await command(read, terminal);
  if (isJson) warn();
  return code;
}

async function help(request: HelpRequest, screen: Screen, environment: NodeJS.ProcessEnv): Promise<string> {
  // Imported on request, so that other commands start without it.
  const { helpOn } = await import('./manual/help.ts');
  return withDocuments(helpOn(request, screen, environment, programInHelp()));
}

/** Returns the requested help; `undefined` when none is requested. */
function helpRequest(argv: readonly string[]): HelpRequest | undefined {
  const isHelp = (word: string) => word === '--help' || word === '-h';
  const [name = '', ...rest] = argv;
  if (name === 'help') return { words: rest.filter((word) => !isHelp(word)) };
  if (isHelp(name)) return { words: [] };
  // Words after -- are operands.
  const end = rest.indexOf('--');
  if (!isCommand(name) || !rest.slice(0, end < 0 ? undefined : end).some(isHelp)) return undefined;
  const [action] = rest;
  const words = action === undefined || action.startsWith('-') ? [name] : [name, action];
  return { words, isShort: true };
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
