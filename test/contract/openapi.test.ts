import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnsweredRequest, problemsOf } from '../support/openapi-validator.ts';
import { edms } from '../../src/contract/edm.ts';
import { internalRoutes } from '../../src/serve/internal/internal-routes.ts';
import { formatOpenApi } from '../../src/serve/openapi/document.ts';
import { pathsOf } from '../../src/serve/openapi/paths.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('the OpenAPI document', () => {
  it('is published, and has nothing that its linter finds wrong', async () => {
    const response = await fetch(`${server.url}/rollcall/openapi.json`);
    expect(response.headers.get('content-type')).toBe('application/json');
    const problems = await lintFromString({
      source: await response.text(),
      absoluteRef: 'openapi.json',
      config: await createConfig({
        extends: ['recommended'],
        // The host is whatever the server is reached at, each path answers refusals of its own kind, and signing in
        // sends a browser on.
        rules: { 'no-server-example.com': 'off', 'operation-2xx-response': 'off' },
      }),
    });
    expect(problems.map(({ message, location }) => `${message} ${location[0]?.pointer ?? ''}`)).toEqual([]);
  });

  it('describes every resource of both versions', async () => {
    const { paths } = (await (await fetch(`${server.url}/rollcall/openapi.json`)).json()) as {
      paths: object;
    };
    const names = Object.keys(paths);
    expect(names.filter((name) => name.startsWith('/v1.0/')).length).toBe(20);
    expect(names.filter((name) => name.startsWith('/beta/')).length).toBe(23);
    expect(names).toContain(
      '/beta/communications/callRecords/getSmsLog(fromDateTime={fromDateTime},toDateTime={toDateTime})',
    );
    expect(names).toContain(
      '/v1.0/communications/callRecords/{callRecord-id}/sessions/{session-id}/segments/{segment-id}',
    );
  });
});

describe('the table of internal routes', () => {
  const { paths } = formatOpenApi('1.0.0', internalRoutes) as {
    readonly paths: Readonly<Record<string, object>>;
  };
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const rows = internalRoutes.map(({ method, path }) => `${method} ${path}`);

  it('is in the document, but for the files of the page', () => {
    expect(rows.filter((row) => !described.includes(row))).toEqual([
      ...['GET /', 'GET /calls', 'GET /calls/{callRecord-id}', 'GET /phone-calls'],
      ...['GET /people/{person-id}', 'GET /numbers/{number}'],
      ...['GET /statistics', 'GET /status', 'GET /reference', 'GET /assets/{name}'],
    ]);
  });

  it('has every path of the document that is not one of the Graph API', () => {
    const graph = [edms['v1.0'], edms.beta].flatMap((edm) => [
      ...Object.keys(pathsOf(edm)),
      ...['', '/$metadata', '/$batch'].map((path) => `/${edm.version}${path}`),
    ]);
    const others = described.filter((one) => !graph.includes(one.slice(one.indexOf(' ') + 1)));
    expect(rows).toEqual(expect.arrayContaining(others));
    expect(others.length).toBeGreaterThan(10);
  });

  it('answers each path with one method, and no other: 405 names it', async () => {
    for (const { method, path } of internalRoutes) {
      const url = server.url + path.replaceAll(/\{[^{}]+\}/g, 'key');
      const response = await fetch(url, { method: 'PUT', redirect: 'manual' });
      expect([response.status, response.headers.get('allow')]).toEqual([
        405,
        method === 'GET' ? 'GET, HEAD' : method,
      ]);
    }
  });
});

it('holds every response that a test fetches: one that is not as described fails the test', async () => {
  const wrong = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => wrong.listen(0, '127.0.0.1', resolve));
  const { port } = wrong.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/v1.0/communications/callRecords`;
  await expect(fetch(url)).rejects.toThrow("must have required property 'value'");
  await new Promise((resolve) => wrong.close(resolve));
});

describe('a response that is held against it', () => {
  const roll = '/v1.0/communications/callRecords/x/participants_v2';
  const answer = { method: 'GET', path: roll, status: 200, contentType: 'application/json', body: '' };
  const page = (value: unknown) => JSON.stringify({ value });
  const error = (more: object) => JSON.stringify({ error: { code: 'BadRequest', message: '', ...more } });
  const innerError = { date: '2026-03-02T11:00:00', 'request-id': 'a', 'client-request-id': 'b' };

  it.each([
    ['a page', { body: page([{ id: 'a', identity: { user: null }, administrativeUnitInfos: [] }]) }, 0],
    ['a page without its value', { body: '{}' }, 1],
    ['an id that is a number', { body: page([{ id: 1 }]) }, 1],
    [
      'a name inside an identity that is a list',
      { body: page([{ identity: { user: { displayName: [] } } }]) },
      2,
    ],
    ['a refusal', { status: 400, body: error({ innerError }) }, 0],
    ['a refusal without its ids', { status: 400, body: error({}) }, 1],
    ['a status it does not know', { status: 402, body: error({ innerError }) }, 1],
    ['a media type it does not know', { contentType: 'text/html', body: '' }, 1],
    ['a path it does not know', { path: '/v1.0/users', body: '{}' }, 1],
    [
      'a key in parentheses',
      { path: "/v1.0/communications/callRecords('x')/participants_v2", body: '{}' },
      1,
    ],
  ])('is judged: %s', (_name, some: Partial<AnsweredRequest>, problems) => {
    expect(problemsOf({ ...answer, ...some }).length > 0).toBe(problems > 0);
  });
});
