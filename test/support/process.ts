/** Runs the program as a process that stays up, and records its output and its exit. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { main } from './rollcall.ts';

export interface RunningProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with how and when it ended, by `performance.now()`. */
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly atMs: number;
  }>;
  /** Resolves when standard output or standard error matches; earlier output counts. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
}

interface ProcessOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** True to leave standard output unread. */
  readonly isUnread?: boolean;
  /** The working folder. */
  readonly cwd?: string;
}

export function startProcess(
  args: readonly string[],
  { environment = {}, isUnread = false, cwd }: ProcessOptions = {},
): RunningProcess {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [main, ...args], { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined); // it ended before it read everything
  let stdout = '';
  let stderr = '';
  if (!isUnread) child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const ended = (once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>).then(
    ([code, signal]) => ({ code, signal, atMs: performance.now() }),
  );
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    async said(pattern) {
      const isOver = ended.then(() => Promise.reject(new Error(`It ended first: ${stderr}`)));
      isOver.catch(() => undefined); // the first time it was printed
      for (;;) {
        const found = pattern.exec(stdout + stderr);
        if (found !== null) return found;
        const more = [child.stderr, ...(isUnread ? [] : [child.stdout])].map((stream) =>
          once(stream, 'data'),
        );
        await Promise.race([isOver, ...more]);
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Sends a signal. @returns The exit and the seconds until it; the process is killed after a minute. */
export async function stop(
  { child, ended }: RunningProcess,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<{
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly seconds: number;
}> {
  const askedMs = performance.now();
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const { atMs, ...end } = await ended;
  clearTimeout(timer);
  return { ...end, seconds: (atMs - askedMs) / 1000 };
}
