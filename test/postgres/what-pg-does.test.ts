/**
 * What `pg` and the packages that it brings do with URLs and password files: each row is a reason for code of ours
 * (docs/decisions/0032-what-pg-does.md). A row that fails after an update says that the code may go.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const clientOf = (url: string) => new pg.Client(`${url}${url.includes('?') ? '&' : '?'}uselibpqcompat=true`);

describe('the driver', () => {
  it('takes no URL with several hosts', () => {
    expect(() => clientOf('postgres://a:5432,b:5432/db')).toThrow('Invalid URL');
  });

  it('passes over target_session_attrs', () => {
    expect(clientOf('postgres://a/db?target_session_attrs=primary')).toMatchObject({ host: 'a', port: 5432 });
  });

  it.each(['12/hush', '12?hush', '12#hush'])('connects to the user where the password is %s', (password) => {
    expect(clientOf(`postgres://me:${password}@a/db`)).toMatchObject({ host: 'me', port: 12 });
  });

  it.each([
    ['sslmode=', false],
    ['sslmode=allow', {}],
    ['sslmode=verify_full', {}],
  ])('takes %s for %j', (option, ssl) => {
    expect(clientOf(`postgres://a/db?${option}`).ssl).toEqual(ssl);
  });

  it('names neither the option nor what to do for a file that is not there', () => {
    expect(() => clientOf('postgres://a/db?sslcert=/none/x.pem')).toThrow(
      "ENOENT: no such file or directory, open '/none/x.pem'",
    );
  });

  it('takes files for certificate and key that are none, and one without the other', () => {
    const path = join(folder, 'words.pem');
    writeFileSync(path, 'words');
    expect(() =>
      clientOf(`postgres://a/db?sslcert=${path}&sslkey=${path}&sslrootcert=${path}`),
    ).not.toThrow();
    expect(() => clientOf(`postgres://a/db?sslcert=${path}`)).not.toThrow();
  });
});

describe('pgpass', () => {
  const pgpass = createRequire(import.meta.resolve('pg'))('pgpass') as {
    (login: object, onFound: (password?: string) => void): void;
    warnTo(stream: undefined): void;
  };
  pgpass.warnTo(undefined);
  const path = join(folder, 'pgpass');
  const login = { host: 'db.example', port: 5432, database: 'rollcall', user: 'keeper' };

  function found(text: string, { of = login, mode = 0o600 } = {}): Promise<string | undefined> {
    rmSync(path, { force: true });
    writeFileSync(path, text, { mode });
    vi.stubEnv('PGPASSFILE', path).stubEnv('PGPASSWORD', undefined);
    return new Promise((resolve) => pgpass(of, resolve));
  }

  it.each([
    ['db.example:*:*:*:first\n*:*:*:*:second', 'second', 'first'],
    ['*:*:*:*:ends here:no', 'ends here:no', 'ends here'],
    ['*:*:*:*:ab', undefined, 'ab'],
    [String.raw`*:*:*:*:a\b`, String.raw`a\b`, 'ab'],
  ])('gives for %j %j, where libpq gives %j', async (text, password, libpq) => {
    expect(await found(text)).toBe(password);
    expect(password).not.toBe(libpq);
  });

  it('does not know a socket by localhost', async () => {
    expect(await found('localhost:*:*:*:yes', { of: { ...login, host: '/run/postgresql' } })).toBeUndefined();
  });

  it('passes over a file that others may read, and every file while PGPASSWORD is empty', async () => {
    expect(await found('*:*:*:*:secret', { mode: 0o644 })).toBeUndefined();
    expect(await found('*:*:*:*:secret')).toBe('secret');
    vi.stubEnv('PGPASSWORD', '');
    expect(await new Promise((resolve) => pgpass(login, resolve))).toBeUndefined();
  });
});
