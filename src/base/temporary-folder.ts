/** Creates folders that a process removes when it ends; the next process removes those of one that was killed. */
import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  /** For this user alone, as mkdtemp has it. */
  readonly path: string;
  remove(): void;
}

/** Numbers of processes are those of a namespace: containers may share a folder and have each their own. */
const namespace = namespaceOfProcesses();
const nameForm = /^rollcall-(\d+)-(\d+)-\w{6}$/;

export function makeTemporaryFolder(): TemporaryFolder {
  removeStale();
  const path = mkdtempSync(join(tmpdir(), `rollcall-${namespace}-${process.pid}-`));
  const remove = () => {
    process.off('exit', remove);
    rmSync(path, { recursive: true, force: true });
  };
  process.once('exit', remove);
  return { path, remove };
}

function removeStale(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, of, pid] = nameForm.exec(name) ?? [];
    if (of !== namespace || isAlive(Number(pid)) || !isOwn(join(tmpdir(), name))) continue;
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** Not a link, and not what another user made to have something removed. */
function isOwn(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid?.();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** `pid:[4026531836]` on Linux; elsewhere there is one. */
function namespaceOfProcesses(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}
