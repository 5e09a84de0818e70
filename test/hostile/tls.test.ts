/** Tests that `serve` and `dev` negotiate neither old TLS versions nor ciphers without forward secrecy. */
import { connect, type ConnectionOptions } from 'node:tls';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSelfSignedCertificate } from '../../src/serve/auth/certificate.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** @returns The version and the cipher that were agreed on, or `refused`. */
function agreed(server: TestServer, options: ConnectionOptions): Promise<string> {
  const { port } = new URL(server.url);
  return new Promise((resolve) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false, ...options });
    socket.once('secureConnect', () => {
      resolve(`${socket.getProtocol()} ${socket.getCipher().name}`);
      socket.destroy();
    });
    socket.once('error', () => resolve('refused'));
  });
}

/** Keys that are sent under the certificate's, and a cipher that is no longer good. */
const weak = [
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA256',
  'ECDHE-RSA-AES128-SHA',
];
const old = ['TLSv1', 'TLSv1.1'] as const;

describe.each(['RSA', 'EC'])('a server with a certificate of %s', (type) => {
  let server: TestServer;
  beforeAll(async () => {
    const tls = type === 'EC' ? await createSelfSignedCertificate(['localhost'], new Date()) : await rsa();
    server = await startTestServer({ tls, strictTransport: type === 'RSA' });
  });
  afterAll(() => server.stop());

  it('agrees to TLS 1.2 and 1.3 with forward secrecy', async () => {
    expect(await agreed(server, { maxVersion: 'TLSv1.3' })).toMatch(/^TLSv1\.3 TLS_AES_/);
    expect(await agreed(server, { maxVersion: 'TLSv1.2' })).toMatch(/^TLSv1\.2 ECDHE-/);
  });

  it.each(weak)('refuses %s', async (ciphers) => {
    expect(await agreed(server, { ciphers: `${ciphers}:@SECLEVEL=0`, maxVersion: 'TLSv1.2' })).toBe(
      'refused',
    );
  });

  it.each(old)('refuses %s', async (version) => {
    const options = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' };
    expect(await agreed(server, options)).toBe('refused');
  });

  it('sends HSTS over https', async () => {
    for (const path of ['/healthz', '/v1.0/$metadata', '/nothing', '/v1.0/communications/callRecords'])
      expect(await strictTransportAt(server, path)).toBe(type === 'RSA' ? 'max-age=31536000' : undefined);
  });
});

it('a server without TLS sends no HSTS', async () => {
  await using server = await startTestServer({ strictTransport: true });
  expect((await fetch(`${server.url}/healthz`)).headers.get('strict-transport-security')).toBeNull();
});

async function strictTransportAt(server: TestServer, path: string): Promise<string | undefined> {
  const { port } = new URL(server.url);
  const socket = connect({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  let text = '';
  for await (const piece of socket) text += String(piece);
  expect(text).toMatch(/^HTTP\/1\.1 \d/);
  return /^strict-transport-security: ([^\r]*)/im.exec(text)?.[1];
}

async function rsa() {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
  });
  return { cert, key };
}
