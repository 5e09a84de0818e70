/** Finds secrets among the arguments of a command: every user of the machine can read them in the process list. */
import { development } from '../base/development.ts';
import { environmentName, fileVariable, type OptionName, optionTable } from './options.ts';
import type { ReadSettings } from './settings.ts';
import { shownStore } from '../store/shown-url.ts';

/** Returns a sentence for each option with a secret, without the secret. */
export function secretFlagWarnings({ settings, origins }: ReadSettings): readonly string[] {
  return [...origins]
    .filter(
      ([name, origin]) =>
        origin === 'flag' && valuesOf(settings[name]).some((value) => isSecret(name, value)),
    )
    .map(
      ([name]) =>
        `--${name}: every user of this machine can read the secret in the process list. Use ${alternativesOf(name)}.`,
    );
}

function valuesOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}

function isSecret(name: OptionName, value: string): boolean {
  const { secret, holdsSecret } = optionTable[name];
  // The secret of the development server is public.
  if (secret === true) return value !== development.clientSecret;
  return holdsSecret === true && shownStore(value).replaceAll("'", '') !== value;
}

function alternativesOf(name: OptionName): string {
  const file = `${name}-file`;
  const inFile = Object.hasOwn(optionTable, file) ? `--${file}` : (fileVariable(name) ?? '');
  return `${inFile}, which names a file, or ${environmentName(name)}`;
}
