/** The commands as a user meets them: the real program, its output, its exit codes. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { aRecord, participants } from '../support/records.ts';
import { main, rollcall as run, startHere } from '../support/rollcall.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const storePath = () => join(folder, `${files++}.db`);

const rollcall = (args: readonly string[], input = '', environment: Record<string, string> = {}) =>
  run(args, { input, environment });

interface Running {
  readonly url: string;
  readonly stdout: string[];
  stderr(): string;
  stop(): Promise<number | null>;
}

async function start(...args: string[]): Promise<Running> {
  const child: ChildProcess = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout: string[] = [];
  let stderr = '';
  child.stderr!.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const lines = createInterface({ input: child.stdout! });
  lines.on('line', (line) => stdout.push(line));
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error(stderr))),
  ])) as [string];
  return {
    url: /https?:\/\/[^"\s]+/.exec(line)![0],
    stdout,
    stderr: () => stderr,
    stop: async () => {
      const exit = once(child, 'exit') as Promise<[number | null]>;
      child.kill('SIGTERM');
      return (await exit)[0];
    },
  };
}

/** Starts it in this process. */
async function startQuickly(...args: string[]) {
  const started = startHere(args);
  const [, url] = await started.said(/rollcall listening on (\S+)/);
  return { ...started, url: url! };
}

const roll = (url: string, token: string, id: string) =>
  fetch(`${url}/v1.0/communications/callRecords/${id}/participants_v2`, {
    headers: { authorization: `Bearer ${token.trim()}` },
  });

