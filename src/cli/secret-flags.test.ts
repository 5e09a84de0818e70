import { expect, it } from 'vitest';
import type { CommandName } from './options/option.ts';
import { secretFlagWarnings } from './secret-flags.ts';
import { readSettings } from './settings.ts';

const warnings = (command: CommandName, args: readonly string[], environment: Record<string, string> = {}) =>
  secretFlagWarnings(readSettings(command, args, environment));

it.each<[CommandName, string[], string]>([
  [
    'sync',
    ['--client-secret', 'hidden'],
    '--client-secret-file, which names a file, or ROLLCALL_CLIENT_SECRET.',
  ],
  [
    'serve',
    ['--store', 'postgres://user:hidden@db/x'],
    'ROLLCALL_STORE_FILE, which names a file, or ROLLCALL_STORE.',
  ],
  ['verify', ['--store', 'postgres://db/x?user=a&password=hidden'], 'ROLLCALL_STORE_FILE'],
])('%s warns of %j and says what to do', (command, args, says) => {
  const [warning, ...more] = warnings(command, args);
  expect(more).toEqual([]);
  expect(warning).toContain('every user of this machine can read the secret');
  expect(warning).toContain(says);
  expect(warning).not.toContain('hidden');
});

it('prints no warning for other options, or for secrets from elsewhere', () => {
  const environment = { ROLLCALL_STORE: 'postgres://user:hidden@db/x', ROLLCALL_CLIENT_SECRET: 'hidden' };
  expect([
    ...warnings('sync', [], environment),
    ...warnings('serve', ['--store', 'postgres://user@db/x']),
    ...warnings('serve', ['--store', 'sqlite:a.db']),
    ...warnings('sync', ['--client-secret', 'rollcall-dev-secret', '--client-secret-file', 'x']),
  ]).toEqual([]);
});
