/**
 * Defines every option of every command once: values, default and help. This table drives the parsing of flags,
 * environment (`ROLLCALL_…`) and configuration file, and the help. Its rows are in `options/`, by topic.
 */
import { apiOptions } from './options/api.ts';
import { commonOptions } from './options/common.ts';
import { generatedOptions } from './options/generated.ts';
import { listeningOptions } from './options/listening.ts';
import type { CommandName, Option } from './options/option.ts';
import { outputOptions } from './options/output.ts';
import { emulatorOptions } from './options/emulator.ts';
import { findingOptions } from './options/finding.ts';
import { storeOptions } from './options/store.ts';
import { importOptions } from './options/import.ts';
import { tokensOptions } from './options/tokens.ts';
import { upstreamOptions } from './options/upstream.ts';
import { loggingOptions } from './options/logging.ts';

export const options = {
  ...storeOptions,
  ...listeningOptions,
  ...importOptions,
  ...findingOptions,
  ...outputOptions,
  ...upstreamOptions,
  ...tokensOptions,
  ...apiOptions,
  ...emulatorOptions,
  ...generatedOptions,
  ...loggingOptions,
  ...commonOptions,
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof options;
export const optionTable: Readonly<Record<OptionName, Option>> = options;

/** The topics, in the order of the help. */
const groups: Readonly<Record<string, Readonly<Partial<Record<OptionName, Option>>>>> = {
  Store: storeOptions,
  Listening: listeningOptions,
  'Import, export and retention': importOptions,
  'Finding calls': findingOptions,
  Output: outputOptions,
  Upstream: upstreamOptions,
  'Authority, application and sign-in': tokensOptions,
  'The API': apiOptions,
  Simulation: emulatorOptions,
  'Generated records': generatedOptions,
  'Logs and health': loggingOptions,
  Common: commonOptions,
};

/** Returns the options of a command; for `config`, which shows them, all. */
export function optionsOf(command: CommandName): OptionName[] {
  const names = Object.keys(options) as OptionName[]; // the table's own keys
  if (command === 'config') return names;
  return names.filter((name) => optionTable[name].commands.includes(command));
}

/** Returns the options by topic. @param action An action of `store`, with only its own options. */
export function optionGroups(
  command: CommandName,
  action?: string,
): readonly { readonly title: string; readonly names: readonly OptionName[] }[] {
  const own = optionsOf(command).filter((name) => takes(name, action));
  return Object.entries(groups)
    .map(([title, rows]) => ({ title, names: own.filter((name) => name in rows) }))
    .filter(({ names }) => names.length > 0);
}

/** Returns whether an action of a command accepts one of the command's options. */
export function takes(name: OptionName, action: string | undefined): boolean {
  return action === undefined || (optionTable[name].actions?.includes(action) ?? true);
}

/** Returns an option with the differences of a command applied. */
export function optionIn(name: OptionName, command: CommandName): Option {
  const option = optionTable[name];
  return { ...option, ...option.in?.[command] };
}

/** Returns the variable of an option: `ROLLCALL_TLS_CERT` for `tls-cert`. */
export function environmentName(name: string): string {
  return `ROLLCALL_${name.toUpperCase().replaceAll('-', '_')}`;
}

/**
 * Returns the variable that names a file with the option's value; `undefined` for an option that is not secret, and for
 * a secret whose file has its own option (`--client-secret-file`).
 */
export function fileVariable(name: OptionName): string | undefined {
  const { secret, holdsSecret } = optionTable[name];
  if (secret !== true && holdsSecret !== true) return undefined;
  return Object.hasOwn(optionTable, `${name}-file`) ? undefined : `${environmentName(name)}_FILE`;
}

/** Returns the flag as shown in help: `--port NUMBER`. */
export function flagOf(name: OptionName, command: CommandName): string {
  const { value } = optionIn(name, command);
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

/** Returns the default; `undefined` when there is none, as for a switch. */
export function standardOf(name: OptionName, command: CommandName): string | undefined {
  const { standard, default: fallback } = optionIn(name, command);
  if (standard !== undefined) return standard;
  return Array.isArray(fallback) ? fallback.join(', ') : fallback?.toString();
}

/** Returns the help text with the allowed values. */
export function explain(name: OptionName, command: CommandName): string {
  const { kind, help, choices, takesOne, hasCommas } = optionIn(name, command);
  const oneOf = choices === undefined ? '' : ` One of ${choices.join(', ')}.`;
  const several = hasCommas === true ? ' Repeatable.' : ' Repeatable, or with commas.';
  const repeatable = kind === 'list' && takesOne !== true ? several : '';
  const file = fileVariable(name);
  return `${help}${oneOf}${repeatable}${file === undefined ? '' : ` ${file} names a file with it.`}`;
}
