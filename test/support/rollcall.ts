/** Runs a command to its end: in this process, or in a separate one. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
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
  if (isReadElsewhere(given)) return spawned(args, given);
  return running(args, given, new AbortController().signal).ended;
}

/** A command that stays up, in this process. */
interface Running {
  readonly stderr: () => string;
  /** Resolves when standard output or standard error matches; earlier output counts. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Stops it as a signal does. @returns the exit code */
  stop(): Promise<number>;
}

/** Starts a command that stays up until it is stopped, in this process: at no process's cost. */
export function startHere(args: readonly string[], given: Given = {}): Running {
  const stopped = new AbortController();
  const { ended, stdout, stderr } = running(args, given, stopped.signal);
  return {
    stderr: () => stderr.text(),
    async said(pattern) {
      const isOver = ended.then((end) => Promise.reject(new Error(`It ended first: ${end.stderr}`)));
      isOver.catch(() => undefined); // the first time it was printed
      for (;;) {
        const found = pattern.exec(stdout.text() + stderr.text());
        if (found !== null) return found;
        await Promise.race([isOver, once(stdout, 'written'), once(stderr, 'written')]);
      }
    },
    async stop() {
      stopped.abort();
      return (await ended).code;
    },
  };
}

/** Returns true when a variable is set that programs other than Rollcall read. */
function isReadElsewhere({ environment = {} }: Given): boolean {
  return Object.keys(environment).some((name) => !/^(ROLLCALL|AZURE)_/.test(name));
}

function running(args: readonly string[], { input = '', environment = {} }: Given, stopSignal: AbortSignal) {
  const variables = { ...process.env, ...environment };
  const [stdout, stderr] = [new Collected(), new Collected()];
  let endTracing = () => Promise.resolve(true);
  const terminal = {
    ...{ stdin: Readable.from([Buffer.from(input)]), stdout, stderr, clock: systemClock },
    stopSignal: () => stopSignal,
    onReload: () => undefined,
  } as unknown as Terminal; // no screen
  const end = (code: number): Ended => ({ code, stdout: stdout.text(), stderr: stderr.text() });
  const untilItEnds = async (): Promise<Ended> => {
    try {
      return end(
        await run(args, { terminal, environment: variables, onTracing: (last) => (endTracing = last) }),
      );
    } catch (error) {
      const { text, exitCode } = failureOutput(error, isJsonRequested(args, variables));
      stderr.write(text);
      return end(exitCode);
    } finally {
      await endTracing();
    }
  };
  return { ended: untilItEnds(), stdout, stderr };
}

class Collected extends Writable {
  readonly #pieces: Buffer[] = [];

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.#pieces.push(piece);
    this.emit('written');
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
