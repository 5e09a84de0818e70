/** Reads secrets from files, as containers and service managers provide them: `ROLLCALL_STORE_FILE` names one. */
import { readFileSync } from 'node:fs';

/** The maximum size of a secret: a larger file is not one. */
const mostBytes = 65_536;

/**
 * Returns the content of a file, one value per line.
 *
 * @throws Error whose message explains the problem without the content.
 */
export function readSecretFile(path: string): readonly string[] {
  const bytes = contentOf(path);
  if (bytes.length > mostBytes)
    throw new Error(`'${path}' does not contain a secret: it is longer than 64 KiB.`);
  const lines = bytes
    .toString()
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new Error(`'${path}' is empty.`);
  return lines;
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`'${path}' cannot be read: ${reasonOf(error)}.`, { cause: error });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'it failed';
  return reasons[code] ?? code;
}
