/** The program as a user runs it, to its end. */
import { execFile } from 'node:child_process';

export const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Given {
  /** What stands on standard input. */
  readonly input?: string;
  /** Besides what this process has. */
  readonly environment?: Readonly<Record<string, string>>;
}

export function rollcall(
  args: readonly string[],
  { input = '', environment = {} }: Given = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 2 ** 26, env: { ...process.env, ...environment } };
    const child = execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}
