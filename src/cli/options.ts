/**
 * Every option of every command, once: what it takes, its default, its help. Flags, environment (`ROLLCALL_…`) and the
 * configuration file are read by this table, and the help is written from it. Its rows stand in `options/`, by concern.
 */
import { apiOptions } from './options/api.ts';
import { commonOptions } from './options/common.ts';
import { generatedOptions } from './options/generated.ts';
import { listeningOptions } from './options/listening.ts';
import type { CommandName, Option } from './options/option.ts';
import { outputOptions } from './options/output.ts';
import { emulatorOptions } from './options/emulator.ts';
import { storeOptions } from './options/store.ts';
import { importOptions } from './options/import.ts';
import { tokensOptions } from './options/tokens.ts';
import { upstreamOptions } from './options/upstream.ts';
import { loggingOptions } from './options/logging.ts';

export const options = {
  ...storeOptions,
  ...listeningOptions,
  ...importOptions,
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

/** Their concerns, in the order of the help. */
const groups: Readonly<Record<string, Readonly<Partial<Record<OptionName, Option>>>>> = {
  Store: storeOptions,
  Listening: listeningOptions,
  'Import, export and retention': importOptions,
  Output: outputOptions,
  Upstream: upstreamOptions,
  'Authority, application and sign-in': tokensOptions,
  'The API': apiOptions,
  Simulation: emulatorOptions,
  'Generated records': generatedOptions,
  'Logs and health': loggingOptions,
  Common: commonOptions,
};

/** What a command reads: the options that name it; `config`, which shows them, all. */
export function optionsOf(command: CommandName): OptionName[] {
  const names = Object.keys(options) as OptionName[]; // the table's own keys
  if (command === 'config') return names;
  return names.filter((name) => optionTable[name].commands.includes(command));
}

/** The same by concern. @param action Of `store`: what it takes alone. */
export function optionGroups(
  command: CommandName,
  action?: string,
): readonly { readonly title: string; readonly names: readonly OptionName[] }[] {
  const own = optionsOf(command).filter((name) => takes(name, action));
  return Object.entries(groups)
    .map(([title, rows]) => ({ title, names: own.filter((name) => name in rows) }))
    .filter(({ names }) => names.length > 0);
}

/** Whether an action of a command takes an option that the command has. */
export function takes(name: OptionName, action: string | undefined): boolean {
  return action === undefined || (optionTable[name].actions?.includes(action) ?? true);
}

/** An option as a command takes it. */
export function optionIn(name: OptionName, command: CommandName): Option {
  const option = optionTable[name];
  return { ...option, ...option.in?.[command] };
}

/** `tls-cert` is `ROLLCALL_TLS_CERT`. */
export function environmentName(name: string): string {
  return `ROLLCALL_${name.toUpperCase().replaceAll('-', '_')}`;
}

/**
 * The variable that names a file with the value of an option; `undefined` for what is no secret, and for a secret whose
 * file is an option of its own (`--client-secret-file`).
 */
export function fileVariable(name: OptionName): string | undefined {
  const { secret, holdsSecret } = optionTable[name];
  if (secret !== true && holdsSecret !== true) return undefined;
  return Object.hasOwn(optionTable, `${name}-file`) ? undefined : `${environmentName(name)}_FILE`;
}

/** `--port NUMBER`. */
export function flagOf(name: OptionName, command: CommandName): string {
  const { value } = optionIn(name, command);
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

/** What holds when it is absent; `undefined` where nothing does, as of a switch. */
export function standardOf(name: OptionName, command: CommandName): string | undefined {
  const { standard, default: fallback } = optionIn(name, command);
  if (standard !== undefined) return standard;
  return Array.isArray(fallback) ? fallback.join(', ') : fallback?.toString();
}

/** What it does and which values it takes. */
export function explain(name: OptionName, command: CommandName): string {
  const { kind, help, choices, takesOne } = optionIn(name, command);
  const oneOf = choices === undefined ? '' : ` One of ${choices.join(', ')}.`;
  const repeatable = kind === 'list' && takesOne !== true ? ' Repeatable, or with commas.' : '';
  const file = fileVariable(name);
  return `${help}${oneOf}${repeatable}${file === undefined ? '' : ` ${file} names a file with it.`}`;
}
