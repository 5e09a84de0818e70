/** `sync` as an operator meets it: what it tells, and how it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { development } from '../../src/base/development.ts';
import { aRecord } from '../support/records.ts';
import { main, rollcall } from '../support/rollcall.ts';
import { callIdOf, type SmallGraph, startSmallGraph } from '../support/small-graph.ts';
import { startEmulator, type TestEmulator } from '../support/emulator.ts';

/** Of the last hours, so that they are listed. */
const calls = 3;
let upstream: TestEmulator;
beforeAll(async () => {
  upstream = await startEmulator();
  const hourMs = 3600_000;
  const at = (hoursAgo: number) => new Date(Date.now() - hoursAgo * hourMs).toISOString();
  const records = Array.from({ length: calls }, (_, i) =>
    aRecord(`call-${i}`, { startDateTime: at(i + 2), endDateTime: at(i + 1.5), participants_v2: [] }),
  );
  await upstream.import(records);
});
afterAll(() => upstream.stop());

const sync = (...args: string[]) => rollcall(['sync', '--once', '--store', 'memory:', ...args]);

describe('sync --once', () => {
  const wrong = () => [
    ...['--upstream', upstream.url, '--client-id', '44444444-4444-4444-8444-444444444444'],
    ...['--client-secret', 'wrong'],
  ];
  const refused = /The authority rejected the credentials/g;

  it.each([[[]], [['--quiet']], [['--json']]])('tells a problem once with %j', async (more) => {
    const { code, stderr } = await sync(...wrong(), ...more);
    expect([code, stderr.match(refused)?.length]).toEqual([1, 1]);
    expect(stderr).not.toContain('wrong');
  });

  it('names every wrong address, and shows no password', async () => {
    const { code, stderr } = await sync(
      ...['--upstream', 'https://someone:hush@graph.example', '--authority', 'https://x@login.example'],
      ...['--notification-url', 'ftp://listener.example'],
    );
    const wanted = 'an http or https URL without a user name is expected.';
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `--upstream: ${wanted}\n--notification-url: ${wanted}\n--authority: ${wanted}\n`,
    });
  });

  it('takes plain http for this machine alone', async () => {
    const { code, stderr } = await sync(
      '--upstream',
      upstream.url,
      '--notification-url',
      'http://me.example',
    );
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: '--notification-url: http is for this machine alone; name an https URL.\n',
    });
  });
});

describe('sync --managed-identity', () => {
  it('keeps what upstream has with tokens of the metadata service, and shows no token', async () => {
    const asked: (string | undefined)[] = [];
    const token = await upstream.token();
    const imds = createServer((request, response) => {
      asked.push(request.url);
      response.end(JSON.stringify({ access_token: token, expires_in: '86399', token_type: 'Bearer' }));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void imds.close());
    await once(imds, 'listening');
    const { port } = imds.address() as AddressInfo; // it listens on a port
    const environment = { AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://127.0.0.1:${port}` };
    const given = ['--upstream', upstream.url, '--managed-identity', 'system', '--logs', 'none', '--json'];
    const args = ['sync', '--once', '--store', 'memory:', ...given];
    const { code, stdout, stderr } = await rollcall(args, { environment });
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ records: calls })]);
    const resource = encodeURIComponent(`${new URL(upstream.url).origin}/`);
    expect(asked).toEqual([`/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${resource}`]);
    expect(stdout + stderr).not.toContain(token);
  });
});

