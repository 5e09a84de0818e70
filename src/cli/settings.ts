/** Reads options from flags, environment and file, in that order of precedence, and reports all problems at once. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../base/exit.ts';
import { nearest } from './nearest.ts';
import type { options } from './options.ts';
import {
  environmentName,
  fileVariable,
  optionIn,
  type OptionName,
  optionsOf,
  optionTable,
} from './options.ts';
import type { CommandName, Option } from './options/option.ts';
import { removedOptions } from './options/removed.ts';
import { readSecretFile } from './secret-files.ts';
import { isOff, isOn } from './switch-text.ts';
import { isServiceLink } from './variables.ts';

type Kinds = { text: string; integer: number; switch: boolean; list: readonly string[] };
/** The values by option; those with a default, and switches, always have one. */
export type Settings = {
  readonly [Name in OptionName]: (typeof options)[Name] extends { default: unknown } | { kind: 'switch' }
    ? Kinds[(typeof options)[Name]['kind']]
    : Kinds[(typeof options)[Name]['kind']] | undefined;
};
/** The source of a value; `secret file` is one that the environment names. */
type Origin = 'flag' | 'environment' | 'secret file' | 'file' | 'default';

export interface ReadSettings {
  readonly settings: Settings;
  readonly origins: ReadonlyMap<OptionName, Origin>;
  readonly environment: NodeJS.ProcessEnv;
  /** Reads them again, because the configuration file may have changed. @throws UsageError */
  readonly again: () => ReadSettings;
  /** Arguments that are not options. */
  readonly operands: readonly string[];
}

interface Given {
  readonly origin: Origin;
  readonly texts: readonly string[];
}

/** Reads the settings. @throws UsageError with every problem found. */
export function readSettings(
  command: CommandName,
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): ReadSettings {
  const problems: string[] = [];
  const { flags, operands } = readFlags(command, argv, problems);
  const names = optionsOf(command);
  const path = flags.get('config')?.at(-1) ?? environment[environmentName('config')];
  const file = readFile(path, command, problems);
  problems.push(...rejectedVariables(command, environment));
  const origins = new Map<OptionName, Origin>();
  const values: Partial<Record<OptionName, unknown>> = {};
  for (const name of names) {
    const given = givenValue(name, { flags, environment, file }, problems);
    origins.set(name, given?.origin ?? 'default');
    values[name] =
      given === undefined ? defaultOf(optionTable[name]) : valueOf(name, command, given, problems);
  }
  if (problems.length > 0) throw new UsageError(problems);
  // Every option of the command has a value of its kind; the command reads no others.
  return {
    settings: values as Settings,
    origins,
    environment,
    operands,
    again: () => readSettings(command, argv, environment),
  };
}

function defaultOf(option: Option): unknown {
  return option.default ?? (option.kind === 'switch' ? false : undefined);
}

interface Sources {
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly environment: NodeJS.ProcessEnv;
  readonly file: Readonly<Record<string, unknown>>;
}

function givenValue(
  name: OptionName,
  { flags, environment, file }: Sources,
  problems: string[],
): Given | undefined {
  const flag = flags.get(name);
  if (flag !== undefined) return { origin: 'flag', texts: flag };
  const given = fromEnvironment(name, environment, problems);
  if (given !== undefined) return given;
  const inFile = file[name];
  if (inFile === undefined) return undefined;
  return { origin: 'file', texts: (Array.isArray(inFile) ? inFile : [inFile]).map(String) };
}

/** Returns the value of an option's variable, or of the file that its file variable names. */
function fromEnvironment(
  name: OptionName,
  environment: NodeJS.ProcessEnv,
  problems: string[],
): Given | undefined {
  const variable = environmentName(name);
  const value = environment[variable] ?? '';
  const text = isServiceLink(value) ? '' : value;
  const ofFile = fileVariable(name);
  const path = ofFile === undefined ? '' : (environment[ofFile] ?? '');
  if (ofFile === undefined || path === '')
    return text === '' ? undefined : { origin: 'environment', texts: [text] };
  if (text !== '') problems.push(`${ofFile}: ${variable} is given too. Leave one of them out.`);
  try {
    return { origin: 'secret file', texts: readSecretFile(path) };
  } catch (error) {
    problems.push(`${ofFile}: ${(error as Error).message}`); // an Error, as it says
    return undefined;
  }
}

