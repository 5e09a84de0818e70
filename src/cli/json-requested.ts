/** Decides whether a command was asked for JSON, also where its options cannot be read: its error is then JSON too. */
import { readFileSync } from 'node:fs';
import { environmentName, optionTable } from './options.ts';
import type { CommandName } from './options/option.ts';
import { isOn } from './switch-text.ts';

/** Flags have precedence over variables, variables over the configuration file, as for every option. */
export function isJsonRequested(argv: readonly string[], environment: NodeJS.ProcessEnv): boolean {
  const flags = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined);
  const flag = valueOf(flags, 'json');
  if (flag !== undefined) return isOn(flag);
  // A variable or a file is for several commands: it counts for those that print JSON.
  const [command] = argv;
  if (!optionTable.json.commands.includes(command as CommandName)) return false;
  const variable = environment[environmentName('json')] ?? '';
  if (variable !== '') return isOn(variable);
  return isOn(inFile(valueOf(flags, 'config', flags) ?? environment[environmentName('config')] ?? ''));
}

/** @param next Where the value may be the argument behind the flag. */
function valueOf(flags: readonly string[], name: string, next?: readonly string[]): string | undefined {
  const at = flags.findLastIndex((flag) => flag === `--${name}` || flag.startsWith(`--${name}=`));
  if (at < 0) return undefined;
  const flag = flags[at]!; // findLastIndex found it
  if (flag.includes('=')) return flag.slice(flag.indexOf('=') + 1);
  return next === undefined ? 'true' : (next[at + 1] ?? '');
}

/** A file that cannot be read is an error, which the settings report. */
function inFile(path: string): string {
  if (path === '') return '';
  try {
    const content = JSON.parse(readFileSync(path, 'utf8')) as { readonly json?: string | boolean } | null;
    return String(content?.json);
  } catch {
    return '';
  }
}
