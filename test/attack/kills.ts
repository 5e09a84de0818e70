/** Kills imports at random moments and runs them again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { fraction, randomFor } from '../../src/emulator/generate/random.ts';
import { main, spawned } from '../support/rollcall.ts';
import { type Attack, Findings } from './attack.ts';

/** Of one store; then the next store begins. */
const killsPerStore = 3;
/** Of the time of a whole import: later ones would mostly end before they are killed, since each resumes. */
const latestKill = 0.6;

export const killedImports: Attack = {
  name: 'kills',
  promise:
    'An import killed with SIGKILL at any moment and run again ends like an undisturbed one, and verify is clean.',
  count: 60,
  minutes: 2,
  async run({ seed, count, signal }) {
    const findings = new Findings();
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-kills-'));
    try {
      const file = join(folder, 'records.jsonl');
      const lines = generateLines({
        ...defaultGenerateOptions,
        seed,
        calls: 1200,
        largest: 300,
        media: false,
      });
      writeFileSync(file, [...lines].map((line) => `${line}\n`).join(''));
      const importInto = (store: string) =>
        spawned(['import', file, '--quiet', '--store', `sqlite:${store}`]);
      const begunMs = performance.now();
      await importInto(join(folder, 'clean.db'));
      const wholeMs = performance.now() - begunMs;
      const clean = await exportOf(join(folder, 'clean.db'));
      for (let kill = 0; kill < count && !signal.aborted;) {
        const store = join(folder, `killed-${kill}.db`);
        for (let i = 0; i < killsPerStore && kill < count; i++, kill++) {
          const afterMs = wholeMs * latestKill * fraction(randomFor(seed, 'kill', kill));
          findings.add(await importAndKill(file, store, afterMs));
        }
        await importInto(store);
        const { code } = await spawned(['verify', '--json', '--store', `sqlite:${store}`]);
        if (code === 1) findings.fault(`verify exits ${code} after ${kill} kills`);
        if ((await exportOf(store)) !== clean) findings.fault(`another export after ${kill} kills`);
        findings.add('stores compared');
      }
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
    return findings;
  },
};

async function exportOf(store: string): Promise<string> {
  const { code, stdout, stderr } = await spawned(['export', '--store', `sqlite:${store}`]);
  return code === 0 ? stdout : `exit ${code}: ${stderr}`;
}

async function importAndKill(file: string, store: string, afterMs: number): Promise<string> {
  const args = [main, 'import', file, '--quiet', '--store', `sqlite:${store}`];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
  await once(child, 'exit');
  clearTimeout(timer);
  return child.signalCode === 'SIGKILL' ? 'kills' : 'imports that ended before their kill';
}
