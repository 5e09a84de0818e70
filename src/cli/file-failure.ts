/** Converts errors of files that a command reads or writes to messages. */

/** Thrown for an unusable file: the command exits with the message. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** Reasons, which follow the part of the message that says what failed. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free some space and run the command again.',
  EDQUOT: "this user's quota of the disk is used up. Free some space and run the command again.",
  EFBIG:
    'the file would be larger than this process may write. Raise the limit (ulimit -f) and run the command again.',
  EROFS: 'the file system is read-only. Name a file on another.',
  EACCES: 'this user may not. Name another file, or change its mode.',
  EPERM: 'this user may not. Name another file, or change its mode.',
  ENOENT: 'there is no such file or folder. Make the folder, or name another.',
  ENOTDIR: 'a part of the path is not a folder. Name another file.',
  EISDIR: 'it is a folder. Name a file in it.',
  ENAMETOOLONG: 'the name is too long. Name another file.',
  ELOOP: 'its links go in a circle. Name another file.',
  EIO: 'the disk reports an error. See its health, and name a file on another.',
  EPIPE: 'its reader is gone.',
  ETXTBSY: 'it is a program that runs. Name another file.',
  ENXIO: 'no process reads the pipe. Start its reader first.',
  EMFILE: 'this process has too many files open. Raise the limit (ulimit -n).',
  ENFILE: 'the system has too many files open.',
  ERR_INVALID_ARG_VALUE: 'a path holds no null byte. Name another file.',
};

/**
 * Converts an error.
 *
 * @param what What failed: `could not write 'x'`.
 * @returns The error itself when it is not about a file
 */
export function fileFailure(error: unknown, what: string): unknown {
  const code = codeOf(error);
  if (code === undefined || error instanceof FileError) return error;
  const reason = reasons[code] ?? (isOfSystem(error) ? `${code}.` : undefined);
  return reason === undefined ? error : new FileError(`${what}: ${reason}`, { cause: error });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** Returns true for an error of a system call. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
