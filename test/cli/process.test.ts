/** Each command as a process of its own does what it does in the process of a test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { aRecord, participants } from '../support/records.ts';
import { rollcall, spawned } from '../support/rollcall.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const records = join(folder, 'records.jsonl');
writeFileSync(records, `${JSON.stringify(aRecord('call', { participants_v2: participants(3) }))}\n`);
const store = (way: string) => ['--store', `sqlite:${join(folder, `${way}.db`)}`];

/** `dev`, `serve` and `sync` go on: their own tests start them as processes. */
const commands: readonly (readonly [string, (way: string) => readonly string[]])[] = [
  ['import', (way) => ['import', records, '--json', ...store(way)]],
  ['import from standard input', (way) => ['import', '-', '--json', ...store(way)]],
  ['export', (way) => ['export', '--what', 'participants', '--format', 'csv', ...store(way)]],
  ['verify', (way) => ['verify', '--quiet', ...store(way)]],
  ['retention', (way) => ['retention', '--quiet', '--before', '2026-04-01T00:00:00Z', ...store(way)]],
  ['generate', () => ['generate', '--calls', '3', '--until', '2026-11-01T00:00:00Z']],
  ['completion', () => ['completion', 'bash']],
  ['config', () => ['config', '--json']],
  ['doctor', (way) => ['doctor', '--json', ...store(`missing-${way}`)]],
  ['token', () => ['token', '--upstream', 'nonsense']],
  ['store', () => ['store', 'info', '--store', 'sqlite:']],
  ['an unknown command', () => ['sevre']],
  ['help', () => ['help', 'import']],
];

it.each(commands)('%s', async (_, argsOf) => {
  const input = `${JSON.stringify(aRecord('second'))}\n`;
  const [inside, outside] = [
    await rollcall(argsOf('inside'), { input }),
    await spawned(argsOf('outside'), { input }),
  ];
  const plain = (text: string) =>
    text
      .replaceAll(/inside|outside/g, 'way')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z|\b\d{1,6}(\.\d{1,6})? m?s\b/g, 'time');
  expect([outside.code, plain(outside.stdout), plain(outside.stderr)]).toEqual([
    inside.code,
    plain(inside.stdout),
    plain(inside.stderr),
  ]);
  expect(outside.stdout + outside.stderr).not.toBe('');
});
