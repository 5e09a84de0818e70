/** `quarantine` as an operator meets it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SetAside } from '../../src/store/set-aside.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { rollcall } from '../support/rollcall.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'rollcall.db');
const tenants = ['11111111-1111-4111-8111-111111111111', '33333333-3333-4333-8333-333333333333'] as const;
const entry: SetAside = {
  ...{
    unit: 'entry',
    callId: 'c',
    origin: 'import a\u001b[31m.json:3',
    reason: 'A participant is not an object.',
  },
  text: Buffer.from('"\\ud800"'),
};
const body: SetAside = {
  ...{ unit: 'body', callId: undefined, origin: 'sync', reason: 'It is not JSON.' },
  text: Buffer.of(0x7b, 0xff, 0x0a),
};
const run = (...args: string[]) => rollcall(['quarantine', ...args, '--store', `sqlite:${path}`]);
let ids: readonly string[];

beforeAll(async () => {
  await using store = openSqliteStore(path);
  await store.quarantine.add(tenants[0], [entry]);
  await store.addLogRows(tenants[1], [
    { kind: 'pstnCallLogRow', ticks: 1n, id: 'r', text: Buffer.from('{}') },
  ]);
  await store.quarantine.add(tenants[1], [body, entry]);
  await store.upstream.setState(tenants[0], 'round', 'x');
  await store.upstream.setState(tenants[1], 'round', 'x');
  const pieces = await store.quarantine.list(tenants[1], undefined, 9);
  ids = [body, entry].map(({ unit }) => pieces.find((one) => one.unit === unit)!.id);
});

describe('quarantine', () => {
  it('lists what is set aside, of all tenants or of one', async () => {
    const { code, stdout } = await run('list');
    const rows = stdout.trimEnd().split('\n');
    expect([code, rows.length]).toEqual([0, 4]);
    expect(rows[0]).toMatch(/^ID {12}SET ASIDE {2,}FROM {2,}UNIT {2,}CALL {2,}REASON$/);
    const shown = rows.find((row) => row.includes('body'))!;
    expect(shown).toContain(ids[0]!.slice(0, 12));
    expect(shown).toMatch(/Z {2}sync {2,}body {3}– {5}It is not JSON\.$/);
    // What a file is called cannot write to the terminal.
    expect(stdout).toContain('import a\\u001b[31m.json:3');
    const one = await run('list', '--json', '--tenant', tenants[0]);
    expect((JSON.parse(one.stdout) as { pieces: unknown }).pieces).toEqual([
      expect.objectContaining({ id: ids[1], unit: 'entry', call: 'c', bytes: 8, tenant: tenants[0] }),
    ]);
  });

  it('shows a piece as it came, to the byte', async () => {
    const { code, stdout } = await run('show', ids[1]!.slice(0, 12), '--tenant', tenants[0]);
    expect([code, stdout]).toEqual([0, '"\\ud800"']);
    const json = await run('show', ids[0]!, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      textBase64: 'e/8K',
      reason: body.reason,
      call: null,
    });
  });

  it.each<[readonly string[], string]>([
    [['show', 'abcdef'], 'abcdef: nothing with this ID is set aside.'],
    [['drop', "x' OR 1"], "x' OR 1: nothing with this ID is set aside."],
    [['show'], 'quarantine: name an action: list, show ID or drop ID.'],
    [['list', 'x'], 'quarantine: name an action: list, show ID or drop ID.'],
    [[], 'quarantine: name an action: list, show ID or drop ID.'],
  ])('refuses %j with a sentence', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('drops the one that is named, and asks for the tenant where several have it', async () => {
    const several = await run('drop', ids[1]!);
    expect([several.code, several.stderr]).toEqual([
      2,
      expect.stringContaining('several tenants have this entry'),
    ]);
    const { code, stdout } = await run('drop', ids[1]!.toUpperCase(), '--tenant', tenants[1]);
    expect([code, stdout]).toEqual([0, `Dropped ${ids[1]!.slice(0, 12)}.\n`]);
    const left = await run('list', '--json');
    expect((JSON.parse(left.stdout) as { pieces: unknown[] }).pieces).toHaveLength(2);
    expect((await run('drop', ids[0]!)).code).toBe(0);
    expect((await run('list', '--tenant', tenants[1])).stdout).toBe('Nothing is set aside.\n');
  });
});
