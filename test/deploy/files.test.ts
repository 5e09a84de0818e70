/** The files of `deploy/` and the Dockerfile name options of the program, and no others. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type OptionName, optionTable } from '../../src/cli/options.ts';
import { read, variablesOf } from './deployed.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const files = [
  'Dockerfile',
  ...readdirSync(`${project}/deploy`, { recursive: true, encoding: 'utf8' })
    .map((name) => `deploy/${name}`)
    .filter((name) => /\.(ya?ml|tpl|service|conf|env|example|cron|sh|txt)$/.test(name)),
];

it('every variable and flag in them is an option', () => {
  // The table's own keys, and variables of compose and of the registration.
  const known = new Set([
    ...variablesOf(Object.keys(optionTable) as OptionName[]),
    'ROLLCALL_IMAGE',
    'ROLLCALL_REGISTER_PAUSE',
  ]);
  expect(files.length).toBeGreaterThan(30);
  for (const file of files) {
    // Prose says ROLLCALL_NAME for any.
    const named = [...read(file).matchAll(/ROLLCALL_[A-Z][A-Z_]*/g)]
      .map(([name]) => name)
      .filter((name) => name !== 'ROLLCALL_NAME');
    expect([file, named.filter((name) => !known.has(name))]).toEqual([file, []]);
    const flags = [
      ...read(file).matchAll(/rollcall (?:serve|sync|verify|retention)((?: --?[a-z-]+\S*)+)/g),
    ].flatMap(([, all]) => all!.match(/--[a-z-]+/g) ?? []);
    expect([file, flags.filter((flag) => flag !== '--help' && !(flag.slice(2) in optionTable))]).toEqual([
      file,
      [],
    ]);
  }
});
