/** Traces as a collector receives them from the program. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { readTracingSettings } from '../../src/base/tracing/settings.ts';
import { main, rollcall } from '../support/rollcall.ts';
import { type ReceivedSpan, startSpanReceiver } from '../support/span-receiver.ts';
import { startWorkersServer } from '../support/workers.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-tracing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Environment = Readonly<Record<string, string>>;

/** `rollcall dev` on a store of three calls. */
async function startDev(store: string, environment: Environment) {
  const child = spawn(
    process.execPath,
    [main, 'dev', '--store', store, '--port', '0', '--json', '--quiet', '--calls', '3'],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } },
  );
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { listening } = JSON.parse(line) as { listening: string };
  const { stdout: token } = await rollcall(['token', '--store', store]);
  return {
    ask: (method: string, path: string, headers: Record<string, string> = {}, body?: object) =>
      fetch(listening + path, {
        method,
        headers: { authorization: `Bearer ${token.trim()}`, 'content-type': 'application/json', ...headers },
        ...(body && { body: JSON.stringify(body) }),
      }),
    url: listening,
    stderr: () => stderr,
    async stop() {
      if (child.exitCode !== null) return;
      // When all is read that it wrote.
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      expect(await closed).toEqual([0, null]);
    },
    async [Symbol.asyncDispose]() {
      await this.stop();
    },
  };
}

const traceId = '0af7651916cd43dd8448eb211c80319c';
const clientSpan = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${clientSpan}-01`;
const roll = '/v1.0/communications/callRecords/{}/participants_v2';

const childrenOf = (spans: readonly ReceivedSpan[], parent: string) =>
  spans.filter(({ parentSpanId }) => parentSpanId === parent);

/** Everything in spans but what tells one from another. */
const wordsOf = (spans: readonly ReceivedSpan[]) =>
  JSON.stringify(spans.map(({ name, attributes, resource }) => ({ name, attributes, resource })));

async function callIds(ask: (method: string, path: string) => Promise<Response>): Promise<string[]> {
  const { value } = (await (await ask('GET', '/v1.0/communications/callRecords')).json()) as {
    value: { id: string }[];
  };
  return value.map(({ id }) => id);
}

describe('a server with workers', () => {
  it('goes on with the trace of a client, through the store and the supervisor, and names nobody', async () => {
    await using receiver = await startSpanReceiver();
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_SERVICE_NAME: 'calls of the test',
      ROLLCALL_LOG_LEVEL: 'debug',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    };
    await using server = await startWorkersServer({ environment });
    await server.import([...generateLines({ ...defaultGenerateOptions, calls: 3 })]);
    const ask = (method: string, path: string, headers?: Record<string, string>, body?: object) =>
      server.send(method, path, body, headers);
    const [id, ...others] = await callIds(ask);
    const path = `/v1.0/communications/callRecords/${id!}/participants_v2`;
    const page = await (await ask('GET', path, { traceparent })).text();
    const people = [...page.matchAll(/"(?:id|displayName|tenantId)":"([^"]+)"/g)].map(([, text]) => text!);
    expect(people.length).toBeGreaterThan(4);
    await ask('GET', `${path}/${people[0]!}?$select=id&hush=1`);
    const subscription = {
      changeType: 'updated',
      resource: 'communications/callRecords',
      notificationUrl: 'https://hook.example/hush',
      clientState: 'hush',
    };
    await ask('POST', '/v1.0/subscriptions', { traceparent }, subscription);
    await server.stop();
    // The log is found from the trace.
    const logged = server
      .stderr()
      .split('\n')
      .filter((line) => line.includes(`"traceId":"${traceId}"`));
    expect(logged.map((line) => (JSON.parse(line) as { route: string }).route)).toEqual([
      roll,
      '/v1.0/subscriptions',
    ]);

    const mine = receiver.spans.filter((span) => span.traceId === traceId);
    const served = childrenOf(mine, clientSpan);
    const read = served.find(({ name }) => name === `GET ${roll}`)!;
    expect(read).toMatchObject({
      kind: 2,
      isError: false,
      attributes: {
        'http.request.method': 'GET',
        'http.route': roll,
        'http.response.status_code': 200,
        'url.scheme': 'http',
        'network.protocol.version': '1.1',
      },
      resource: { 'service.name': 'calls of the test', 'deployment.environment.name': 'test' },
    });
    expect(
      childrenOf(mine, read.spanId).map(({ name, attributes }) => ({ name, attributes })),
    ).toContainEqual({
      name: 'participantsPage',
      attributes: { 'db.system.name': 'sqlite', 'db.operation.name': 'participantsPage' },
    });
    const sent = served.find(({ name }) => name === 'POST /v1.0/subscriptions')!;
    expect(childrenOf(mine, sent.spanId).map(({ name }) => name)).toEqual(['POST /v1.0/subscriptions']);

    const words = wordsOf(receiver.spans);
    const secrets = [
      id!,
      ...others,
      development.tenantId,
      development.clientId,
      'hush',
      'hook.example',
      '$select',
      'Bearer',
    ];
    expect([...secrets, ...people].filter((text) => words.includes(text))).toEqual([]);
  });
});

describe('sync', () => {
  it('traces each call from its fetch to what its upstream asked of its store, and names none', async () => {
    await using receiver = await startSpanReceiver();
    const environment = {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/v1/traces`,
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
    };
    await using dev = await startDev('memory:', { ...environment, OTEL_SERVICE_NAME: 'upstream' });
    const args = [
      '--once',
      '--upstream',
      dev.url,
      '--store',
      `sqlite:${join(folder, 'kept.db')}`,
      '--logs',
      'none',
    ];
    const since = ['--since', '2026-01-01', '--json'];
    const { code, stderr, stdout } = await rollcall(['sync', ...args, ...since], { environment });
    expect([code, stderr.includes('"tracing"')]).toEqual([0, false]);
    const { records } = JSON.parse(stdout) as { records: number };
    expect(records).toBeGreaterThan(0);
    await dev.stop();

    const fetches = receiver.spans.filter(({ name }) => name === 'fetch call');
    expect(fetches).toHaveLength(records);
    for (const fetched of fetches) {
      expect(fetched.resource['service.name']).toBe('rollcall');
      const children = childrenOf(receiver.spans, fetched.spanId);
      const requests = children.filter(({ name }) => name.startsWith('GET '));
      // What a call has used of its limits is written down while it is fetched.
      const writes = children.filter((child) => !requests.includes(child)).map(({ name }) => name);
      expect(writes.filter((name) => name !== 'upstream.setState')).toEqual([]);
      expect(requests.length).toBeGreaterThanOrEqual(2);
      for (const request of requests) {
        expect(request).toMatchObject({
          kind: 3,
          attributes: { 'http.response.status_code': 200, 'server.address': '127.0.0.1' },
        });
        expect(request.name).toMatch(/^GET \/v1\.0\/communications\/callRecords\/\{\}/);
        const [answer, ...more] = childrenOf(receiver.spans, request.spanId);
        expect([answer?.name, answer?.traceId, answer?.resource['service.name'], more]).toEqual([
          request.name,
          fetched.traceId,
          'upstream',
          [],
        ]);
      }
    }
    expect(receiver.spans.map(({ name }) => name)).toContain('add');
    expect(wordsOf(receiver.spans)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}/);
  });
});

