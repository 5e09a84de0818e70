/** Every row of docs/compatibility.md, sent to a running server, as a function of what starts one. */
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
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
    if (name === 'throttled')
      for (let i = 0; i < 40; i++) await server.get('/v1.0/communications/callRecords/call');
    return server;
  }

  /** A role, or `delegated`, or nothing, in place of a good token. */
  async function authorizationOf(server: Started, asked: string | undefined): Promise<string | undefined> {
    if (asked === '') return undefined;
    if (asked === undefined) return `Bearer ${await server.token()}`;
    const request = asked === 'delegated' ? { delegated: true } : { roles: [asked] };
    return `Bearer ${await server.token(request)}`;
  }

  async function send({ method = 'GET', request, headers = {}, body, server: name = 'usual' }: Row) {
    const server = await serverNamed(name);
    const { authorization: asked, ...given } = headers;
    const authorization = await authorizationOf(server, asked);
    const path = request.replace(/^…/, '/v1.0/communications/callRecords');
    return fetch(server.url + path, {
      method,
      headers: { ...given, ...(authorization !== undefined && { authorization }) },
      ...(body !== undefined && { body: encoded(JSON.stringify(body), headers['content-encoding']) }),
    });
  }

  for (const { title, rows: all } of areas) {
    const rows = all.filter(isAsked);
    if (rows.length === 0) continue;
    describe(title, () => {
      it.each(rows.map((row) => [nameOf(row), row] as const))('%s', async (_name, row) => {
        const response = await send(row);
        const text = await response.text();
        const body = (text === '' ? {} : JSON.parse(text)) as Json;
        if (row.code !== undefined) {
          const { code, message } = body['error'] as { code: string; message: string };
          expect([response.status, code, message]).toEqual([row.status, row.code, row.message]);
        } else expect(response.status, text.slice(0, 300)).toBe(row.status);
        expect(row.holds?.(body, response.headers) ?? true, text.slice(0, 600)).toBe(true);
      });
    });
  }
}
