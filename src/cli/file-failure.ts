/** Turns errors of files that a command reads or writes into messages. */

/** A file that cannot be used: the command ends with the message. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** Ends of the sentence that begins with what could not be done. */
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
 * @param what Was not done: `could not write 'x'`.
 * @returns The error itself when it is not of a file
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

/** Of a call of the operating system. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
