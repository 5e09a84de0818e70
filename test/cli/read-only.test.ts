/** Tests stores that cannot be written: on a read-only file system, or of another user. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { importLines } from '../support/filled-store.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { type Ended, main } from '../support/rollcall.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true }));
const tenantId = '11111111-1111-4111-8111-111111111111';
const line = JSON.stringify(aRecord('call', { participants_v2: [aParticipant('p')], sessions: [] }));

const lines = join(folder, 'other.jsonl');
const store = join(folder, 'a.db');
/** The same, never served. */
const keyless = join(folder, 'keyless.db');
/** The same with changes that are only in the write-ahead log. */
const unfinished = join(folder, 'unfinished.db');
beforeAll(async () => {
  writeFileSync(lines, JSON.stringify(aRecord('other')));
  {
    await using open = openSqliteStore(store);
    await importLines(open, tenantId, [line]);
    for (const end of ['', '-wal']) copyFileSync(`${store}${end}`, `${keyless}${end}`);
    for (const name of ['skip-token-key', 'sign-in-key'])
      await open.secret(name, () => Promise.resolve(Buffer.alloc(32, 7).toString('base64')));
    for (const end of ['', '-wal']) copyFileSync(`${store}${end}`, `${unfinished}${end}`);
  }
});

/** Runs a shell in a separate namespace, in which the folder is mounted read-only below `/mnt`. */
const mounted = (command: string) => [
  '-rm',
  'sh',
  '-c',
  `mount --bind "$0" /mnt && mount -o remount,ro,bind /mnt && exec ${command}`,
  folder,
];
const canMount = spawnSync('unshare', mounted('true')).status === 0;

function rollcall(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const all = [...mounted('"$@"'), process.execPath, main, ...args];
    execFile('unshare', all, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

describe.skipIf(!canMount)('on a read-only file system, a store', () => {
  it('can be exported, searched, verified, checked by doctor and described', async () => {
    const at = ['--store', 'sqlite:/mnt/a.db'];
    expect(await rollcall(['export', '--quiet', ...at])).toMatchObject({ code: 0, stdout: `${line}\n` });
    const verified = await rollcall(['verify', '--quiet', ...at]);
    expect(verified).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Every checksum of these calls agrees') as string,
      stderr: expect.stringContaining('The result is not kept for doctor') as string,
    });
    expect((await rollcall(['store', 'info', ...at])).code).toBe(0);
    expect((await rollcall(['find', ...at])).stdout).toMatch(/ call$/m);
    expect((await rollcall(['show', 'call', ...at])).stdout).toContain('Person p');
    expect((await rollcall(['doctor', ...at])).stdout).toContain('The store opens');
    const copied = await rollcall(['store', 'backup', join(folder, '..', 'x', 'none.db'), ...at]);
    expect(copied.code).not.toBe(0);
  });

  it('gives an error message when it cannot be changed', async () => {
    for (const args of [
      ['retention', '--keep-days', '1'],
      ['import', lines],
    ]) {
      const { code, stderr } = await rollcall([...args, '--store', 'sqlite:/mnt/a.db']);
      expect([args[0], code, stderr]).toEqual([args[0], 1, expect.stringContaining('is read-only')]);
      expect(stderr).not.toContain('    at ');
    }
  });

  it('names what is missing: changes in the write-ahead log, or a key', async () => {
    const { code, stderr } = await rollcall(['export', '--store', 'sqlite:/mnt/unfinished.db']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("'/mnt/unfinished.db-wal' has changes that are not in it yet."),
    ]);
    await openSqliteStore(keyless)[Symbol.asyncDispose]();
    const served = await rollcall([
      ...['serve', '--authority', 'http://127.0.0.1:9/', '--port', '0', '--workers', '1'],
      ...['--store', 'sqlite:/mnt/keyless.db'],
    ]);
    expect([served.code, served.stderr]).toEqual([
      1,
      expect.stringContaining("The store has no 'skip-token-key' yet, and it is read-only here."),
    ]);
  });

  it.each([1, 2])('is served by %i workers', async (workers) => {
    const serve = [
      ...['serve', '--authority', 'http://127.0.0.1:9/', '--port', '0', '--json'],
      ...['--workers', String(workers), '--store', 'sqlite:/mnt/a.db'],
    ];
    const child = spawn('unshare', [...mounted('"$@"'), process.execPath, main, ...serve], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
    const exited = once(child, 'exit') as Promise<[number | null]>;
    const first = await Promise.race([
      once(createInterface(child.stdout), 'line') as Promise<[string]>,
      exited.then(() => [said]),
    ]);
    const url = /"listening":\s*"([^"]+)"/.exec(first[0])?.[1];
    expect([url, said]).toEqual([expect.stringMatching(/^http/), expect.not.stringContaining('    at ')]);
    const response = await fetch(`${url}/v1.0/communications/callRecords`);
    expect(response.status).toBe(401);
    child.kill('SIGTERM');
    await exited;
    expect(said).not.toMatch(/read-only|should not/);
  });
});

/** A user who may read and not write. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;
const runsForNobody =
  nobody !== undefined && spawnSync(process.execPath, [main, '--version'], nobody).status === 0;

describe.skipIf(!runsForNobody)('of another user, a store', () => {
  it('that is in use is read; one that is not says which right is missing', async () => {
    const shared = join(folder, 'shared');
    mkdirSync(shared, { mode: 0o755 });
    const path = join(shared, 'b.db');
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [main, ...args, '--store', `sqlite:${path}`], {
        ...nobody,
        encoding: 'utf8',
      });
    {
      await using open = openSqliteStore(path);
      await importLines(open, tenantId, [line]);
      for (const end of ['', '-wal', '-shm']) chmodSync(`${path}${end}`, 0o644);
      expect(run('export', '--quiet')).toMatchObject({ status: 0, stdout: `${line}\n` });
    }
    const { status, stderr } = run('export');
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('this user cannot write to that folder. Grant the user that right'),
    ]);
    expect(stderr).not.toContain('    at ');
  });
});
