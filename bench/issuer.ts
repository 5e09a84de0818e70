/**
 * Measures `serve`, the production server, not `dev`, which records each request for developers and takes about 20 µs
 * longer. `serve` trusts the issuer of a separate `dev`.
 */
import { tenantId } from './data.ts';
import { startServer } from './processes.ts';

interface Issuer {
  /** Headers with the token. */
  readonly headers: Readonly<Record<'Authorization', string>>;
  /** Returns the arguments of a server of this store that accepts the token. */
  serve(store: string, workers?: number): readonly string[];
  stop(): Promise<void>;
}

export const cli = new URL('../src/cli/main.ts', import.meta.url).pathname;

export async function startIssuer(): Promise<Issuer> {
  const server = await startServer('1', cli, devOf('memory:'));
  const tenant = `http://127.0.0.1:${server.port}/${tenantId}`;
  return {
    headers: { Authorization: `Bearer ${await tokenOf(tenant)}` },
    serve: (store, workers = 1) => [
      ...['serve', '--store', store, '--authority', `${tenant}/v2.0`],
      ...['--port', '0', '--workers', String(workers), '--quiet'],
    ],
    stop: () => server.stop(),
  };
}

/** Returns the arguments of `dev` on an existing store. */
export function devOf(store: string): readonly string[] {
  return ['dev', '--store', store, '--no-generate', '--port', '0', '--quiet'];
}

/** Returns a token of the development client. */
async function tokenOf(tenant: string): Promise<string> {
  const answer = await fetch(`${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: '22222222-2222-4222-8222-222222222222',
      client_secret: 'rollcall-dev-secret',
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  const { access_token: token } = (await answer.json()) as { readonly access_token: string };
  return token;
}
