/** The Dockerfile copies what its build needs, runs as no root, and checks the health of what it runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createSelfSignedCertificate } from '../../src/serve/auth/certificate.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { read } from './deployed.ts';

const text = read('Dockerfile');
const stages = text.split(/^FROM /m).slice(1);

it('builds in one stage and runs in another, as no root, with labels and a check of its health', () => {
  expect(stages).toHaveLength(2);
  expect(stages[1]).toMatch(/^USER 1000:1000$/m);
  expect(stages[1]).toMatch(/^HEALTHCHECK /m);
  expect(stages[1]).toMatch(/org\.opencontainers\.image\.title="Rollcall"/);
  expect(stages[1]).not.toMatch(/npm (ci|install)|apt-get/);
});

it('runs `dev` on every address of the container, with the store in its volume, and any command by its name', () => {
  const environment = Object.fromEntries(
    [...stages[1]!.matchAll(/(\b[A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name!, value!]),
  );
  const { settings } = readSettings('dev', [], environment);
  expect([settings.host, settings.port, settings.store]).toEqual([
    '0.0.0.0',
    7655,
    'sqlite:/data/rollcall.db',
  ]);
  expect(stages[1]).toMatch(/^EXPOSE 7655$/m);
  expect(stages[1]).toMatch(/^VOLUME \/data$/m);
  expect(stages[1]).toMatch(/install -d -o node -g node -m 0700 \/data/);
  expect(stages[1]).toContain('ln -s /app/bin/rollcall.js /usr/local/bin/rollcall');
});

it('copies what the build needs, by its list of what is left out', () => {
  const taken = read('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  const needed = ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'tsconfig.build.json'];
  expect([...needed, 'bin', 'build', 'src'].filter((name) => !taken.includes(name))).toEqual([]);
});

it('checks /healthz on the port of health, else on the port, over https where serve has a certificate', async () => {
  const [, json] = /^HEALTHCHECK [^\n]*\\\n +CMD (\[.*\])$/m.exec(text)!;
  const [program, script] = JSON.parse(json!) as [string, string];
  expect([program, script]).toEqual(['node', '/app/bin/healthcheck.js']);
  const path = fileURLToPath(new URL(`../..${script.slice('/app'.length)}`, import.meta.url));
  const check = async (env: Record<string, string>) => {
    const child = spawn(process.execPath, [path], { env, stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number];
    return code;
  };
  const asked: string[] = [];
  const { cert, key } = await createSelfSignedCertificate(['localhost'], new Date());
  const servers = [
    createServer(({ url }, response) => response.end(asked.push(`http ${url}`) && '')),
    createTlsServer({ cert, key }, ({ url }, response) => response.end(asked.push(`https ${url}`) && '')),
    createServer((_, response) => response.writeHead(503).end()),
  ];
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  const [plain = '', secure = '', ill = ''] = servers.map((one) =>
    String((one.address() as AddressInfo).port),
  );
  const tls = { ROLLCALL_TLS_CERT: '/run/secrets/tls/tls.crt' };
  const codes = await Promise.all([
    check({ ROLLCALL_PORT: plain }),
    check({ ...tls, ROLLCALL_PORT: secure }),
    check({ ...tls, ROLLCALL_PORT: '1', ROLLCALL_HEALTH_PORT: plain }),
    check({ ROLLCALL_PORT: ill }),
    check({ ROLLCALL_PORT: '1' }),
    check({ ...tls, ROLLCALL_PORT: plain }),
  ]);
  for (const server of servers) server.close();
  expect(codes).toEqual([0, 0, 0, 1, 1, 1]);
  expect(asked.sort()).toEqual(['http /healthz', 'http /healthz', 'https /healthz']);
});
