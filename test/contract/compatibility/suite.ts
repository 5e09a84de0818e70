/** Every row of docs/compatibility.md, sent to a running server, as a function of what starts one. */
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { type Receiver, type ReceiverOptions, startReceiver, tokenOf } from '../../support/receiver.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { records } from './fixture.ts';
import { areas, nameOf } from './matrix.ts';
import { type Json, type Row, type ServerName, servers } from './row.ts';

/** A body as its header says. */
function encoded(text: string, coding: string | undefined): string | Buffer {
  return coding === 'gzip' ? gzipSync(text) : text;
}

type Started = Pick<TestServer, 'url' | 'get' | 'token' | 'import' | 'stop'> & {
  readonly defects: readonly unknown[];
};

const subscribing = {
  method: 'POST',
  request: '/v1.0/subscriptions',
  headers: { 'content-type': 'application/json' },
} as const;

/** A webhook that validates itself, but below `/wrong`. */
const validate: Required<ReceiverOptions>['validate'] = (post) => {
  const token = post.target.startsWith('/wrong') ? 'another' : tokenOf(post);
  post.response.writeHead(200, { 'Content-Type': 'text/plain' }).end(token);
};

/** True of rows that ask a webhook on this machine: the server must be allowed to. */
export function needsEndpoint({ body, subscribed }: Row): boolean {
  return subscribed !== undefined || JSON.stringify(body ?? '').includes('{endpoint}');
}

/**
 * @param startServer Starts one with an empty store; with the embedded one, in this process, when absent.
 * @param isAsked Which rows; all when absent.
 */
export function compatibilitySuite(
  startServer: (options: (typeof servers)[ServerName]) => Promise<Started> = startTestServer,
  isAsked: (row: Row) => boolean = () => true,
): void {
  const started = new Map<ServerName, Promise<Started>>();
  afterAll(async () => {
    const servers = await Promise.all(started.values());
    expect(servers.flatMap(({ defects }) => defects)).toEqual([]);
    await Promise.all(servers.map((server) => server.stop()));
  });

  function serverNamed(name: ServerName): Promise<Started> {
    let starting = started.get(name);
    if (starting === undefined) {
      starting = start(name);
      started.set(name, starting);
    }
    return starting;
  }

  async function start(name: ServerName): Promise<Started> {
    const server = await startServer(servers[name]);
    expect((await server.import(records)).rejects).toEqual([]);
    const calls = '/v1.0/communications/callRecords';
    const log = `${calls}/getPstnCalls(fromDateTime=2026-02-02,toDateTime=2026-02-03)`;
    if (name === 'throttled')
      for (const [path, count] of [
        [`${calls}/call`, 40],
        [calls, 40],
        [log, 50],
      ] as const)
        for (let i = 0; i < count; i++) expect((await server.get(path)).status).toBe(200);
    return server;
  }

  /** `''` for none, `expired`, `delegated`, `another audience`, a whole header, or a role, in place of a good token. */
  async function authorizationOf(server: Started, asked: string | undefined): Promise<string | undefined> {
    if (asked === '') return undefined;
    if (asked?.startsWith('Bearer ') === true) return asked;
    if (asked === undefined) return `Bearer ${await server.token()}`;
    const named: Readonly<Record<string, Parameters<Started['token']>[0]>> = {
      delegated: { delegated: true },
      expired: { expiresInSeconds: -3600 },
      'another audience': { audience: 'api://another' },
    };
    const request = named[asked] ?? { roles: [asked] };
    return `Bearer ${await server.token(request)}`;
  }

  let receiver: Promise<Receiver> | undefined;
  afterAll(async () => (await receiver)?.[Symbol.asyncDispose]());

  /** Puts a URL and times into what a row says. */
  async function filledIn(text: string): Promise<string> {
    const endpoint = text.includes('{endpoint}')
      ? (await (receiver ??= startReceiver({ validate }))).url
      : '';
    return text
      .replaceAll('{endpoint}', endpoint)
      .replaceAll(/\{in (\d{1,4}) minutes\}/g, (_all, minutes: string) =>
        new Date(Date.now() + Number(minutes) * 60_000).toISOString(),
      );
  }

  async function send({ method = 'GET', request, headers = {}, body, server: name = 'usual' }: Row) {
    const server = await serverNamed(name);
    const { authorization: asked, ...given } = headers;
    const authorization = await authorizationOf(server, asked);
    const path = request.replace(/^…/, '/v1.0/communications/callRecords');
    return fetch(server.url + path, {
      method,
      headers: { ...given, ...(authorization !== undefined && { authorization }) },
      ...(body !== undefined && {
        body: encoded(await filledIn(JSON.stringify(body)), headers['content-encoding']),
      }),
    });
  }

  /** Sends a row, with the subscription made that it begins with; none is left. */
  async function sendAlone(
    row: Row,
  ): Promise<{ response: Response; text: string; message: string | undefined }> {
    const { subscribed, message } = row;
    if (!needsEndpoint(row)) {
      const response = await send(row);
      return { response, text: await response.text(), message };
    }
    let id = '';
    if (subscribed !== undefined) {
      const made = await send({ ...subscribing, status: 201, body: subscribed });
      const body = (await made.json()) as { id: string };
      expect(made.status, JSON.stringify(body)).toBe(201);
      ({ id } = body);
    }
    try {
      const response = await send({ ...row, request: row.request.replace('{id}', id) });
      return { response, text: await response.text(), message: message?.replace('{id}', id) };
    } finally {
      const listed = await send({ request: subscribing.request, status: 200 });
      const { value } = (await listed.json()) as { value: { id: string }[] };
      for (const { id } of value)
        await send({ method: 'DELETE', request: `${subscribing.request}/${id}`, status: 204 });
    }
  }

  for (const { title, rows: all } of areas) {
    const rows = all.filter(isAsked);
    if (rows.length === 0) continue;
    describe(title, () => {
      it.each(rows.map((row) => [nameOf(row), row] as const))('%s', async (_name, row) => {
        const { response, text, message: expected } = await sendAlone(row);
        const body = (text === '' ? {} : JSON.parse(text)) as Json;
        if (row.code !== undefined) {
          const { code, message } = body['error'] as { code: string; message: string };
          expect([response.status, code, message]).toEqual([row.status, row.code, expected]);
        } else expect(response.status, text.slice(0, 300)).toBe(row.status);
        expect(row.holds?.(body, response.headers) ?? true, text.slice(0, 600)).toBe(true);
      });
    });
  }
}
