/** TLS as the URL asks for it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSelfSignedCertificate } from '../../src/serve/auth/certificate.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
let server: PostgresServer;
beforeAll(async () => {
  const [own, other] = await Promise.all(
    [1, 2].map(() => createSelfSignedCertificate(['127.0.0.1', 'localhost'], new Date())),
  );
  writeFileSync(join(folder, 'own.pem'), own!.cert);
  writeFileSync(join(folder, 'other.pem'), other!.cert);
  writeFileSync(join(folder, 'other.key'), other!.key);
  server = await startPostgres({ certificate: own! });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function opened(options: string): Promise<string> {
  try {
    await using store = await openPostgresStore(`${server.url}?${options}`);
    await store.totals();
    return 'opened';
  } catch (error) {
    return String(error).split(': ').at(-1)!;
  }
}

const ofNone =
  'the issuer of its certificate is not trusted. Set sslrootcert to the certificate of that issuer.';

it.each([
  ['sslmode=require', 'opened'],
  ['sslmode=verify-full&sslrootcert=own.pem', 'opened'],
  ['sslmode=verify-ca&sslrootcert=own.pem', 'opened'],
  ['sslmode=verify-full&sslrootcert=other.pem', ofNone],
  ['sslmode=verify-full', ofNone],
  ['sslmode=require&sslcert=other.pem&sslkey=other.key', 'opened'],
])('%s: %s', async (options, outcome) => {
  expect(await opened(options.replaceAll(/ssl\w+=(?=\w+\.)/g, `$&${folder}/`))).toBe(outcome);
});