describe('usage', () => {
  it('says what there is, and refuses what there is not, naming every mistake', async () => {
    expect((await rollcall(['--help'])).stdout).toContain('Run COMMAND --help');
    expect((await rollcall(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await rollcall([])).toMatchObject({ code: 2, stdout: '' });
    expect(await rollcall(['fly'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'fly: there is no such command. See rollcall --help.\n',
    });
    expect(await rollcall(['dev', '--prot', '1', '--port', 'x', '--tenant=1', '--calls'])).toEqual({
      code: 2,
      stdout: '',
      stderr:
        '--prot: dev has no such option. Did you mean --port?\n--calls: a value is missing.\n' +
        '--tenant: a GUID such as 11111111-1111-4111-8111-111111111111 is expected.\n--port: a whole number from 0 to 65535 is expected.\n',
    });
    expect(await rollcall(['serve'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--authority: name the OpenID authority/) as string,
    });
  });

  it('takes options from flags, environment and file, in this order', async () => {
    const file = join(folder, 'config.json');
    writeFileSync(
      file,
      JSON.stringify({ tenant: '44444444-4444-4444-8444-444444444444', store: 'sqlite:from-file' }),
    );
    const { stdout } = await rollcall(['config', '--config', file, '--json'], '', { ROLLCALL_JSON: 'false' });
    expect(JSON.parse(stdout)).toMatchObject({ json: { value: true, origin: 'flag' } });
    expect(JSON.parse(stdout)).toMatchObject({
      store: { value: 'sqlite:from-file', origin: 'file', environment: 'ROLLCALL_STORE' },
      port: { value: 7655, origin: 'default' },
    });
    const secret = { ROLLCALL_STORE: 'postgres://me:hush@host/db', ROLLCALL_CLIENT_SECRET: 'hush' };
    const shown = await rollcall(['config'], '', secret);
    expect(shown.stdout).toContain('postgres://me:PASSWORD@host/db');
    expect(shown.stdout).toMatch(/^store +\S+ +\(environment\) +ROLLCALL_STORE, ROLLCALL_STORE_FILE$/m);
    expect(shown.stdout).not.toContain('hush');
    const wrong = await rollcall(['token', '--config', file], '', { ROLLCALL_EXPIRES_IN: 'soon' });
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      'ROLLCALL_EXPIRES_IN: a whole number from -315360000 to 315360000 is expected.\n',
    ]);
  });
});

describe('generate and import', () => {
  it('write log rows of each kind after the calls, when asked to', async () => {
    const args = ['generate', '--calls', '2', '--largest', '3', '--seed', '7'];
    const [calls, both] = await Promise.all([rollcall(args), rollcall([...args, '--log-rows', '2'])]);
    expect(both.stdout.startsWith(calls.stdout)).toBe(true);
    const rows = both.stdout.slice(calls.stdout.length).trim().split('\n');
    expect(rows.map((row) => /^\{"@odata.type":"#microsoft.graph.callRecords.(\w+)"/.exec(row)?.[1])).toEqual(
      [
        'pstnCallLogRow',
        'directRoutingLogRow',
        'smsLogRow',
        'pstnBlockedUsersLogRow',
        'pstnOnlineMeetingDialoutReport',
      ].flatMap((kind) => [kind, kind]),
    );
  });

  it('make the same bytes for the same seed, and pipe into one another', async () => {
    const args = ['generate', '--calls', '30', '--largest', '200', '--seed', '7'];
    const [first, second, other] = await Promise.all([
      rollcall(args),
      rollcall(args),
      rollcall([...args.slice(0, -1), '8']),
    ]);
    expect([second.stdout === first.stdout, other.stdout === first.stdout]).toEqual([true, false]);
    const records = first.stdout.trim().split('\n').length;
    const store = storePath();
    const imported = await rollcall(['import', '-', '--store', `sqlite:${store}`, '--json'], first.stdout);
    expect(JSON.parse(imported.stdout)).toMatchObject({
      records,
      newVersions: records,
      unchanged: 0,
      rejected: 0,
    });
  });

  it('end with 3 when a line was not taken, and write it down', async () => {
    const rejects = join(folder, 'rejects.jsonl');
    const input = join(folder, 'input.jsonl');
    writeFileSync(input, `${JSON.stringify(aRecord('a', { participants_v2: [] }))}\nbroken\n`);
    const result = await rollcall([
      'import',
      input,
      '--store',
      `sqlite:${storePath()}`,
      '--rejects',
      rejects,
      '--json',
    ]);
    const reason = 'Not JSON: a value expected at byte 0.';
    expect(result).toMatchObject({ code: 3, stderr: `${input}:2: ${reason}\n` });
    const { problems, ...counts } = JSON.parse(result.stdout) as Record<string, unknown>;
    expect(counts).toEqual({
      ...{
        records: 1,
        participants: 0,
        sessions: 0,
        logRows: 0,
        newLogRows: 0,
        newVersions: 1,
        unchanged: 0,
      },
      ...{
        rejected: 1,
        rejectedLines: 1,
        markedCalls: 0,
        markedRows: 0,
        setAside: 0,
        missingPages: 0,
        missingLists: 0,
        passedOver: 0,
      },
    });
    const next = 'Correct the line and import the file again.';
    expect(problems).toEqual([{ file: input, line: 2, unit: 'line', reason, next, count: 1 }]);
    expect(JSON.parse(readFileSync(rejects, 'utf8'))).toEqual({
      ...{ file: input, line: 2, count: 1, lines: [2] },
      ...{ reason, text: 'broken' },
    });
  });

  it('tell of what they pass over in a folder, and of one in which there is nothing to read', async () => {
    const inputs = join(folder, 'inputs');
    mkdirSync(join(inputs, 'inner.json'), { recursive: true });
    for (const name of [
      'call',
      'calls.json.txt',
      '.hidden',
      'inner.json/b.log',
      'x.csv.manifest.json',
      'x.csv',
    ])
      writeFileSync(join(inputs, name), JSON.stringify(aRecord('over')));
    const store = `sqlite:${storePath()}`;
    const none = await rollcall(['import', inputs, '--store', store]);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain(
      `${inputs}: nothing in this folder can be imported. It holds call, calls.json.txt, `,
    );
    writeFileSync(join(inputs, 'taken.json'), JSON.stringify(aRecord('taken', { participants_v2: [] })));
    const some = await rollcall(['import', inputs, '--store', store, '--json']);
    expect(some.code).toBe(3);
    expect(some.stderr).toContain(
      '4 files were skipped because of their names: call, calls.json.txt, inner.json/b.log, x.csv. In a folder,',
    );
    expect(JSON.parse(some.stdout)).toMatchObject({
      ...{ records: 1, rejected: 0, passedOver: 4 },
      problems: [{ file: inputs, line: 0, unit: 'file', count: 4 }],
    });
  });

  it('name a path that is not there, and a store that is none', async () => {
    expect(await rollcall(['import', '/not/there'])).toMatchObject({
      code: 2,
      stderr: '/not/there: there is no such file or folder, or this user may not read it.\n',
    });
    expect(await rollcall(['import'])).toMatchObject({ code: 2 });
    const store = join(folder, 'none.db');
    writeFileSync(store, 'x'.repeat(5000));
    const { code, stderr } = await rollcall(['import', '-', '--store', `sqlite:${store}`]);
    expect([code, stderr]).toEqual([
      1,
      `The store '${store}' cannot be opened: the file is not a SQLite database, or it is damaged.\n`,
    ]);
  });
});

describe('dev', () => {
  it('starts on an empty store, prints one line, answers the line it suggests, stops cleanly, and starts again as it was', async () => {
    const store = storePath();
    const server = await start('dev', '--store', `sqlite:${store}`, '--port', '0', '--calls', '5');
    const curl = /curl[^\n]*\\\n[^\n]*participants_v2/.exec(server.stderr())![0];
    expect(curl).not.toMatch(/eyJ/);
    const pasted = await new Promise<string>((resolve, reject) => {
      const bin = join(process.execPath, '..');
      const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
      execFile(
        'bash',
        ['-c', curl],
        { cwd: fileURLToPath(new URL('../..', import.meta.url)), env, maxBuffer: 2 ** 24 },
        (error, stdout) => (error ? reject(new Error('curl failed', { cause: error })) : resolve(stdout)),
      );
    });
    expect((JSON.parse(pasted) as { value: unknown[] }).value).toHaveLength(130);
    const pages = [/Page +(\S+)/, /in a browser:\s+(\S+)/].map((words) => words.exec(server.stderr())![1]!);
    const shown = await Promise.all(pages.map((page) => fetch(page).then((answer) => answer.text())));
    expect(shown).toEqual(pages.map(() => expect.stringContaining('<title>Rollcall</title>') as string));
    expect(await server.stop()).toBe(0);
    expect(server.stdout).toEqual([`rollcall listening on ${server.url}`]);

    const again = await start('dev', '--store', `sqlite:${store}`, '--port', '0', '--json');
    expect(again.stdout).toEqual([JSON.stringify({ listening: again.url })]);
    expect(again.stderr()).not.toContain('generating');
    const id = /callRecords\/([^/]+)\/participants_v2/.exec(curl)![1]!;
    const kinds: [string[], number][] = [
      [[], 200],
      [['--delegated'], 403],
      [['--role', 'User.Read.All'], 403],
      [['--expires-in', '-3600'], 401],
      [['--audience', 'https://else.example'], 401],
      [['--tenant', '44444444-4444-4444-8444-444444444444'], 404],
    ];
    for (const [args, status] of kinds) {
      const { stdout } = await rollcall(['token', '--store', `sqlite:${store}`, ...args]);
      expect([args, (await roll(again.url, stdout, id)).status]).toEqual([args, status]);
    }
    expect((await fetch(`${again.url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${again.url}/readyz`)).json()).toMatchObject({ ready: true });
    expect(again.stderr()).not.toMatch(/eyJ/);
    await again.stop();
  });

  it('says so when its port is taken', async () => {
    const server = await startQuickly('dev', '--store', 'memory:', '--port', '0', '--calls', '1');
    const { port } = new URL(server.url);
    expect(await rollcall(['dev', '--store', 'memory:', '--port', port, '--no-generate'])).toEqual({
      code: 2,
      stdout: '',
      stderr: `127.0.0.1:${port}: something else listens there. Name another with --port, or 0 to pick one.\n`,
    });
    await server.stop();
  });

  it('serves https with a certificate of its own', async () => {
    const server = await startQuickly(
      'dev',
      '--store',
      'memory:',
      '--port',
      '0',
      '--calls',
      '1',
      '--tls-self-signed',
      '--quiet',
    );
    expect(server.url).toMatch(/^https:/);
    const { stdout } = await new Promise<{ stdout: string }>((resolve, reject) =>
      execFile('curl', ['-sS', '-k', `${server.url}/healthz`], (error, out) =>
        error ? reject(new Error('curl failed', { cause: error })) : resolve({ stdout: out }),
      ),
    );
    expect([stdout, server.stderr()]).toEqual(['ok\n', '']);
    await server.stop();
  });

  it('answers every request it took when it is told to stop under load', async () => {
    const store = storePath();
    await rollcall(
      ['import', '-', '--store', `sqlite:${store}`],
      `${JSON.stringify(aRecord('call', { participants_v2: participants(130) }))}\n`,
    );
    const { stdout: token } = await rollcall(['token', '--store', `sqlite:${store}`]);
    const server = await start('dev', '--store', `sqlite:${store}`, '--port', '0');
    const agent = new Agent({ keepAlive: true, maxSockets: 32 });
    const outcomes: (number | string)[] = [];
    let stopping: Promise<number | null> | undefined;
    const ask = () =>
      new Promise<void>((resolve) => {
        const request = get(
          `${server.url}/v1.0/communications/callRecords/call/participants_v2`,
          { agent, headers: { authorization: `Bearer ${token.trim()}` } },
          (response) => {
            response.resume();
            response.on('end', () => {
              outcomes.push(response.complete ? response.statusCode! : 'cut');
              resolve();
            });
          },
        );
        request.on('error', (error: NodeJS.ErrnoException) => {
          outcomes.push(error.code ?? 'error');
          resolve();
        });
      });
    await Promise.all(
      Array.from({ length: 32 }, async () => {
        while (!outcomes.includes('ECONNREFUSED')) {
          await ask();
          if (outcomes.length > 400) stopping ??= server.stop();
        }
      }),
    );
    expect(await stopping).toBe(0);
    agent.destroy();
    expect([...new Set(outcomes)].sort()).toEqual([200, 'ECONNREFUSED']);
  });
});

describe('dev, told to be as Graph is besides', () => {
  const at = (daysAgo: number, minutes = 0) =>
    new Date(Date.now() - (daysAgo * 1440 - minutes) * 60_000).toISOString();
  const record = (id: string, daysAgo: number) =>
    aRecord(id, {
      startDateTime: at(daysAgo),
      endDateTime: at(daysAgo, 30),
      organizer: { user: { id: 'x' } },
    });

  it('limits, forgets, is late and leaves out what is deprecated, each by its flag', async () => {
    const store = `sqlite:${storePath()}`;
    const lines = [record('old', 40), record('settled', 5), record('fresh', 30 / 1440)];
    await rollcall(['import', '-', '--store', store], lines.map((line) => JSON.stringify(line)).join('\n'));
    const token = (await rollcall(['token', '--store', store])).stdout.trim();
    const answers = async (flags: readonly string[], count: number) => {
      const server = await startQuickly('dev', '--store', store, '--port', '0', '--quiet', ...flags);
      const found: unknown[] = [];
      for (let i = 0; i < count; i++) {
        const response = await fetch(`${server.url}/v1.0/communications/callRecords`, {
          headers: { authorization: `Bearer ${token}` },
        });
        const { value = [] } = (await response.json()) as { value?: Record<string, unknown>[] };
        found.push(response.status, ...value.map(({ id, organizer }) => [id, organizer !== undefined]));
      }
      await server.stop();
      return found;
    };
    const all = [
      ['old', true],
      ['settled', true],
      ['fresh', true],
    ];
    expect(await answers([], 1)).toEqual([200, ...all]);
    const flags = ['--retention-days', '30', '--late-minutes', '60', '--deprecated', 'absent'];
    expect(await answers(flags, 1)).toEqual([200, ['settled', false]]);
    expect((await answers(['--throttle', 'on'], 41)).filter((one) => typeof one === 'number')).toEqual([
      ...Array<number>(40).fill(200),
      429,
    ]);
  });
});

describe('serve', () => {
  it('takes tokens of its authority alone, and no development token', async () => {
    const store = storePath();
    const dev = await startQuickly('dev', '--store', `sqlite:${store}`, '--port', '0', '--calls', '1');
    const tenant = '11111111-1111-4111-8111-111111111111';
    const serve = await startQuickly(
      'serve',
      '--store',
      `sqlite:${store}`,
      '--port',
      '0',
      '--workers',
      '1',
      '--authority',
      `${dev.url}/${tenant}/v2.0`,
    );
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: '22222222-2222-4222-8222-222222222222',
      client_secret: 'rollcall-dev-secret',
      scope: 'https://graph.microsoft.com/.default',
    });
    const answer = (await (
      await fetch(`${dev.url}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body: form })
    ).json()) as { access_token: string };
    const id = /callRecords\/([^/]+)\/participants_v2/.exec(dev.stderr())![1]!;
    expect((await roll(serve.url, answer.access_token, id)).status).toBe(200);
    const { stdout } = await rollcall(['token', '--store', `sqlite:${store}`]);
    expect((await roll(serve.url, stdout, id)).status).toBe(401);
    expect((await fetch(`${serve.url}/rollcall/dev/clock`)).status).toBe(404);
    expect(
      (await fetch(`${serve.url}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body: form })).status,
    ).toBe(404);
    await Promise.all([dev.stop(), serve.stop()]);
    expect(existsSync(store)).toBe(true);
  });
});
