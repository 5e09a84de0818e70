/** `retention` as an operator meets it, and a sync that keeps to it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { aParticipant, aRecord } from '../support/records.ts';
import { rollcall as run } from '../support/rollcall.ts';
import { startEmulator } from '../support/emulator.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

const rollcall = (...args: string[]) => run(args);

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const call = (id: string, days: number) =>
  aRecord(id, {
    startDateTime: daysAgo(days),
    endDateTime: daysAgo(days - 0.01),
    participants_v2: [aParticipant('p')],
    sessions: [],
  });

describe('retention', () => {
  it('says what it would drop, drops it, and has nothing left to drop', async () => {
    const store = `sqlite:${join(folder, `${files++}.db`)}`;
    const lines = join(folder, 'in.jsonl');
    writeFileSync(
      lines,
      [call('old', 40), call('older', 400), call('new', 2)].map((one) => JSON.stringify(one)).join('\n'),
    );
    await rollcall('import', lines, '--store', store);
    const apply = async (...more: string[]) => {
      const { code, stdout } = await rollcall(
        'retention',
        '--keep-days',
        '30',
        '--store',
        store,
        '--json',
        ...more,
      );
      return { code, ...(JSON.parse(stdout) as { calls: number }) };
    };
    expect(await apply('--dry-run')).toMatchObject({ code: 0, calls: 2, dryRun: true });
    expect(await apply()).toMatchObject({ code: 0, calls: 2, logRows: 0, dryRun: false });
    expect(await apply()).toMatchObject({ code: 0, calls: 0 });
    const { stdout } = await rollcall('verify', '--store', store, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ records: 1, corrupt: 0, gaps: [] });
  });

  it.each([
    [[], '--keep-days: say how many days are kept, or --before which day is not.'],
    [['--keep-days', '1', '--before', '2026-01-01'], '--keep-days: say how many days are kept'],
    [['--keep-days', '0'], '--keep-days: a whole number from 1 to 36500 is expected.'],
    [['--before', 'soon'], '--before: a date such as 2026-11-01'],
    [['--before', '2999-01-01'], '--before: a time that has passed is expected.'],
    [['--keep-days', '9', 'x'], 'x: retention takes no operands.'],
  ])('refuses %j', async (args, says) => {
    const { code, stderr } = await rollcall('retention', ...args, '--store', 'memory:');
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
  });

  it('keeps damaged calls and says which, drops the others, and sync logs them', async () => {
    const path = join(folder, `${files++}.db`);
    const store = `sqlite:${path}`;
    const lines = join(folder, 'damaged.jsonl');
    const damaged = Array.from({ length: 21 }, (_, i) => call(`damaged-${i}`, 50 + i));
    const calls = [call('old', 40), ...damaged, call('new', 2)];
    writeFileSync(lines, calls.map((one) => JSON.stringify(one)).join('\n'));
    await rollcall('import', lines, '--store', store);
    const database = new DatabaseSync(path);
    database.exec("UPDATE edition SET end_ticks = end_ticks + 1 WHERE call_id LIKE 'damaged-%'");
    database.close();
    const { code, stdout, stderr } = await rollcall(
      'retention',
      '--keep-days',
      '30',
      '--store',
      store,
      '--json',
    );
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { calls: 1, logRows: 0, damagedCalls: 21 }]);
    const { error } = JSON.parse(stderr.trimEnd().split('\n').at(-1)!) as { error: { messages: string[] } };
    const [first, ...rest] = error.messages;
    expect(first).toBe('21 calls are damaged in the store, and were not dropped.');
    expect(rest.slice(0, 20).every((line) => /^ {2}damaged-\d+$/.test(line))).toBe(true);
    expect(rest.slice(20)).toEqual([
      '  and 1 more',
      'Restore an undamaged backup, and run the same command on it.',
    ]);
    await using upstream = await startEmulator({ start: new Date() });
    const more = ['--logs', 'none', '--keep-days', '1', '--store', store];
    const synced = await rollcall('sync', '--once', '--upstream', upstream.url, ...more);
    expect(synced.code).toBe(0);
    expect(synced.stderr).toContain('The call damaged-7 is damaged in the store.');
  });

  it('holds for a sync: what was dropped does not come back, and is no gap', async () => {
    await using upstream = await startEmulator({ start: new Date() });
    await upstream.import([call('recent', 1), call('ten-days', 10), call('twenty-days', 20)]);
    const store = `sqlite:${join(folder, `${files++}.db`)}`;
    const sync = async (...more: string[]) => {
      const args = [
        '--once',
        '--upstream',
        upstream.url,
        '--store',
        store,
        '--logs',
        'none',
        '--budget-scale',
        '0.001',
      ];
      const { code, stdout, stderr } = await rollcall('sync', ...args, '--json', '--quiet', ...more);
      expect([code, stderr]).toEqual([0, '']);
      return JSON.parse(stdout) as object;
    };
    expect(await sync()).toMatchObject({ records: 3 });
    expect(await sync('--keep-days', '15')).toMatchObject({ records: 0 });
    expect(await sync()).toMatchObject({ records: 0, incomplete: 0 });
    const { code, stdout } = await rollcall('verify', '--store', store, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { records: 2, gaps: [], incomplete: 0, corrupt: 0 },
    ]);
  });
});
