/** Commands that have nothing to end in order are ended by a signal as any process is. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;

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
