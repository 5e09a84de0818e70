/** Creates access tokens of a test's issuer: by default for the development application with its role. */
import { development, graphAudiences } from '../../src/base/development.ts';
import {
  createIssuer,
  createIssuerKey,
  type Issuer,
  type TokenRequest,
} from '../../src/emulator/issuer/issuer.ts';
import { startPublishedAuthority } from './published-authority.ts';

interface TestAuthority extends AsyncDisposable {
  /** The value for `--authority`; it issues tokens for every tenant. */
  readonly url: string;
  readonly token: (request?: Partial<TokenRequest>) => Promise<string>;
}

/** Serves an authority whose tokens `serve` accepts. */
export async function startTestAuthority(): Promise<TestAuthority> {
  const issuer = await createIssuer(await createIssuerKey(), () => new Date());
  const published = await startPublishedAuthority((path, origin) =>
    path === '/keys'
      ? issuer.publicKeys
      : { issuer: `${origin}/{tenantid}/v2.0`, jwks_uri: `${origin}/keys` },
  );
  const { url } = published;
  const token = testTokens(issuer);
  return {
    url,
    token: (request) => token({ origin: url, ...request }),
    [Symbol.asyncDispose]: () => published[Symbol.asyncDispose](),
  };
}

export function testTokens(issuer: Issuer) {
  return (request: Partial<TokenRequest> = {}): Promise<string> =>
    issuer.token({
      tenantId: development.tenantId,
      clientId: development.clientId,
      roles: ['CallRecords.Read.All'],
      delegated: false,
      expiresInSeconds: 3600,
      audience: graphAudiences[0],
      layout: 'v1',
      ...request,
    });
}
