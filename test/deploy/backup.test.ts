/** The script of the timers backs a store up, and deletes what is too old after that alone. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { main, rollcall } from '../support/rollcall.ts';

const script = fileURLToPath(new URL('../../deploy/helm/rollcall/files/backup.sh', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rollcall-backup-'));
afterAll(() => rmSync(folder, { recursive: true }));
const backups = () => readdirSync(join(folder, 'backups')).sort();

/** Programs that it finds. */
function program(name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

function backUp(environment: Record<string, string>, ...args: string[]) {
  const env = { PATH: `${folder}:${process.env['PATH']}`, ...environment };
  return spawnSync('sh', [script, ...args], { cwd: folder, env, encoding: 'utf8' });
}

function aged(name: string, days: number): void {
  const path = join(folder, 'backups', name);
  writeFileSync(path, '');
  const then = Date.now() / 1000 - days * 86_400;
  utimesSync(path, then, then);
}

beforeEach(() => {
  rmSync(join(folder, 'backups'), { recursive: true, force: true });
  spawnSync('mkdir', [join(folder, 'backups')]);
  program('rollcall', `exec ${process.execPath} ${main} "$@"`);
});

it('backs up a SQLite store, which verifies, and deletes backups that are too old', async () => {
  const store = `sqlite:${join(folder, 'rollcall.db')}`;
  const { stdout: records } = await rollcall(['generate', '--calls', '4', '--until', '2026-11-02']);
  await rollcall(['import', '--store', store, '--quiet', '-'], { input: records });
  aged('rollcall-20260101T000000Z.db', 20);
  aged('rollcall-20260102T000000Z.dump', 20);
  aged('rollcall-20260103T000000Z.db', 2);
  aged('notes.txt', 20);
  const { status, stdout, stderr } = backUp({ ROLLCALL_STORE: store }, join(folder, 'backups'), '14');
  expect([status, stderr]).toEqual([0, '']);
  const [, , made = ''] = backups();
  expect(backups()).toEqual(['notes.txt', 'rollcall-20260103T000000Z.db', made]);
  expect(made).toMatch(/^rollcall-\d{8}T\d{6}Z\.db$/);
  expect(stdout).toContain(made);
  const path = join(folder, 'backups', made);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect((await rollcall(['verify', '--store', `sqlite:${path}`])).stdout).toContain('4 calls in 4 versions');
});

it('dumps a PostgreSQL store whose URL is in a file, whole or not at all, and its password in no argument', () => {
  const url = 'postgres://rollcall:s%40cr%2Fet%5C%c3%a9@db.example/rollcall?sslmode=require';
  writeFileSync(join(folder, 'store'), `${url}\n`);
  program(
    'pg_dump',
    'for one; do case $one in --file=*) printf "%s\\n" "$@" "$PGPASSWORD" > "${one#--file=}" ;; esac; done',
  );
  writeFileSync(join(folder, 'backups/rollcall-20260101T000000Z.dump.part'), 'of a run that was ended');
  const environment = { ROLLCALL_STORE: '', ROLLCALL_STORE_FILE: join(folder, 'store') };
  expect(backUp(environment, join(folder, 'backups'), '14').status).toBe(0);
  const [made = '', ...others] = backups();
  expect([made, others]).toEqual([expect.stringMatching(/^rollcall-\d{8}T\d{6}Z\.dump$/), []]);
  const { stdout } = spawnSync('cat', [join(folder, 'backups', made)], { encoding: 'utf8' });
  expect(stdout.split('\n').filter((line) => !line.startsWith('--file='))).toEqual([
    '--format=custom',
    '--schema=rollcall',
    '--dbname=postgres://rollcall@db.example/rollcall?sslmode=require',
    's@cr/et\\é',
    '',
  ]);
});

it('deletes nothing when the backup fails', () => {
  aged('rollcall-20260101T000000Z.dump', 20);
  program('pg_dump', 'echo "pg_dump: no route to host" >&2; exit 1');
  const { status, stderr } = backUp({ ROLLCALL_STORE: 'postgres://db/x' }, join(folder, 'backups'), '14');
  expect([status, stderr]).toEqual([1, 'pg_dump: no route to host\n']);
  expect(backups()).toEqual(['rollcall-20260101T000000Z.dump']);
});

it.each([
  [[], "'' is not a folder."],
  [['nowhere', '14'], "'nowhere' is not a folder."],
  [['backups', 'many'], "'many' is not a number of days."],
  [['backups'], "'' is not a number of days."],
])('says what is wrong with %j', (args, reason) => {
  const { status, stderr } = backUp({}, ...args);
  expect([status, stderr]).toEqual([2, `backup.sh: ${reason} Usage: backup.sh FOLDER KEEP_DAYS\n`]);
});
