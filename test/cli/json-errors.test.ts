/** Tests that a command with --json that fails prints one line of JSON to standard error, and that a result stays the only output. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { optionTable } from '../../src/cli/options.ts';
import { startEmulator } from '../support/emulator.ts';
import { type Ended, rollcall, spawned } from '../support/rollcall.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const missing = `sqlite:${join(folder, 'missing.db')}`;
const noStore = `sqlite:${file('no-store.db', 'This is no database.'.repeat(200))}`;
const record = file('record.jsonl', '{"id":"a","version":1,"startDateTime":"2026-10-01T00:00:00Z"}\n');

interface Failure {
  readonly error: { readonly code: string; readonly messages: readonly string[] };
}

/** The error of standard error, which has nothing else. */
function errorOf({ stderr }: Ended): Failure['error'] {
  expect(stderr).toMatch(/^\{.*\}\n$/);
  const { error } = JSON.parse(stderr) as Failure;
  expect(error.messages.length).toBeGreaterThan(0);
  return error;
}

/** What a command needs besides the option that is wrong. */
const operands: Readonly<Record<string, readonly string[]>> = {
  import: [record],
  store: ['info'],
  quarantine: ['list'],
  retention: ['--keep-days', '30'],
  sync: ['--once', '--upstream', 'http://127.0.0.1:9'],
  show: ['a'],
  export: ['--out', join(folder, 'out.jsonl')],
  serve: ['--port', '0', '--authority', 'http://127.0.0.1:9'],
};
const commands = optionTable.json.commands;
const withStore = commands.filter((name) => !['config', 'doctor'].includes(name));

describe('wrong usage', () => {
  it.each(commands)('of %s', async (name) => {
    const ended = await rollcall([name, ...(operands[name] ?? []), '--nonsense', '--json']);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    const { code, messages } = errorOf(ended);
    expect([code, messages]).toEqual(['usage', [`--nonsense: ${name} has no such option.`]]);
  });

  it('is JSON however it was asked for', async () => {
    const config = file('config.json', '{"json":true}');
    const wrong = ['verify', '--nonsense'];
    for (const [args, environment] of [
      [[...wrong, '--json=true'], {}],
      [['--json'], {}],
      [['nonsense', '--json'], {}],
      [['token', '--json'], {}],
      [wrong, { ROLLCALL_JSON: '1' }],
      [[...wrong, '--config', config], {}],
      [[...wrong, `--config=${config}`], {}],
      [wrong, { ROLLCALL_CONFIG: config }],
      [['verify', '--json', '--config', join(folder, 'none.json')], {}],
      [['verify', '--json', '--config', file('bad.json', '{')], {}],
    ] as const) {
      const ended = await rollcall(args, { environment });
      expect([args, ended.code, errorOf(ended).code]).toEqual([args, 2, 'usage']);
    }
  });

  it('is text where JSON was not asked for', async () => {
    for (const [args, environment] of [
      [['verify', '--nonsense', '--json=false'], { ROLLCALL_JSON: '1' }],
      [['verify', '--nonsense', '--', '--json'], {}],
      [['token', '--nonsense'], { ROLLCALL_JSON: '1' }],
    ] as const) {
      const ended = await rollcall(args, { environment });
      expect([ended.code, ended.stderr]).toEqual([2, expect.stringMatching(/^--nonsense: /)]);
    }
  });

  it('names every problem, and variables that are ignored', async () => {
    const ended = await rollcall(['verify', '--nonsense', '--tenant', 'x', '--json'], {
      environment: { ROLLCALL_STOER: 'x' },
    });
    expect(errorOf(ended).messages).toEqual([
      expect.stringContaining('--nonsense'),
      expect.stringContaining('--tenant'),
      expect.stringContaining('ROLLCALL_STOER is ignored'),
    ]);
  });
});

describe('a failure', () => {
  it.each(withStore.filter((name) => !['dev', 'serve', 'import', 'sync'].includes(name)))(
    'of %s without a store',
    async (name) => {
      const ended = await rollcall([name, ...(operands[name] ?? []), '--store', missing, '--json']);
      expect([ended.code, ended.stdout]).toEqual([2, '']);
      expect(errorOf(ended).messages).toEqual([expect.stringContaining('No store exists at')]);
    },
  );

  it.each(withStore)('of %s with a file that is no store', async (name) => {
    // One as a process, whose standard error has nothing of Node's.
    const runs = name === 'import' ? spawned : rollcall;
    const ended = await runs([name, ...(operands[name] ?? []), '--store', noStore, '--json']);
    expect([name, ended.code, ended.stdout]).toEqual([name, 1, '']);
    expect(errorOf(ended).code).toBe('failed');
  });

  it('of import: a file that is not there, and a folder where rejected lines go', async () => {
    const [absent, rejects] = [join(folder, 'absent.jsonl'), folder];
    for (const args of [
      ['import', absent],
      ['import', record, '--rejects', rejects],
    ]) {
      const ended = await rollcall([...args, '--store', missing.replace('missing', 'made'), '--json']);
      expect([ended.code, errorOf(ended).code]).toEqual([2, 'usage']);
    }
  });

  it('of sync: the authority rejects its credentials, which is not retried', async () => {
    await using upstream = await startEmulator();
    const client = ['--upstream', upstream.url, '--client-id', development.clientId];
    const ended = await rollcall(
      ['sync', '--once', ...client, '--store', 'memory:', '--logs', 'none', '--json', '--quiet'],
      { environment: { ROLLCALL_CLIENT_SECRET: 'wrong' } },
    );
    expect(ended.code).toBe(1);
    expect((JSON.parse(ended.stdout) as { problems: unknown[] }).problems.length).toBeGreaterThan(0);
    expect(errorOf(ended).messages).toEqual([expect.stringContaining('rejected the credentials')]);
  });

  it('of serve: its port is in use', async () => {
    const options = ['--store', 'memory:', '--no-generate', '--host', '192.0.2.1', '--port', '0'];
    const ended = await rollcall(['dev', ...options, '--json']);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr.trimEnd().split('\n').at(-1)).toMatch(/^\{"error":\{"code":"usage"/);
  });

  it('of doctor is its result: findings on standard output', async () => {
    const ended = await rollcall(['doctor', '--store', missing, '--json']);
    expect([ended.code, ended.stderr]).toEqual([2, '']);
    expect((JSON.parse(ended.stdout) as { findings: unknown[] }).findings.length).toBeGreaterThan(0);
  });
});
