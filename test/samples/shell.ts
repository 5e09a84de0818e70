/** Runs the commands of a page in one shell, in order, as a reader pastes them. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sample } from './page.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));

interface PageRun {
  readonly code: number;
  /** The standard output of each command, by the line of its block. */
  readonly printed: ReadonlyMap<number, string>;
  /** All output, for the message of a failed test. */
  readonly output: string;
}

export interface Given {
  readonly environment: Readonly<Record<string, string>>;
  /** Replaced in commands, and put back in what they print: hosts that cannot be reached from here, and ports. */
  readonly replacements: readonly (readonly [written: string, here: string])[];
}

/** The longest that a page may take on a busy machine. After it, the shell and its processes are killed. */
const longestMs = 150_000;

/** Returns a free port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  server.close();
  await once(server, 'close');
  return port;
}

export async function runPage(
  samples: readonly Sample[],
  { environment, replacements }: Given,
): Promise<PageRun> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-page-'));
  // A checkout with an empty data folder.
  for (const name of ['package.json', 'src', 'node_modules', 'test', 'docs'])
    symlinkSync(join(project, name), join(folder, name));
  mkdirSync(join(folder, 'bin'));
  const addProgram = (name: string, ...lines: readonly string[]) => {
    const file = join(folder, 'bin', name);
    writeFileSync(file, ['#!/bin/sh', ...lines, ''].join('\n'));
    chmodSync(file, 0o755);
  };
  addProgram('rollcall', `exec node ${join(project, 'src/cli/main.ts')} "$@"`);
  // npm and npx take longer to start than the command that they run; npx has no package before the first release.
  const runsRollcall = '[ "$1 $2 $3 $4" = "run -s rollcall --" ]';
  addProgram('npm', `${runsRollcall} && shift 4 && exec rollcall "$@"`, 'PATH="${PATH#*:}" exec npm "$@"');
  addProgram('npx', '[ "$1" = rollcall ] && shift && exec rollcall "$@"', 'PATH="${PATH#*:}" exec npx "$@"');
  const path = [join(folder, 'bin'), join(project, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  const here = (text: string) =>
    replacements.reduce((changed, [from, to]) => changed.replaceAll(from, to), text);
  const script = samples.filter(({ notRun }) => notRun === undefined).map((sample) => step(sample, here));
  // A new process group, so that every process of the page ends with it.
  const shell = spawn('bash', ['-c', ['set -euo pipefail', ...script].join('\n')], {
    cwd: folder,
    detached: true,
    env: { ...process.env, PATH: path, HOME: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const end = () => {
    try {
      process.kill(-shell.pid!, 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
  };
  const timer = setTimeout(end, longestMs);
  const [code] = (await once(shell, 'exit')) as [number | null];
  clearTimeout(timer);
  end();
  rmSync(folder, { recursive: true, force: true });
  const written = replacements.reduceRight((changed, [from, to]) => changed.replaceAll(to, from), stdout);
  const pieces = written.split(/^::line (\d+)\n/m).slice(1);
  const printed = new Map<number, string>();
  for (let i = 0; i < pieces.length; i += 2) printed.set(Number(pieces[i]), pieces[i + 1] ?? '');
  return { code: code ?? -1, printed, output: `${stdout}\n${stderr}` };
}

function step({ line, commands, goesOn }: Sample, here: (text: string) => string): string {
  const text = here(commands).trimEnd();
  if (goesOn === undefined) return `printf '\\n::line ${line}\\n'\n${text}`;
  const log = `.goes-on-${line}`;
  return [
    `: > ${log}\n{ ${text}\n} > ${log} 2>&1 &`,
    `grep -q -m1 '${goesOn}' <(tail -n +1 -f --pid=$! ${log}) || { cat ${log} >&2; exit 1; }`,
  ].join('\n');
}
