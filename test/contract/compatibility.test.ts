/** Every row of docs/compatibility.md, sent to a running server. */
import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { afterAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { records } from './compatibility/fixture.ts';
import { areas, formatMatrix, nameOf } from './compatibility/matrix.ts';
import { type Json, type Row, type ServerName, servers } from './compatibility/row.ts';

const started = new Map<ServerName, Promise<TestServer>>();
afterAll(async () => {
  for (const starting of started.values()) {
    const server = await starting;
    expect(server.defects).toEqual([]);
    await server.stop();
  }
});

function serverNamed(name: ServerName): Promise<TestServer> {
  let starting = started.get(name);
  if (starting === undefined) {
    starting = start(name);
    started.set(name, starting);
  }
  return starting;
}

async function start(name: ServerName): Promise<TestServer> {
  const server = await startTestServer(servers[name]);
  expect((await server.import(records)).rejects).toEqual([]);
  if (name === 'throttled')
    for (let i = 0; i < 10; i++) await server.get('/v1.0/communications/callRecords/call');
  return server;
}

/** A role, or `delegated`, or nothing, in place of a good token. */
async function authorizationOf(server: TestServer, asked: string | undefined): Promise<string | undefined> {
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
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

for (const { title, rows } of areas) {
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

it('is what docs/compatibility.md says: npm run docs writes it', async () => {
  const path = new URL('../../docs/compatibility.md', import.meta.url).pathname;
  const expected = await format(formatMatrix(), { ...(await resolveConfig(path)), parser: 'markdown' });
  expect(readFileSync(path, 'utf8')).toBe(expected);
});