function readFlags(command: CommandName, argv: readonly string[], problems: string[]) {
  const flags = new Map<string, string[]>();
  const operands: string[] = [];
  const known = new Set<string>(optionsOf(command));
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    if (argument === '--') {
      operands.push(...argv.slice(i + 1));
      break;
    }
    if (!argument.startsWith('--')) {
      if (/^-./.test(argument))
        problems.push(`${argument}: options begin with two hyphens. See rollcall ${command} --help.`);
      else operands.push(argument);
      continue;
    }
    const equals = argument.indexOf('=');
    const name = argument.slice(2, equals < 0 ? undefined : equals);
    if (!known.has(name)) {
      problems.push(`--${name}: ${whyNoOption(name, command, known)}`);
      // The next word may be its value, so it does not count as a path.
      if (equals < 0 && argv[i + 1]?.startsWith('-') === false) i++;
      continue;
    }
    let text = equals < 0 ? undefined : argument.slice(equals + 1);
    const option: Option = optionTable[name as OptionName]; // `known` has names of options
    if (option.kind === 'switch') text ??= 'true';
    else if (text === undefined) {
      const next = argv[i + 1];
      const isLast = next === undefined || next.startsWith('--');
      if (isLast && option.bare !== undefined) text = option.bare;
      else if (isLast) {
        problems.push(`--${name}: a value is missing.`);
        continue;
      } else {
        text = next;
        i++;
      }
    }
    flags.set(name, [...(flags.get(name) ?? []), text]);
  }
  return { flags, operands };
}

function whyNoOption(name: string, command: CommandName, known: ReadonlySet<string>): string {
  const reason = whyRejected(name, command);
  if (reason !== undefined) return reason;
  return `${command} has no such option.${meant(name, known, '--')}`;
}

function meant(name: string, names: Iterable<string> = Object.keys(optionTable), before = ''): string {
  const near = nearest(name, names);
  return near === undefined ? '' : ` Did you mean ${before}${near}?`;
}

/**
 * Returns the rejected variables. A configuration file is shared by several commands, so options of other commands in
 * it are ignored.
 */
function rejectedVariables(command: CommandName, environment: NodeJS.ProcessEnv): string[] {
  return Object.keys(removedOptions)
    .map((name) => ({ variable: environmentName(name), reason: whyRejected(name, command) }))
    .filter(({ variable, reason }) => reason !== undefined && (environment[variable] ?? '') !== '')
    .map(({ variable, reason }) => `${variable}: ${reason}`);
}

/** Returns the replacement of an option of an earlier release. */
function whyRejected(name: string, command: CommandName): string | undefined {
  const removed = Object.hasOwn(removedOptions, name) ? removedOptions[name] : undefined;
  return removed?.commands.includes(command) === true ? `is gone. ${removed.instead}` : undefined;
}

function isOption(name: string): name is OptionName {
  return Object.hasOwn(optionTable, name);
}

function readFile(
  path: string | undefined,
  command: CommandName,
  problems: string[],
): Readonly<Record<string, unknown>> {
  if (path === undefined || path === '') return {};
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(readFileSync(path)));
    if (typeof content !== 'object' || content === null || Array.isArray(content))
      throw new TypeError('not an object');
    const unknown = Object.keys(content).filter((name) => !isOption(name));
    for (const name of unknown)
      problems.push(
        `${name} in the configuration file: ${whyRejected(name, command) ?? `there is no such option.${meant(name)}`}`,
      );
    return content as Readonly<Record<string, unknown>>; // each member is checked where it is read
  } catch (error) {
    problems.push(
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? `--config: there is no file '${path}'.`
        : `--config: '${path}' cannot be read as a JSON object.`,
    );
    return {};
  }
}

function valueOf(
  name: OptionName,
  command: CommandName,
  { origin, texts }: Given,
  problems: string[],
): unknown {
  const read = readValue(optionIn(name, command), texts);
  if ('value' in read) return read.value;
  problems.push(`${placeOf(name, origin)}: ${read.wanted} is expected.`);
  return undefined;
}

function placeOf(name: OptionName, origin: Origin): string {
  if (origin === 'environment') return environmentName(name);
  if (origin === 'secret file') return fileVariable(name)!; // that it comes from
  return origin === 'file' ? `${name} in the configuration file` : `--${name}`;
}

/** Parses the value, or returns the invalid one. */
function readValue(option: Option, texts: readonly string[]): { value: unknown } | { wanted: string } {
  const last = texts.at(-1) ?? '';
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER, pattern, choices } = option;
  switch (option.kind) {
    case 'switch':
      if (isOn(last)) return { value: true };
      return isOff(last) ? { value: false } : { wanted: 'true or false' };
    case 'integer': {
      const number = /^-?\d{1,16}$/.test(last) ? Number(last) : Number.NaN;
      const wanted = `a whole number from ${minimum} to ${maximum}`;
      return number >= minimum && number <= maximum ? { value: number } : { wanted };
    }
    case 'list': {
      const given = option.hasCommas === true ? texts : texts.flatMap((text) => text.split(','));
      const items = given.map((item) => item.trim());
      const value = items.filter((item) => item !== '');
      if (value.length === 0) return { wanted: 'a value' };
      return pattern === undefined || value.every((item) => pattern.form.test(item))
        ? { value }
        : { wanted: pattern.says };
    }
    case 'text':
      if (last === '') return { wanted: 'a value' };
      if (choices && !choices.includes(last)) return { wanted: `one of ${choices.join(', ')}` };
      return pattern === undefined || pattern.form.test(last) ? { value: last } : { wanted: pattern.says };
  }
}
