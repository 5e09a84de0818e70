/** Replacements for what commands of the documentation name: Microsoft's hosts, databases, ports. */
import { development } from '../../src/base/development.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { startDev } from '../support/emulator.ts';
import { standInTenant, startEntraHost } from '../support/stand-in-entra.ts';
import { createDatabase } from '../support/test-database.ts';
import { freePort, type Given } from './shell.ts';

export interface World extends AsyncDisposable {
  /** With free ports. */
  given(): Promise<Given>;
  /** For docs/clients.md: a stand-in for Microsoft Entra under Entra's host name, and a server at a free port. */
  production(): Promise<Given>;
}

export async function startWorld(): Promise<World> {
  const databases = [await createDatabase(), await createDatabase()] as const;
  /** Stands for Microsoft Graph and Microsoft Entra. */
  const graph = await startDev('--store', 'memory:', '--calls', '20');
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-world-'));
  const names = ['localhost', 'login.microsoftonline.com'];
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) }],
  });
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  const client = { id: '44444444-4444-4444-8444-444444444444', secret: 'secret-of-the-client' };
  const apiId = '77777777-7777-4777-8777-777777777777';
  /** Started for the first page that needs it. */
  let entra: ReturnType<typeof startEntraHost> | undefined;
  return {
    async production() {
      const port = String(await freePort());
      return {
        replacements: [
          ...placeholders({
            'Directory (tenant) ID': standInTenant,
            'Application (client) ID of the API': apiId,
            'Application (client) ID': client.id,
            'secret of the client': client.secret,
          }),
          ["Set(['calls.example'])", "Set(['localhost'])"],
          ['https://calls.example', `https://localhost:${port}`],
        ],
        environment: {
          TENANT_ID: standInTenant,
          API_ID: apiId,
          CLIENT_ID: client.id,
          CLIENT_SECRET: client.secret,
          ROLLCALL_PORT: port,
          ROLLCALL_WORKERS: '1',
          ROLLCALL_TLS_CERT: certFile,
          ROLLCALL_TLS_KEY: keyFile,
          ...{ NODE_EXTRA_CA_CERTS: certFile, CURL_CA_BUNDLE: certFile },
          ...{
            NODE_USE_ENV_PROXY: '1',
            HTTPS_PROXY: (await (entra ??= startEntraHost({ cert, key }, client))).proxyUrl,
            NO_PROXY: 'localhost',
          },
        },
      };
    },
    async given() {
      const [port, second, third, fourth] = await Promise.all([
        freePort(),
        freePort(),
        freePort(),
        freePort(),
      ]);
      return {
        replacements: [
          ...placeholders({
            'Directory (tenant) ID': development.tenantId,
            'Application (client) ID': development.clientId,
          }),
          ['https://graph.microsoft.com ', `${graph.url} `],
          ['https://login.microsoftonline.com', graph.url],
          // What a page has the reader fill in.
          ['TENANT_ID=00000000-0000-0000-0000-000000000000', `TENANT_ID=${development.tenantId}`],
          ['CLIENT_ID=00000000-0000-0000-0000-000000000000', `CLIENT_ID=${development.clientId}`],
          ['%s secret-of-the-application', `%s ${development.clientSecret}`],
          [
            'postgres://rollcall:…@db.example:5432/rollcall?sslmode=verify-full&sslrootcert=/etc/ssl/db-ca.pem',
            databases[0].url,
          ],
          ['postgres://rollcall:…@db.example:5432/copy', databases[1].url],
          ['postgres://rollcall@coordinator.example/rollcall', databases[0].url],
          ['7655', String(port)],
          ['7656', String(second)],
          ['8443', String(third)],
          ['9090', String(fourth)],
          // A hundred print what a thousand do.
          ['--calls 1000 ', '--calls 100 '],
        ],
        environment: {
          ROLLCALL_PORT: String(port),
          ROLLCALL_UPSTREAM: graph.url,
          // A larger meeting changes nothing of what is shown.
          ROLLCALL_LARGEST: '20',
          // What workers do is tested apart; a page that is about them names their number.
          ROLLCALL_WORKERS: '1',
          TENANT_ID: development.tenantId,
          CLIENT_ID: development.clientId,
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await graph.stop();
      await (await entra)?.[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
      for (const database of databases) await database[Symbol.asyncDispose]();
    },
  };
}

/** Replaces values that readers fill in, with the quotes around them: `TENANT_ID='Directory (tenant) ID'`. */
function placeholders(values: Readonly<Record<string, string>>): Given['replacements'] {
  return Object.entries(values).map(([name, value]) => [`'${name}'`, `'${value}'`]);
}
