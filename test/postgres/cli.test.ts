/** The commands on a PostgreSQL store, as a user meets them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { readingCommands } from '../support/reading-commands.ts';
import { aRecord, participants } from '../support/records.ts';
import { main, rollcall as run } from '../support/rollcall.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const rollcall = (args: readonly string[], input = '', url = database.url) =>
  run(args, { input, environment: { ROLLCALL_STORE: url } });

/** A server, its URL, and what it has said. */
async function start(store: string, command: string, ...more: string[]) {
  const args = [main, command, '--store', store, '--port', '0', ...more];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error(said))),
  ])) as [string];
  return {
    url: /http:\S+/.exec(line)![0],
    said: () => said,
    async logged(pattern: RegExp) {
      while (!pattern.test(said)) await once(child.stderr, 'data');
    },
    async stop() {
      const exit = once(child, 'exit') as Promise<[number | null]>;
      child.kill('SIGTERM');
      return (await exit)[0];
    },
  };
}

it('import, generate, give tokens and serve from it', async () => {
  const line = `${JSON.stringify(aRecord('call', { participants_v2: participants(140) }))}\n`;
  const imported = await rollcall(['import', '-', '--json'], line);
  expect([imported.code, JSON.parse(imported.stdout)]).toMatchObject([0, { records: 1, newVersions: 1 }]);
  const dev = await start(database.url, 'dev');
  const { stdout: token } = await rollcall(['token']);
  const path = '/v1.0/communications/callRecords/call/participants_v2';
  const response = await fetch(dev.url + path, { headers: { authorization: `Bearer ${token.trim()}` } });
  expect([response.status, ((await response.json()) as { value: unknown[] }).value.length]).toEqual([
    200, 130,
  ]);
  const serve = await start(
    database.url,
    'serve',
    '--authority',
    `${dev.url}/11111111-1111-4111-8111-111111111111/v2.0`,
  );
  expect((await fetch(`${serve.url}/readyz`)).status).toBe(200);
  // What a newcomer is shown does not hold the password.
  expect(dev.said()).toContain(`--store 'postgres://`);
  expect(dev.said()).not.toContain(new URL(database.url).password);
  expect(await Promise.all([dev.stop(), serve.stop()])).toEqual([0, 0]);
});

it('say in a sentence what is wrong with it', async () => {
  const url = new URL(database.url);
  url.password = 'secret-of-mine';
  expect(await rollcall(['token'], '', url.href)).toEqual({
    code: 1,
    stdout: '',
    stderr: `The store at postgres://${url.host}${url.pathname} does not work: the server rejected the password.\n`,
  });
  expect(await rollcall(['token'], '', 'mysql://elsewhere')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'ROLLCALL_STORE: sqlite:PATH, postgres://… or memory: is expected.\n',
  });
});

it('take the password from the password file, and say in a sentence why not', async () => {
  const url = new URL(database.url);
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'pgpass');
  const { password, host, pathname } = url;
  url.password = '';
  const token = () =>
    run(['token'], { environment: { ROLLCALL_STORE: url.href, PGPASSFILE: path, PGPASSWORD: '' } });
  const refused = (stderr: string) => ({ code: 1, stdout: '', stderr: `${stderr}\n` });
  expect(await token()).toEqual(
    refused(
      `The store at postgres://${host}${pathname} does not work: it requires a password, and neither the URL, PGPASSWORD nor the password file has one.`,
    ),
  );
  writeFileSync(path, `*:*:*:${url.username}:${decodeURIComponent(password)}\n`);
  chmodSync(path, 0o644);
  expect(await token()).toEqual(
    refused(
      `The password file '${path}' is ignored because users other than its owner can read or write it. Run chmod 600 on it.`,
    ),
  );
  chmodSync(path, 0o600);
  expect(await token()).toMatchObject({ code: 0, stderr: '' });
});

it('a server tells its log why the store does not answer, not for each request, and when it does again', async () => {
  await using postgres = await startPostgres();
  const dev = await start(postgres.url, 'dev', '--no-generate');
  const { stdout: token } = await rollcall(['token'], '', postgres.url);
  const headers = { authorization: `Bearer ${token.trim()}` };
  const read = async () => (await fetch(`${dev.url}/v1.0/communications/callRecords/a`, { headers })).status;
  expect(await read()).toBe(404);
  await postgres.stop();
  expect((await fetch(`${dev.url}/readyz`)).status).toBe(503);
  for (let i = 0; i < 20; i++)
    expect(new Set(await Promise.all(Array.from({ length: 20 }, read)))).toEqual(new Set([503]));
  const { host } = new URL(postgres.url);
  const errors = dev.said().match(/(?<= error ).*/g) ?? [];
  const reasons = errors.map((line) => /does not work: (.*?\.) (about|requestId)=/.exec(line)?.[1]);
  expect(reasons).toContain('no server listens there.');
  // Each once, and no place in the code.
  expect(reasons).toEqual([...new Set(reasons)]);
  expect(errors.join('\n')).toContain(`The store at postgres://${host}/postgres does`);
  expect(dev.said()).not.toContain('at=');
  await postgres.start();
  expect((await fetch(`${dev.url}/readyz`)).status).toBe(200);
  await dev.logged(/ info {2}The store answers again\. seconds=\d+ rejected=400\n/);
  expect(await dev.stop()).toBe(0);
});

it('that read say that there is no store in a database, and make no schema in it', async () => {
  await using empty = await createDatabase({ isEmpty: true });
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const { args, says } of readingCommands) {
    const ran = await run(args(empty.url, join(folder, 'out')));
    const name = args('STORE', 'OUT').join(' ');
    expect([name, ran.code, ran[says]]).toEqual([
      name,
      2,
      expect.stringMatching(/No store exists at postgres:\/\/\S+\./),
    ]);
  }
  const schemas = await empty.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'rollcall'`);
  expect([schemas, readdirSync(folder)]).toEqual([[], []]);
});
