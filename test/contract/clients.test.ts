/** Microsoft's own clients, unchanged, over https. They run in a process of their own, which trusts our certificate. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSelfSignedCertificate } from '../../src/auth/certificate.ts';
import { development } from '../../src/auth/issuer/issuer.ts';
import { defaultGenerateOptions, generateLines } from '../../src/generate/generate.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const run = promisify(execFile);
const generated = JSON.parse(
  generateLines({ ...defaultGenerateOptions, calls: 1, largest: 1250, media: false }).next().value!,
) as {
  id: string;
  participants_v2: { id: string; identity: Record<string, { id?: string; displayName?: string } | null> }[];
};

let server: TestServer;
let folder: string;
beforeAll(async () => {
  const tls = await createSelfSignedCertificate(['localhost', '127.0.0.1'], new Date());
  folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
  writeFileSync(join(folder, 'ca.pem'), tls.cert);
  server = await startTestServer({ tls });
  await server.import([generated]);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Runs a client of `test/contract/clients/` and gives what it prints, as JSON. */
async function client(script: string, ...args: string[]): Promise<unknown> {
  const file = new URL(`clients/${script}`, import.meta.url).pathname;
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') };
  const origin = server.url.replace('127.0.0.1', 'localhost');
  const { stdout } = await run(process.execPath, [file, origin, ...args], { env, maxBuffer: 2 ** 24 });
  return JSON.parse(stdout);
}

describe('@azure/identity', () => {
  it('gets a token with the development secret, and reads with it', async () => {
    const { status, body } = (await client('azure-identity.ts', development.clientSecret, generated.id)) as {
      status: number;
      body: { value: unknown[] };
    };
    expect([status, body.value]).toEqual([200, generated.participants_v2.slice(0, 130)]);
  });

  it('is told in its own terms that the secret is wrong', async () => {
    expect(await client('azure-identity.ts', 'wrong', generated.id)).toEqual({
      name: 'AuthenticationRequiredError',
      message: expect.stringMatching(/^invalid_client: .*AADSTS7000215/) as string,
    });
  });
});

describe('@azure/msal-node', () => {
  it('gets a token by client credentials', async () => {
    expect(await client('msal.ts', generated.id)).toEqual({ tokenType: 'Bearer', status: 200 });
  });
});

describe('@microsoft/microsoft-graph-client', () => {
  it.each([1, 7, 129, 130, 131, 999])(
    'walks 1,250 participants with its PageIterator in pages of %i',
    async (size) => {
      expect(await client('graph-client.ts', await server.token(), generated.id, String(size))).toEqual({
        entries: size === 1 ? generated.participants_v2.slice(0, 100) : generated.participants_v2,
      });
    },
  );

  it('throws its GraphError for an unknown call', async () => {
    expect(await client('graph-client.ts', await server.token(), 'unknown', '130')).toEqual({
      name: 'GraphError',
      status: 404,
      code: 'NotFound',
    });
  });
});

describe('@microsoft/msgraph-sdk (Kiota)', () => {
  it('reads participants into its models', async () => {
    const { ids, names, nextLink, unknown } = (await client(
      'kiota.ts',
      await server.token(),
      generated.id,
    )) as Record<string, unknown>;
    const first = generated.participants_v2.slice(0, 130);
    expect(ids).toEqual(first.map(({ id }) => id));
    expect(names).toEqual(first.map(({ identity }) => identity['user']?.displayName ?? null));
    expect(nextLink).toMatch(/participants_v2\?\$select=id,identity&\$skiptoken=/);
    expect(unknown).toEqual({ status: 404, code: 'NotFound' });
  });
});
