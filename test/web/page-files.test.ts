/** The files of the page over HTTP: their headers, and what is said where they were not built. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { licencesOf } from '../../build/licences.ts';
import { builtFiles } from '../support/built-page.ts';
import { exchange } from '../support/raw-http.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
let server: TestServer;
const get = (path: string, encoding = 'identity') =>
  exchange(server.url, 'GET', path, [['Accept-Encoding', encoding]]);
const assetsOf = (shell: string) => [...shell.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path!);

describe('the built page', () => {
  beforeAll(async () => {
    server = await startTestServer({ page: await builtFiles() });
  });
  afterAll(() => server.stop());

  it('answers each address of the page with the same shell', async () => {
    const { body } = await get('/');
    for (const path of [
      ...['/calls', '/calls/an%2Fid', '/calls?q=anna', '/people/an%2Fid', '/numbers/+4930'],
      ...['/statistics', '/status', '/reference'],
    ])
      expect([path, (await get(path)).body]).toEqual([path, body]);
    for (const path of ['/calls/a/b', '/call', '/status/', '/assets/', '/assets/nothing.js', '/assets/..%2F'])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
  });

  it('lets the shell load from its own server alone, and keeps it in no cache', async () => {
    const { headers } = await get('/');
    expect(headers).toMatchObject({
      'content-type': 'text/html;charset=utf-8',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-cache',
    });
  });

  it('has the notice of every package in it, and the shell names them', async () => {
    const path = assetsOf((await get('/')).body).find((one) => one.endsWith('.txt'));
    const { headers, body } = await get(path!);
    expect(headers['content-type']).toBe('text/plain;charset=utf-8');
    for (const name of ['preact', 'uplot', '@tanstack/virtual-core']) {
      const licence = readFileSync(join(project, 'node_modules', name, 'LICENSE'), 'utf8').trim();
      expect(licence).toContain('Copyright');
      expect(body).toMatch(new RegExp(`^${name} [0-9.]+ \\(MIT\\)$`, 'm'));
      expect(body).toContain(licence);
    }
  });

  it('has the notices of Swagger UI and of the packages in its bundle', async () => {
    const path = assetsOf((await get('/')).body).find((one) => one.endsWith('.txt'));
    const { body } = await get(path!);
    expect(body).toMatch(/^swagger-ui-dist [0-9.]+ \(Apache-2\.0\)$/m);
    for (const file of ['LICENSE', 'NOTICE', 'swagger-ui-es-bundle.js.LICENSE.txt'])
      expect(body).toContain(
        readFileSync(join(project, 'node_modules/swagger-ui-dist', file), 'utf8').trim(),
      );
  });

  it('keeps what is named by its content for ever', async () => {
    const assets = assetsOf((await get('/')).body);
    expect(assets.map((path) => /\.(\w+)$/.exec(path)?.[1])).toEqual(['svg', 'js', 'txt', 'css', 'js']);
    for (const path of assets) {
      const { status, headers } = await get(path);
      expect([path, status, headers['cache-control'], headers['x-content-type-options']]).toEqual([
        path,
        200,
        'public, max-age=31536000, immutable',
        'nosniff',
      ]);
    }
  });

  it('sends each file in the encoding that the client accepts', async () => {
    const [, , , , script = ''] = assetsOf((await get('/')).body);
    const encodingOf = async (taken: string) => {
      const { headers } = await get(script, taken);
      return [headers['content-encoding'], Number(headers['content-length'])] as const;
    };
    const [none, plainLength] = await encodingOf('br;q=0, identity');
    const [gzip, gzipLength] = await encodingOf('gzip');
    const [br, brLength] = await encodingOf('gzip, deflate, br');
    expect([none, gzip, br]).toEqual([undefined, 'gzip', 'br']);
    expect(brLength).toBeLessThan(gzipLength);
    expect(gzipLength).toBeLessThan(plainLength / 2);
  });

  it('decodes to the same bytes', async () => {
    const [, , style = ''] = assetsOf((await get('/')).body);
    const texts = await Promise.all(
      ['identity', 'gzip', 'br'].map(async (taken) => {
        const response = await fetch(server.url + style, { headers: { 'accept-encoding': taken } });
        return response.text();
      }),
    );
    expect(new Set(texts).size).toBe(1);
  });

  it('is only read', async () => {
    const { status, headers } = await exchange(server.url, 'POST', '/calls');
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD']);
  });
});

it('says how the page is made where it was not', async () => {
  await using bare = await startTestServer({ page: { shell: undefined, assets: new Map() } });
  const { status, headers, body } = await exchange(bare.url, 'GET', '/');
  expect([status, headers['content-type']]).toEqual([200, 'text/plain;charset=utf-8']);
  expect(body).toContain('npm ci && npm run build:page');
});

it('a package without a licence that could be shipped ends the build', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
  const inPackage = join(folder, 'node_modules/@a/b');
  mkdirSync(inPackage, { recursive: true });
  writeFileSync(join(inPackage, 'package.json'), '{"name":"@a/b","version":"1.0.0","license":"MIT"}');
  await expect(licencesOf([join(inPackage, 'index.js')])).rejects.toThrow(
    '@a/b has no file with its licence',
  );
  writeFileSync(join(inPackage, 'LICENCE.md'), 'Copyright A');
  expect(await licencesOf([join(inPackage, 'index.js'), 'src/web/main.tsx'])).toContain(
    '@a/b 1.0.0 (MIT)\n\nCopyright A\n',
  );
  rmSync(folder, { recursive: true });
});
