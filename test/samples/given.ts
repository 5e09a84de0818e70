/** What stands for the world in commands of the documentation: Microsoft's hosts, databases, ports. */
import { development } from '../../src/auth/issuer/issuer.ts';
import { startDevProcess } from '../support/stage.ts';
import { createDatabase } from '../support/test-database.ts';
import { freePort, type Given } from './shell.ts';

export interface World extends AsyncDisposable {
  /** With ports that nobody listens on. */
  given(): Promise<Given>;
}

export async function startWorld(): Promise<World> {
  const databases = [await createDatabase(), await createDatabase()] as const;
  /** Stands for Microsoft Graph and Microsoft Entra. */
  const graph = await startDevProcess('--store', 'memory:', '--calls', '20');
  return {
    async given() {
      const [port, second, third, fourth] = await Promise.all([
        freePort(),
        freePort(),
        freePort(),
        freePort(),
      ]);
      return {
        stands: [
          ['https://graph.microsoft.com ', `${graph.url} `],
          ['https://login.microsoftonline.com', graph.url],
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
        ],
        environment: {
          ROLLCALL_PORT: String(port),
          ROLLCALL_UPSTREAM: graph.url,
          TENANT_ID: development.tenantId,
          CLIENT_ID: development.clientId,
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await graph.stop();
      for (const database of databases) await database[Symbol.asyncDispose]();
    },
  };
}
