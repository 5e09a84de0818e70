/** Where tests write: in memory where there is room, since a commit to a disk waits for milliseconds. */
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const inMemory = '/dev/shm';
/** What all tests together hold at a time, several times over. */
const roomBytes = 6 * 2 ** 30;
const variable = 'ROLLCALL_TEST_FOLDER';

/** Makes the folder of a run, which goes with its process. @returns `undefined` where the system's own is to be used */
export function temporaryFolder(): string | undefined {
  // The configuration of the tests is read again for every project.
  const made = process.env[variable];
  if (made !== undefined) return made;
  try {
    const { bavail, bsize } = statfsSync(inMemory);
    if (bavail * bsize < roomBytes) return undefined;
    // Short: the path of a socket has room for 107 bytes.
    const folder = mkdtempSync(join(inMemory, 't-'));
    // PostgreSQL runs as another user, and stands in a folder below.
    chmodSync(folder, 0o711);
    process.env[variable] = folder;
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  } catch {
    return undefined; // not Linux, or not allowed
  }
}
