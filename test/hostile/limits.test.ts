/** Limits of the server, by requests that no client would send. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aRecord, participants } from '../support/records.ts';
import { exchange, parseAnswer, sendRaw } from '../support/raw-http.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let authorization: [string, string];
const path = '/v1.0/communications/callRecords/call/participants_v2';
beforeAll(async () => {
  server = await startTestServer();
  await server.import([aRecord('call', { participants_v2: participants(150) })]);
  authorization = ['Authorization', `Bearer ${await server.token()}`];
});
afterAll(() => server.stop());

const codeOf = (body: string) => (JSON.parse(body) as { error: { code: string } }).error.code;

describe('a request that is too much', () => {
  it.each<[string, () => Promise<{ status: number; body: string }>, number]>([
    ['URL', () => exchange(server.url, 'GET', `${path}?x=${'y'.repeat(9000)}`, [authorization]), 414],
    [
      'header',
      () => exchange(server.url, 'GET', path, [authorization, ['X-Large', 'y'.repeat(40_000)]]),
      431,
    ],
    [
      'token',
      () => exchange(server.url, 'GET', path, [['Authorization', `Bearer ${'y'.repeat(20_000)}`]]),
      401,
    ],
    [
      'form',
      () =>
        exchange(server.url, 'POST', '/11111111-1111-4111-8111-111111111111/oauth2/v2.0/token', [
          ['Content-Type', 'application/x-www-form-urlencoded'],
          ['Content-Length', '0'],
        ]),
      400,
    ],
  ])('in its %s is refused in words', async (_name, send, status) => {
    const answer = await send();
    expect([answer.status, answer.body.startsWith('{"error"')]).toEqual([status, true]);
  });

  it('in the body of a token request is refused', async () => {
    const body = `grant_type=client_credentials&x=${'y'.repeat(70_000)}`;
    const response = await fetch(`${server.url}/11111111-1111-4111-8111-111111111111/oauth2/v2.0/token`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([response.status, codeOf(await response.text())]).toEqual([413, 'BadRequest']);
  });
});

describe('a request that is not quite HTTP', () => {
  it.each([
    ['garbage', 'hello\r\n\r\n', 400],
    ['a bad header', `GET ${path} HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n`, 400],
    [
      'two lengths',
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx`,
      400,
    ],
    [
      'a length and chunks',
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['no host', `GET ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`, 400],
    ...['"><script>', 'x:65536', '..', 'x..y', '.x', 'x:', 'user@x', 'x,y', '[::1', ''].map(
      (host): [string, string, number] => [
        `the host ${host}`,
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        400,
      ],
    ),
    ['two hosts', `GET ${path} HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n`, 400],
    [
      'a user in its target',
      `GET http://user@x${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      400,
    ],
    ['an unknown method', `BREW ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 400],
  ])('(%s) is refused', async (_name, text, status) => {
    expect(parseAnswer(await sendRaw(server.url, text)).status).toBe(status);
  });

  it('in absolute form is answered, on the host of its target', async () => {
    const { status, body } = await exchange(server.url, 'GET', `http://elsewhere:80${path}`, [authorization]);
    const context = (JSON.parse(body) as Record<string, unknown>)['@odata.context'];
    expect([status, String(context).split('/v1.0/')[0]]).toEqual([200, 'http://elsewhere:80']);
  });

  it.each(['x', 'x.example.', 'a_b-c.example:65535', '127.0.0.1:1', '[::1]:7655'])(
    'to the host %s is answered there',
    async (host) => {
      const { body } = await exchange(server.url, 'GET', path, [authorization, ['Host', host]]);
      const context = (JSON.parse(body) as Record<string, unknown>)['@odata.context'];
      expect(String(context).split('/v1.0/')[0]).toBe(`http://${host}`);
    },
  );

  it('with a body to read from is refused by its method, chunked or not', async () => {
    for (const headers of [[['Content-Length', '0']], [['Transfer-Encoding', 'chunked']]] as [
      string,
      string,
    ][][]) {
      const { status, headers: answered } = await exchange(server.url, 'POST', path, [
        authorization,
        ...headers,
      ]);
      expect([status, answered['allow']]).toEqual([405, 'GET, HEAD']);
    }
  });

  it('sent by and by, or in one breath with others, is answered', async () => {
    const one = `GET ${path} HTTP/1.1\r\nHost: x\r\n${authorization.join(': ')}\r\n\r\n`;
    const last = one.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
    const text = await sendRaw(server.url, one.slice(0, 10), one.slice(10), one, last);
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3);
  });
});

describe('a thousand connections', () => {
  it('half of which say nothing or only half of a request, do not keep the rest from an answer', async () => {
    const { port } = new URL(server.url);
    const idle = Array.from({ length: 500 }, (_, i) => {
      const socket = connect(Number(port), '127.0.0.1');
      if (i % 2 === 0) socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthori`);
      return socket;
    });
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    const answers = await Promise.all(
      Array.from({ length: 500 }, () => exchange(server.url, 'GET', path, [authorization])),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    for (const socket of idle) socket.destroy();
  });

  it('leave no defect behind', () => {
    expect(server.defects).toEqual([]);
  });
});
