import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownCertificate } from '../run/own-certificate.ts';
import { createLog } from '../../base/log.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite-store.ts';
import { createSelfSignedCertificate } from './certificate.ts';

const run = promisify(execFile);
const hosts = ['localhost', '127.0.0.1', '::1'];

describe('a self-signed certificate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
  const file = join(folder, 'cert.pem');
  const server = createServer();
  let port: number;
  let certificate: { readonly cert: string; readonly key: string };
  beforeAll(async () => {
    certificate = await createSelfSignedCertificate(hosts, new Date());
    writeFileSync(file, certificate.cert);
    server.setSecureContext(certificate);
    server.on('request', (_request, response) => response.end('hello'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    port = (server.address() as AddressInfo).port; // it listens on a port
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('is no authority: it signs for nothing but its own names', () => {
    const { ca, keyUsage, subjectAltName } = new X509Certificate(certificate.cert);
    expect([ca, keyUsage, subjectAltName]).toEqual([
      false,
      ['1.3.6.1.5.5.7.3.1'],
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
    ]);
  });

  it.each(['localhost', '127.0.0.1'])('is trusted by clients with it as their CA, at %s', async (host) => {
    const url = `https://${host}:${port}/`;
    const script = `const answer = await fetch('${url}'); process.stdout.write(await answer.text())`;
    const node = ['--input-type=module', '--eval', script];
    const environment = { ...process.env, NODE_EXTRA_CA_CERTS: file };
    expect((await run(process.execPath, node, { env: environment })).stdout).toBe('hello');
    const unknown = { ...process.env, NODE_EXTRA_CA_CERTS: '' };
    await expect(run(process.execPath, node, { env: unknown })).rejects.toThrow('SELF_SIGNED');
    expect((await run('curl', ['-sS', '--cacert', file, url])).stdout).toBe('hello');
    await expect(run('curl', ['-sS', url])).rejects.toThrow('self-signed');
  });
});

describe('the certificate of a store', () => {
  async function kept(before: string | undefined, now = new Date()) {
    const store = openSqliteStore(':memory:');
    if (before !== undefined) await store.secret('certificate', () => Promise.resolve(before));
    const lines: string[] = [];
    const log = createLog({
      format: 'text',
      level: 'info',
      write: (line) => void lines.push(line),
      now: () => now,
    });
    const first = await ownCertificate(store, now, log);
    const again = await ownCertificate(store, now, log);
    expect(again).toEqual(first);
    return {
      isAuthority: new X509Certificate(first.cert).ca,
      isKept: JSON.stringify(first) === before,
      lines,
    };
  }

  it('stays as it is', async () => {
    const own = JSON.stringify(await createSelfSignedCertificate(hosts, new Date()));
    expect(await kept(own)).toEqual({ isAuthority: false, isKept: true, lines: [] });
    expect(await kept(undefined)).toEqual({ isAuthority: false, isKept: false, lines: [] });
  });

  it('is replaced with a log line when it is an authority or has expired', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
    });
    const authority = await kept(JSON.stringify({ cert, key }));
    expect(authority).toMatchObject({ isAuthority: false, isKept: false });
    expect(authority.lines.join('')).toMatch(
      /^\S+ warn {2}The self-signed certificate was replaced: it was a certificate authority.*\n$/,
    );
    const old = JSON.stringify(await createSelfSignedCertificate(hosts, new Date('2020-01-01T00:00:00Z')));
    expect((await kept(old)).lines.join('')).toContain('replaced: it has expired');
  });
});
