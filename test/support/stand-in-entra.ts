/** Stands for Microsoft Entra: one issuer for every organisation, published with `{tenantid}`, and tokens of both versions. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { startPublishedAuthority } from './published-authority.ts';

export interface StandInEntra extends AsyncDisposable {
  readonly url: string;
  /** An application's token of version 1.0, which names no host of the authority. */
  v1(audience: string, changes?: Record<string, unknown>): Promise<string>;
  v2(audience: string, changes?: Record<string, unknown>): Promise<string>;
}

export const standInTenant = '33333333-3333-4333-8333-333333333333';
const application = '55555555-5555-4555-8555-555555555555';
const principal = '66666666-6666-4666-8666-666666666666';

export async function startStandInEntra(): Promise<StandInEntra> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'entra', use: 'sig' };
  const published = await startPublishedAuthority((path, url) => {
    const issuer = `${url}/{tenantid}/v2.0`;
    return path.endsWith('/keys')
      ? { keys: [{ ...jwk, issuer }] }
      : { issuer, jwks_uri: `${url}/common/discovery/v2.0/keys` };
  });
  const sign = (claims: Record<string, unknown>) => {
    const seconds = Math.floor(Date.now() / 1000);
    return new SignJWT({
      ...{ iat: seconds, nbf: seconds, exp: seconds + 3600 },
      ...{ tid: standInTenant, oid: principal, sub: principal, roles: ['CallRecords.Read.All'] },
      ...claims,
    })
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: 'entra' })
      .sign(privateKey);
  };
  return {
    url: `${published.url}/common/v2.0`,
    v1: (aud, changes) =>
      sign({
        ...{ iss: `https://sts.windows.net/${standInTenant}/`, aud, ver: '1.0' },
        ...{ appid: application, appidacr: '1', ...changes },
      }),
    v2: (aud, changes) =>
      sign({
        ...{ iss: `${published.url}/${standInTenant}/v2.0`, aud, ver: '2.0' },
        ...{ azp: application, azpacr: '1', ...changes },
      }),
    [Symbol.asyncDispose]: () => published[Symbol.asyncDispose](),
  };
}
