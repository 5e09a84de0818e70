/** Runs a command to its end: in this process, or in a separate one. */
import { execFile } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { failureOutput } from '../../src/cli/failure.ts';
import { isJsonRequested } from '../../src/cli/json-requested.ts';
import { run } from '../../src/cli/run.ts';
import type { Terminal } from '../../src/base/terminal.ts';
import { systemClock } from '../../src/base/clock.ts';

export const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Given {
  /** The content of standard input. */
  readonly input?: string;
  /** Variables added to this process's. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a command; in a separate process when a variable is set that programs other than Rollcall read. */
export async function rollcall(args: readonly string[], given: Given = {}): Promise<Ended> {
  const { environment = {} } = given;
  if (Object.keys(environment).some((name) => !name.startsWith('ROLLCALL_'))) return spawned(args, given);
  const variables = { ...process.env, ...environment };
  const [stdout, stderr] = [new Collected(), new Collected()];
  let endTracing = () => Promise.resolve(true);
  const terminal = {
    ...{ stdin: Readable.from([Buffer.from(given.input ?? '')]), stdout, stderr, clock: systemClock },
    stopSignal: () => new AbortController().signal,
    onReload: () => undefined,
  } as unknown as Terminal; // no screen
  const ended = (code: number): Ended => ({ code, stdout: stdout.text(), stderr: stderr.text() });
  try {
    return ended(
      await run(args, {
        ...{ terminal, environment: variables },
        onTracing: (end) => (endTracing = end),
      }),
    );
  } catch (error) {
    const { text, exitCode } = failureOutput(error, isJsonRequested(args, variables));
    stderr.write(text);
    return ended(exitCode);
  } finally {
    await endTracing();
  }
}

class Collected extends Writable {
  readonly #pieces: Buffer[] = [];

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.#pieces.push(piece);
    done();
  }

  text(): string {
    return Buffer.concat(this.#pieces).toString();
  }
}

/** Runs a command in a separate process. */
export function spawned(
  args: readonly string[],
  { input = '', environment = {} }: Given = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 2 ** 26, env: { ...process.env, ...environment } };
    const child = execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
    // A command that ends without reading its input closes the pipe.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
