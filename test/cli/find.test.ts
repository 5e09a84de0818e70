/** Tests `find`, `show` and `export --call` on SQLite, and what they refuse. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillForFinding, findingSuite } from '../support/finding-suite.ts';
import { rollcall } from '../support/rollcall.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
const store = `sqlite:${join(folder, 'a.db')}`;
beforeAll(() => fillForFinding(store));
afterAll(() => rmSync(folder, { recursive: true }));

findingSuite(() => store);

describe('find refuses', () => {
  it.each([
    [['--state', 'fialed'], '--state: one of failed, partlyFailed,'],
    [['--state', 'missed'], '--state: one of failed, partlyFailed,'],
    [['--reason', 'luck'], '--reason: one of notAnswered,'],
    [['--external', 'maybe'], '--external: one of yes, no, unknown is expected.'],
    [['--number', 'abc'], '--number: '],
    [['--person', 'x'.repeat(201)], '--person: '],
    [['--person', 'a', '--person', 'b', '--person', 'c'], '--person: at most 2 people are expected.'],
    [['x'.repeat(201)], 'TEXT: '],
    [['a b c d e f g h i j k'], 'TEXT: '],
    [['--from', '2026-02-30'], '--from: a date such as 2026-11-01, a time such as'],
    [['--to', 'someday'], '--to: a date such as 2026-11-01, a time such as'],
    [['--from', '2026-10-02', '--to', '2026-10-02'], '--to: a time after --from is expected.'],
    [['--limit', '0'], '--limit: a whole number from 1 to 100000 is expected.'],
    [['--what', 'sessions'], '--what: one of calls, pstn, direct-routing, sms is expected.'],
    [
      ['--what', 'pstn', '--state', 'failed'],
      '--state: one of missed, missedWithoutRecord is expected. The pstn log does not name failures; the directRouting log does.',
    ],
    [['--what', 'sms', '--state', 'missed'], "--state: The sms log has no values for 'state'."],
    [['--what', 'sms', 'anna'], 'TEXT: rows of sms are not searched by words.'],
    [['--what', 'pstn', '--person', 'a', '--person', 'b'], '--person: rows of pstn have one person.'],
    [['--what', 'pstn', '--reason', 'busy'], '--reason: rows of pstn have no reason.'],
    [['--what', 'pstn', '--external', 'yes'], '--external: rows of pstn'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await rollcall(['find', ...args, '--store', store]);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
    expect(stderr).not.toContain('query parameter');
  });

  it('every wrong value at once', async () => {
    const wrong = ['--number', 'x', '--person', 'x'.repeat(201), '--from', 'then', '--to', 'now'];
    const { code, stderr } = await rollcall(['find', ...wrong, '--store', store, '--json']);
    const { error } = JSON.parse(stderr) as { error: { messages: string[] } };
    expect([code, error.messages.map((message) => message.split(':')[0]).sort()]).toEqual([
      2,
      ['--from', '--number', '--person', '--to'],
    ]);
  });
});

describe('export --call refuses', () => {
  it.each([
    [['--from', '2026-10-01'], '--from: --call names the calls already. Leave one of them out.'],
    [['--participant', 'p'], '--participant: --call names the calls already.'],
    [['--what', 'pstn'], '--call: rows of pstn are not selected by call. Use --from and --to.'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await rollcall(['export', '--call', 'a', ...args, '--store', store]);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
  });
});

it.each([[[]], [['a', 'b']], [['']]])('show refuses %j', async (args) => {
  const { code, stderr } = await rollcall(['show', ...args, '--store', store]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('show: name one call by its id')]);
});

it.each([
  ['find anna', '2 calls.\n'],
  ['show bbbb', ''],
])('%s builds the search index that an upgrade left to do', async (command, messages) => {
  const path = join(folder, 'upgraded.db');
  copyFileSync(join(folder, 'a.db'), path);
  const database = new DatabaseSync(path);
  database.exec('INSERT INTO search_backlog SELECT tenant_no, 9223372036854775807, 0 FROM tally');
  database.close();
  const { code, stderr } = await rollcall([...command.split(' '), '--store', `sqlite:${path}`]);
  expect([code, stderr]).toEqual([0, messages]);
});