describe('tracing', () => {
  /** Ends with 3: a store without calls has nothing to check. */
  const verify = (environment: Environment) => rollcall(['verify', '--store', 'memory:'], { environment });

  it('sends protobuf by default, to the path of traces', async () => {
    await using receiver = await startSpanReceiver();
    expect(await verify({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })).toMatchObject({ code: 3 });
    expect(receiver.bodies.map(({ path, type }) => [path, type])).toEqual([
      ['/v1/traces', 'application/x-protobuf'],
    ]);
    expect(receiver.bodies[0]!.body.includes('evidence.stored')).toBe(true);
  });

  it('sends nothing of what is not sampled', async () => {
    await using receiver = await startSpanReceiver();
    const never = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' };
    expect(await verify({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...never })).toMatchObject({ code: 3 });
    expect(receiver.bodies).toEqual([]);
  });

  it('does not keep a command from its end when no collector answers', async () => {
    const { code, stderr } = await verify({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    expect(code).toBe(3);
    const told = stderr.split('\n').filter((line) => / (warn |error) /.test(line));
    expect(told.filter((line) => !line.includes('about=tracing'))).toEqual([]);
  });

  it('refuses what it cannot do', async () => {
    const stderr = 'OTEL_TRACES_EXPORTER: must be otlp, console or none.\n';
    expect(await verify({ OTEL_TRACES_EXPORTER: 'zipkin' })).toMatchObject({ code: 2, stderr });
    const grpc = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
    expect(() => readTracingSettings(grpc)).toThrow(
      'OTEL_EXPORTER_OTLP_PROTOCOL: must be http/protobuf or http/json. A collector accepts both on port 4318.',
    );
  });

  it('loads nothing of OpenTelemetry while no variable asks for traces', async () => {
    // But the API, which prom-client loads.
    const tell = `import m from 'node:module';process.on('exit',()=>console.error('loaded',Object.keys(m._cache).filter((p)=>/@opentelemetry.(?!api.)/.test(p)).length))`;
    const environment = { NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(tell)}"` };
    const loaded = async (more: Environment) =>
      Number(/loaded (\d+)/.exec((await verify({ ...environment, ...more })).stderr)?.[1]);
    expect(await loaded({})).toBe(0);
    expect(await loaded({ OTEL_TRACES_EXPORTER: 'console' })).toBeGreaterThan(10);
  });

  it('names the packages that are not installed, and how to install them', async () => {
    // As npm leaves it: prom-client brings the API alone.
    const hide = `import {registerHooks} from 'node:module';registerHooks({resolve(s,c,next){if(/^@opentelemetry.(?!api$)/.test(s))throw Object.assign(new Error(s),{code:'ERR_MODULE_NOT_FOUND'});return next(s,c)}})`;
    const environment = { NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(hide)}"` };
    expect(await verify({ ...environment, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })).toEqual({
      code: 2,
      stdout: '',
      stderr: `OTEL_… variables turn tracing on, but its packages are not installed: @opentelemetry/core, @opentelemetry/exporter-trace-otlp-proto, @opentelemetry/resources, @opentelemetry/sdk-trace-base. Install them next to Rollcall, or set OTEL_SDK_DISABLED=true:
npm install @opentelemetry/core@2.12 @opentelemetry/exporter-trace-otlp-proto@0.223 @opentelemetry/resources@2.12 @opentelemetry/sdk-trace-base@2.12\n`,
    });
  });

  it('is on by an endpoint or an exporter, and by nothing else', () => {
    const otlp = { exporters: ['otlp'], protocol: 'http/protobuf' };
    expect(readTracingSettings({ OTEL_SERVICE_NAME: 'x' })).toBeUndefined();
    const off = { OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' };
    expect(readTracingSettings(off)).toBeUndefined();
    const disabled = { OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' };
    expect(readTracingSettings(disabled)).toBeUndefined();
    expect(readTracingSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' })).toEqual(otlp);
    expect(readTracingSettings({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c' })).toEqual(otlp);
    expect(readTracingSettings({ OTEL_TRACES_EXPORTER: 'otlp, console' })).toEqual({
      ...otlp,
      exporters: ['otlp', 'console'],
    });
  });
});
