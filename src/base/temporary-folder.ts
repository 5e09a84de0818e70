/** Creates folders that a process removes when it ends; the next process removes those of one that was killed. */
import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  /** Accessible to this user alone, as created by mkdtemp. */
  readonly path: string;
  remove(): void;
}

/** Process numbers are unique in a namespace only: containers that share a folder each have their own. */
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

/** Rejects links, and folders that another user created to have something else removed. */
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

/** Returns the namespace of process numbers: `pid:[4026531836]` on Linux; other systems have one. */
function namespaceOfProcesses(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}