describe('sync --health-port', () => {
  /** One that runs, and where it answers. */
  async function started(...more: string[]) {
    const args = [main, 'sync', '--store', 'memory:', '--health-port', '0', ...more];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const lines = createInterface({ input: child.stderr });
    const url = await new Promise<string>((resolve) =>
      lines.on('line', (line) => {
        const [, at] = / info  \/healthz, \/readyz and \/metrics: (http:\S+)$/.exec(line) ?? [];
        if (at !== undefined) resolve(at);
      }),
    );
    const ask = async (path: string) => (await fetch(url + path)).status;
    return { child, url, ask };
  }

  it('answers /healthz, /readyz and /metrics, and nothing else, until it is stopped', async () => {
    const { child, url, ask } = await started('--upstream', upstream.url);
    expect(await Promise.all(['/healthz', '/readyz', '/metrics', '/v1.0/'].map(ask))).toEqual([
      200, 200, 200, 404,
    ]);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
    const figure = async (name: string) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      // Nobody's: neither the tenant nor the application nor where it is from.
      expect(text).not.toMatch(new RegExp(`${development.tenantId}|${development.clientId}|${upstream.url}`));
      return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    };
    // Until it has fetched all; what the store holds is read every fifteen seconds.
    while ((await figure('rollcall_sync_records_total')) < calls)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await figure('rollcall_sync_versions_total')).toBe(calls);
    expect(await figure('rollcall_sync_pages_total')).toBeGreaterThanOrEqual(calls);
    expect(await figure('rollcall_sync_requests_total')).toBeGreaterThan(calls);
    expect(await figure('rollcall_sync_leases_held')).toBe(1);
    expect(await figure('rollcall_sync_leases_lost_total')).toBe(0);
    // It keeps no subscription.
    expect(await figure('rollcall_sync_subscription_end_timestamp_seconds')).toBeNaN();
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('answers while --once fetches, and ends with it', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    onTestFinished(() => silent.closeAllConnections());
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo; // it listens on a port
    const { child, ask } = await started('--once', '--upstream', `http://127.0.0.1:${port}`);
    expect(await Promise.all(['/healthz', '/readyz', '/metrics'].map(ask))).toEqual([200, 200, 200]);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    const whole = await sync('--upstream', upstream.url, '--health-port', '0');
    expect([whole.code, whole.stderr]).toEqual([
      0,
      expect.stringMatching(/\/healthz, \/readyz and \/metrics: http:/),
    ]);
  });

  it('says when something else listens there', async () => {
    const { port } = new URL(upstream.url);
    const args = ['--upstream', upstream.url, '--store', 'memory:', '--health-port', port];
    expect(await rollcall(['sync', ...args])).toMatchObject({
      code: 2,
      stderr: `127.0.0.1:${port}: something else listens there. Name another with --health-port, or 0 to pick one.\n`,
    });
  });
});

describe('sync --once, of an upstream with something odd', () => {
  const of = (graph: SmallGraph, ...more: string[]) =>
    sync(
      ...['--upstream', graph.url, '--authority', graph.url, '--tenant', development.tenantId],
      ...['--client-id', development.clientId, '--client-secret', 'x', '--logs', 'none', ...more],
    );
  const startedMs = Date.now() - 3600_000;

  it('names each thing that could not be kept, with what happens next', async () => {
    const value = (body: object) => (body as { value: object[] }).value;
    await using graph = await startSmallGraph(2, startedMs, (body, question) =>
      question.of === 'list' ? { value: [null, ...value(body)] } : body,
    );
    const { code, stdout } = await of(graph, '--json');
    const { problems, ...counts } = JSON.parse(stdout) as { problems: unknown[] };
    expect([code, counts]).toMatchObject([3, { records: 2, setAside: 1, problemCount: 1, stopped: false }]);
    const reason = 'An item of the list of calls is not a JSON object, so it names no call.';
    const next = expect.stringMatching(
      /^Its text was set aside: run rollcall quarantine show \w{12} to print it\.$/,
    ) as string;
    expect(problems).toEqual([
      {
        ...{ tenant: development.tenantId, call: null, unit: 'listItem', reason, next },
        problem: expect.stringContaining(reason) as string,
      },
    ]);
    const text = await of(graph);
    expect([text.code, text.stdout.split('\n')[1]]).toEqual([3, expect.stringContaining(reason)]);
  });

  it('ends with 0 when all there is was stored, and says what is odd in it', async () => {
    await using graph = await startSmallGraph(2, startedMs, (body, question) =>
      question.callId === callIdOf(1) ? { ...body, modalities: 'audio' } : body,
    );
    const { code, stdout } = await of(graph);
    expect([code, stdout.split('\n')[1]]).toEqual([
      0,
      `Call ${callIdOf(1)}: The call is stored with 1 odd value. record: 1 × A value does not have the type that the model declares. Nothing is lost: the call is stored as it was received.`,
    ]);
  });
});
