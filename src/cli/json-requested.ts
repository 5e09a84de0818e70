/** Decides whether JSON output was requested, even when the options are invalid: the error is then JSON too. */
import { readFileSync } from 'node:fs';
import { environmentName, optionTable } from './options.ts';
import type { CommandName } from './options/option.ts';
import { isOn } from './switch-text.ts';

/**
 * Returns whether JSON was requested. As for every option, flags override variables, and variables override the
 * configuration file.
 */
export function isJsonRequested(argv: readonly string[], environment: NodeJS.ProcessEnv): boolean {
  const flags = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined);
  const flag = valueOf(flags, 'json');
  if (flag !== undefined) return isOn(flag);
  // A variable or a file is shared by several commands: it applies to those that print JSON.
  const [command] = argv;
  if (!optionTable.json.commands.includes(command as CommandName)) return false;
  const variable = environment[environmentName('json')] ?? '';
  if (variable !== '') return isOn(variable);
  return isOn(inFile(valueOf(flags, 'config', flags) ?? environment[environmentName('config')] ?? ''));
}

/** Returns the value of a flag. @param next True when the value may be the next argument. */
function valueOf(flags: readonly string[], name: string, next?: readonly string[]): string | undefined {
  const at = flags.findLastIndex((flag) => flag === `--${name}` || flag.startsWith(`--${name}=`));
  if (at < 0) return undefined;
  const flag = flags[at]!; // findLastIndex found it
  if (flag.includes('=')) return flag.slice(flag.indexOf('=') + 1);
  return next === undefined ? 'true' : (next[at + 1] ?? '');
}

/** Returns the value in a file. The settings report a file that cannot be read. */
function inFile(path: string): string {
  if (path === '') return '';
  try {
    const content = JSON.parse(readFileSync(path, 'utf8')) as { readonly json?: string | boolean } | null;
    return String(content?.json);
  } catch {
    return '';
  }
}
