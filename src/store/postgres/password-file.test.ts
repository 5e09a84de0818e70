import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { StoreError } from '../store-errors.ts';
import { type Login, passwordFor } from './password-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'pgpass');
const login: Login = { host: 'db.example', port: 5432, database: 'rollcall', user: 'keeper' };

function found(text: string, of: Partial<Login> = {}): Promise<string | undefined> {
  writeFileSync(path, text, { mode: 0o600 });
  return passwordFor({ ...login, ...of }, path);
}

it.each([
  ['db.example:5432:rollcall:keeper:secret', 'secret'],
  ['*:*:*:*:secret\n', 'secret'],
  ['*:*:*:*:secret\r\n', 'secret'],
  ['*:*:*:*:', ''],
  ['# db.example:5432:rollcall:keeper:no\n\nother:*:*:*:no\n*:*:rollcall:*:first\n*:*:*:*:second', 'first'],
  [String.raw`*:*:*:*:a\:b\\c`, String.raw`a:b\c`],
  ['*:*:*:*:ends here:no', 'ends here'],
  ['*:*:*:*', undefined],
  ['*', undefined],
  ['', undefined],
  ['*:5433:*:*:no', undefined],
  ['*:*:*:keep*:no', undefined],
  [String.raw`*:*:*:\*:no`, undefined],
])('%j gives %j', async (text, password) => {
  expect(await found(text)).toBe(password);
});

it('compares escaped names unescaped', async () => {
  expect(await found(String.raw`\:\:1:*:a\\b:*:yes`, { host: '::1', database: String.raw`a\b` })).toBe('yes');
});

it.each(['/var/run/postgresql:*:*:*:yes', 'localhost:*:*:*:yes'])('knows a socket by %j', async (text) => {
  expect(await found(text, { host: '/var/run/postgresql' })).toBe('yes');
});

it('may be missing', async () => {
  expect(await passwordFor(login, join(folder, 'none'))).toBeUndefined();
  expect(await passwordFor(login, join(path, 'none'))).toBeUndefined();
});

it.each([0o640, 0o604, 0o666])('is refused with an error message when its mode is %o', async (mode) => {
  writeFileSync(path, '*:*:*:*:secret');
  chmodSync(path, mode);
  await expect(passwordFor(login, path)).rejects.toThrow(
    new StoreError(
      `The password file '${path}' is ignored because users other than its owner can read or write it. Run chmod 600 on it.`,
    ),
  );
});

it('is refused with an error message when it is no file', async () => {
  const place = join(folder, 'folder');
  mkdirSync(place, { mode: 0o700 });
  await expect(passwordFor(login, place)).rejects.toThrow(
    new StoreError(`The password file '${place}' cannot be read: EISDIR.`),
  );
});
