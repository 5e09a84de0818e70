/** Runs the program in a separate process and measures its peak memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { main } from './rollcall.ts';

interface Measured {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The peak resident set size, including all threads. */
  readonly peakMebibytes: number;
}

const reporter = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  import { isMainThread } from 'node:worker_threads';
  if (isMainThread) process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));
`)}`;

/** Runs a command. @param input Written to standard input as fast as it is read. */
export async function measured(args: readonly string[], input?: Readable): Promise<Measured> {
  const child = spawn(process.execPath, ['--import', reporter, main, ...args], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const texts = ['', '', ''];
  for (const [i, stream] of [child.stdout, child.stderr, child.stdio[3] as Readable].entries())
    stream.on('data', (piece: Buffer) => (texts[i] = `${texts[i]}${piece.toString()}`));
  // A command may exit before it has read everything.
  if (input === undefined) child.stdin.end();
  else void pipeline(input, child.stdin).catch(() => undefined);
  const [code] = (await once(child, 'close')) as [number | null];
  const [stdout = '', stderr = '', kibibytes = ''] = texts;
  return { code, stdout, stderr, peakMebibytes: Number(kibibytes) / 1024 };
}
