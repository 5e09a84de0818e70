/** A signal ends a command that has nothing to end in order, and a server that npm started. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { main } from '../support/rollcall.ts';

it.each(['SIGINT', 'SIGTERM'] as const)('generate is ended by %s', { timeout: 30_000 }, async (signal) => {
  const child = spawn(process.execPath, [main, 'generate', '--calls', '1000000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  child.stdout.resume();
  child.kill(signal);
  expect(await ended).toEqual([null, signal]);
});

/** Everything that was started, npm among it, is in the process group of the child. */
function isAlive(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

const project = fileURLToPath(new URL('../..', import.meta.url));
const scripts = [
  ['SIGTERM', 'npm start', ['start', '--']],
  ['SIGINT', 'npm run -s rollcall', ['run', '-s', 'rollcall', '--', 'dev']],
] as const;

it.skipIf(process.platform === 'win32').each(scripts)(
  '%s to `%s` ends its server in order',
  { timeout: 60_000 },
  async (signal, _name, args) => {
    const options = ['--store', 'memory:', '--port', '0', '--calls', '2', '--json', '--quiet'];
    const npm = spawn('npm', [...args, ...options], {
      cwd: project,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(npm, 'exit');
    try {
      let url: string | undefined;
      for await (const line of createInterface({ input: npm.stdout })) {
        url = /"listening":\s*"([^"]+)"/.exec(line)?.[1];
        if (url !== undefined) break;
      }
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      npm.kill(signal); // npm alone, as a supervisor does
      expect(await ended).toEqual([0, null]);
      expect(isAlive(npm.pid!)).toBe(false);
      await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    } finally {
      if (isAlive(npm.pid!)) process.kill(-npm.pid!, 'SIGKILL');
    }
  },
);
