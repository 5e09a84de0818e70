/** `export` as its users meet it: files, manifests, refusals. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnsReference } from '../export/columns-reference.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { rollcall as run } from '../support/rollcall.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
const store = `sqlite:${join(folder, 'a.db')}`;
const path = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const rollcall = (...args: string[]) => run([...args, '--store', store]);

const record = JSON.stringify(aRecord('call', { participants_v2: [aParticipant('p')] }));
beforeAll(async () => {
  writeFileSync(path('in.jsonl'), `${record}\n`);
  expect((await rollcall('import', path('in.jsonl'))).code).toBe(0);
});

describe('export', () => {
  it('writes to standard output what import takes', async () => {
    const { code, stdout, stderr } = await rollcall('export');
    expect([code, stdout]).toEqual([0, `${record}\n`]);
    expect(stderr).toMatch(/^1 row of 1 call, \d+ bytes\.\n$/);
  });

  it('writes a manifest beside the file, and replaces neither unless it is told to', async () => {
    const out = path('roll.csv');
    const args = [
      'export',
      '--what',
      'participants',
      '--format',
      'csv',
      '--columns',
      'id,displayName',
      '--out',
      out,
    ];
    const { code, stdout } = await rollcall(...args, '--json');
    const bytes = readFileSync(out);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      { rows: 1, calls: 1, incompleteCalls: 0, damagedCalls: 0, bytes: bytes.length, sha256 },
    ]);
    expect(bytes.toString()).toBe('\uFEFFid,displayName\r\np,Person p\r\n');
    expect(JSON.parse(readFileSync(`${out}.manifest.json`, 'utf8'))).toMatchObject({
      ...{ file: 'roll.csv', what: 'participants', format: 'csv', rows: 1, sha256, from: null },
      columns: [
        { name: 'id', type: 'string' },
        { name: 'displayName', type: 'string' },
      ],
    });
    expect(existsSync(`${out}.part`) || existsSync(`${out}.part.state`)).toBe(false);
    expect(await rollcall(...args)).toMatchObject({
      code: 2,
      stderr: `--out: '${out}' is there already; --overwrite replaces it.\n`,
    });
    expect((await rollcall(...args, '--overwrite')).code).toBe(0);
  });

  it('refuses what cannot be a file before it writes anything', async () => {
    for (const more of [[], ['--overwrite']]) {
      expect(await rollcall('export', '--out', path(''), ...more)).toMatchObject({
        code: 2,
        stderr: `--out: '${path('')}' is a folder; name a file in it.\n`,
      });
    }
    expect(existsSync(`${path('')}.part`)).toBe(false);
    expect(await rollcall('export', '--out', '-')).toMatchObject({
      code: 2,
      stderr: '--out: leave it out to have the export on standard output.\n',
    });
  });

  it('ends with 3 when a call in it is incomplete', async () => {
    const broken = aRecord('broken', { 'participants_v2@odata.nextLink': 'https://x/', participants_v2: [] });
    writeFileSync(path('broken.jsonl'), JSON.stringify({ ...broken, startDateTime: '2020-01-01T00:00:00Z' }));
    await rollcall('import', path('broken.jsonl'));
    const { code, stderr } = await rollcall('export', '--to', '2021-01-01');
    expect([code, stderr.split('\n')[1]]).toEqual([
      3,
      '1 call is incomplete: rollcall verify names what is missing.',
    ]);
  });

  it.each([
    ['--format xml', '--format: one of jsonl, csv, parquet is expected.'],
    ['--from tomorrow', '--from: a date such as 2026-11-01, a time such as 2026-11-01T12:00Z, today,'],
    ['--from 2026-02-30', '--from: a date such as 2026-11-01, a time such as'],
    ['--from 2026-03-01 --to 2026-02-01', '--to: a time after --from is expected.'],
    ['--from today --to -1d', '--to: a time after --from is expected.'],
    ['--columns id,nme --format csv', "--columns: calls has no column 'nme'. There are id, version,"],
    ['--columns id,id', "--columns: 'id' is named twice. Name it once."],
    ['--json', '--json: standard output carries the export; name a file with --out.'],
    ['--delimiter tab', '--delimiter: of --format csv alone.'],
    ['--what pstn --participant p', '--participant: rows of pstn are not of participants.'],
    ['--what sms --versions all', '--versions: rows of sms have no versions.'],
    [
      '--out /nowhere/file',
      "--out: Could not open '/nowhere/file.part': there is no such file or folder. Make the folder, or name another.",
    ],
    ['paths are none', 'paths: '],
  ])('refuses %s', async (args, message) => {
    const { code, stdout, stderr } = await rollcall('export', ...args.split(' '));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('goes on with nothing that was asked for otherwise', async () => {
    const out = path('other.jsonl');
    writeFileSync(`${out}.part`, 'x');
    const state = { asked: 'something else', bytes: 1, writer: '', counts: {}, asOf: 1, beganDateTime: '' };
    writeFileSync(`${out}.part.state`, JSON.stringify(state));
    const { code, stderr } = await rollcall('export', '--out', out);
    expect([code, stderr]).toEqual([
      2,
      `--out: '${out}.part' belongs to another export that was interrupted. Run that export again to continue it, or delete the file.\n`,
    ]);
  });
});

it('docs/exporting.md lists every column', () => {
  const page = readFileSync(new URL('../../docs/exporting.md', import.meta.url), 'utf8');
  const inOneLine = (text: string) => text.replaceAll(/\s+/g, ' ');
  expect(inOneLine(page)).toContain(inOneLine(columnsReference()));
});
