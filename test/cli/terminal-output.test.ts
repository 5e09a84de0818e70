/** Tests that no record, file name or option can write an escape sequence or an extra line to the terminal. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { rollcall } from '../support/rollcall.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const store = `sqlite:${join(folder, 'hostile.db')}`;

/** Clears the screen, sets the window's title, goes up a line, reverses what follows, ends a line in Unicode. */
const attack = 'a\u001b[2J\u001b]0;title\u0007\u009b1A\u202e\u2028ok forged line\rgone\u007f';
const unsafe = /(?!\n)[\p{Cc}\u2028-\u202e\u2066-\u2069\u200e\u200f]/u;
/** The attack as it may be shown: one line, escaped. */
const shown = 'a\\u001b[2J\\u001b]0;title\\u0007\\u009b1A\\u202e\\u2028ok forged line';

async function ended(...args: string[]) {
  const { code, stdout, stderr } = await rollcall(args);
  expect(stdout).not.toMatch(unsafe);
  expect(stderr).not.toMatch(unsafe);
  return { code, text: stdout + stderr };
}

const bad = join(folder, `bad${attack.replaceAll('/', '')}\nok.jsonl`);
writeFileSync(
  bad,
  [
    JSON.stringify({
      id: attack,
      version: 1,
      startDateTime: '2026-10-01T00:00:00Z',
      'participants_v2@odata.nextLink': 'https://x/1',
      participants_v2: [],
    }),
    `{"version":1,${JSON.stringify(attack)}:1,${JSON.stringify(attack)}:2}`,
    `{"@odata.type":${JSON.stringify(`#${attack}`)},"x":1}`,
    `"${attack}"`,
  ].join('\n'),
);

it('import names files and reasons in one line each', async () => {
  const { code, text } = await ended('import', bad, '--store', store, '--quiet');
  expect(code).toBe(3);
  expect(text).toContain(`bad${shown}`);
  // Three rejections, a missing page, and seven counts.
  expect(text.trimEnd().split('\n')).toHaveLength(11);
});

it('rejected lines are kept as they are, in text that prints', async () => {
  const rejects = join(folder, 'rejects.jsonl');
  await ended('import', bad, '--store', store, '--quiet', '--rejects', rejects);
  const text = readFileSync(rejects, 'utf8');
  expect(text).not.toMatch(unsafe);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { file: string; text: string });
  expect(lines.map(({ file }) => file)).toEqual([bad, bad, bad]);
  expect(lines[0]?.text).toContain(JSON.stringify(attack));
});

it.each([[[]], [['--json']]])('verify names calls: %j', async (flags) => {
  const { code, text } = await ended('verify', '--store', store, '--quiet', ...flags);
  expect(code).toBe(3);
  expect(text).toContain(shown);
});

it.each([[[]], [['--json']]])('find and show print names and ids in one line each: %j', async (flags) => {
  const odd = join(folder, 'odd.jsonl');
  const user = { id: 'p', displayName: attack, userPrincipalName: attack, tenantId: attack };
  const participant = { id: attack, identity: { user } };
  const failureInfo = { stage: attack, reason: attack };
  const session = { id: 's', caller: { identity: { user }, userAgent: { platform: attack } }, failureInfo };
  const call = { id: 'odd', version: 1, startDateTime: '2026-10-02T00:00:00Z', joinWebUrl: attack };
  writeFileSync(odd, JSON.stringify({ ...call, participants_v2: [participant], sessions: [session] }));
  const oddStore = ['--store', `sqlite:${join(folder, 'odd.db')}`];
  expect((await ended('import', odd, ...oddStore, '--quiet')).code).toBe(0);
  const found = await ended('find', ...oddStore, '--quiet', ...flags);
  expect(found.text).toContain(shown);
  expect(found.text.trimEnd().split('\n')).toHaveLength(flags.length === 0 ? 2 : 1);
  expect((await ended('show', 'odd', ...oddStore, ...flags)).text).toContain(shown);
});

it.each([[[]], [['--json']]])('doctor names what it finds: %j', async (flags) => {
  const missing = join(folder, 'missing\u001b[2J\u009b1A');
  expect((await ended('doctor', '--store', `sqlite:${missing}`, ...flags)).text).toContain(
    'missing\\u001b[2J\\u009b1A',
  );
});

it.each([
  ['a command', [attack]],
  ['an option', [`--${attack}`]],
  ['a path', ['import', attack]],
  ['an operand', ['doctor', attack]],
  ['a configuration', ['config', '--config', attack]],
])('a usage error names %s', async (_, args) => {
  const { code, text } = await ended(...args);
  expect(code).toBe(2);
  expect(text).toContain('\\u001b[2J');
});

it('config shows the settings', async () => {
  const { text } = await ended('config', '--host', attack);
  expect(text).toContain('\\u001b[2J');
});
