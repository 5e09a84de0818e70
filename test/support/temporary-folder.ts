/** Chooses the folder for test files: in memory if there is space, because a commit to disk takes milliseconds. */
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const inMemory = '/dev/shm';
/** Several times the space that all tests use at once. */
const roomBytes = 6 * 2 ** 30;
const variable = 'ROLLCALL_TEST_FOLDER';

/** Creates the folder of a run, which is removed with its process. @returns `undefined` to use the system's folder */
export function temporaryFolder(): string | undefined {
  // Each project reads the test configuration again.
  const made = process.env[variable];
  if (made !== undefined) return made;
  try {
    const { bavail, bsize } = statfsSync(inMemory);
    if (bavail * bsize < roomBytes) return undefined;
    // A short name, because a socket's path is limited to 107 bytes.
    const folder = mkdtempSync(join(inMemory, 't-'));
    // PostgreSQL runs as another user in a folder below.
    chmodSync(folder, 0o711);
    process.env[variable] = folder;
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  } catch {
    return undefined; // not Linux, or not permitted
  }
}
