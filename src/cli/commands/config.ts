import { printableJson } from '../../base/printable.ts';
import { withoutPassword } from '../../store/postgres/store-url.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../../base/exit.ts';
import { formatTable } from '../table.ts';
import { environmentName, fileVariable, type OptionName, optionTable } from '../options.ts';

export const config: Command = ({ settings, origins }, { stdout }) => {
  const names = [...origins.keys()];
  const rows = names.map((name) => ({
    name,
    value: shownValue(name, settings[name]),
    origin: origins.get(name) ?? 'default',
    environment: environmentName(name),
    ...(fileVariable(name) !== undefined && { secretFile: fileVariable(name) }),
  }));
  if (settings.json)
    stdout.write(`${printableJson(Object.fromEntries(rows.map(({ name, ...row }) => [name, row])))}\n`);
  else
    stdout.write(
      formatTable(
        rows.map(({ name, value, origin, environment, secretFile }) => {
          const variables = [environment, secretFile].filter((variable) => variable !== undefined);
          return [name, shown(value), `(${origin})`, variables.join(', ')];
        }),
        stdout,
        { titles: ['OPTION', 'VALUE', 'FROM', 'VARIABLES'] },
      ),
    );
  return Promise.resolve(exitCodes.done);
};

/** Returns a value without secrets, and a store URL without its password. */
function shownValue(name: OptionName, value: unknown): unknown {
  if (optionTable[name].secret && value !== undefined) return '(not shown)';
  if (Array.isArray(value)) return value.map((one) => shownValue(name, one));
  return typeof value === 'string' ? withoutPassword(value) : (value ?? null);
}

function shown(value: unknown): string {
  return value === null ? '–' : Array.isArray(value) ? value.join(',') : JSON.stringify(value);
}
