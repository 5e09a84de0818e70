/**
 * Reads the password file of PostgreSQL's clients as libpq does (PostgreSQL manual, 32.16, The Password File). The
 * driver itself would use the last matching line instead of the first (docs/decisions/0032-what-pg-does.md).
 */
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '../store-errors.ts';

/** The server, database and user of a connection. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** Returns the path where libpq looks for it. */
function passwordFile(): string {
  const { PGPASSFILE: named, APPDATA: folder = '' } = process.env;
  if (named !== undefined && named !== '') return named;
  return process.platform === 'win32'
    ? join(folder, 'postgresql', 'pgpass.conf')
    : join(homedir(), '.pgpass');
}

/**
 * Returns the password for a login.
 *
 * @returns `undefined` when there is none for the login.
 * @throws StoreError
 */
export async function passwordFor(login: Login, path = passwordFile()): Promise<string | undefined> {
  let text: string;
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new StoreError(
        `The password file '${path}' is ignored because users other than its owner can read or write it. Run chmod 600 on it.`,
      );
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (error instanceof StoreError) throw error;
    throw new StoreError(`The password file '${path}' cannot be read: ${code}.`, { cause: error });
  }
  // A socket's host is a path, and this machine's name matches too.
  const hosts = login.host.startsWith('/') ? [login.host, 'localhost'] : [login.host];
  const wanted = [hosts, [String(login.port)], [login.database], [login.user]];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = fieldsOf(line);
    const isIt = wanted.every((values, i) => fields[i] === '*' || values.includes(plain(fields[i] ?? '')));
    if (isIt && fields[4] !== undefined) return plain(fields[4]);
  }
  return undefined;
}

/** Splits a line; an escaped star stays escaped, because it is no wildcard. */
function fieldsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|:)((?:\\.|[^:])*)/g)].map(([, field = '']) => field);
}

function plain(field: string): string {
  return field.replace(/\\(.)/g, '$1');
}
