/**
 * Implements a substitute for Microsoft Entra: one issuer for all organizations, published with `{tenantid}`, and
 * tokens of both versions.
 */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { startConnectProxy } from './connect-proxy.ts';
import { startPublishedAuthority } from './published-authority.ts';

interface EntraTokens {
  /** Creates an application token of version 1.0, which names no host of the authority. */
  v1(audience: string, changes?: Record<string, unknown>): Promise<string>;
  v2(audience: string, changes?: Record<string, unknown>): Promise<string>;
}

export interface StandInEntra extends AsyncDisposable, EntraTokens {
  readonly url: string;
}

export const standInTenant = '33333333-3333-4333-8333-333333333333';
const application = '55555555-5555-4555-8555-555555555555';
const principal = '66666666-6666-4666-8666-666666666666';

/** Creates the signer and the published documents. @param origin Returns its origin, which may not be known yet. */
async function signer(origin: () => string) {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'entra', use: 'sig' };
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
  const tokens: EntraTokens = {
    v1: (aud, changes) =>
      sign({
        ...{ iss: `https://sts.windows.net/${standInTenant}/`, aud, ver: '1.0' },
        ...{ appid: application, appidacr: '1', ...changes },
      }),
    v2: (aud, changes) =>
      sign({
        ...{ iss: `${origin()}/${standInTenant}/v2.0`, aud, ver: '2.0' },
        ...{ azp: application, azpacr: '1', ...changes },
      }),
  };
  const documentAt = (path: string) => {
    const [, tenant = ''] = path.split('/');
    const issuer = `${origin()}/${/^[\da-f-]{36}$/.test(tenant) ? tenant : '{tenantid}'}/v2.0`;
    if (path.endsWith('/keys')) return { keys: [{ ...jwk, issuer: `${origin()}/{tenantid}/v2.0` }] };
    const endpoints = `${origin()}/${tenant}/oauth2/v2.0`;
    return {
      issuer,
      jwks_uri: `${origin()}/common/discovery/v2.0/keys`,
      authorization_endpoint: `${endpoints}/authorize`,
      token_endpoint: `${endpoints}/token`,
    };
  };
  return { tokens, documentAt };
}

export async function startStandInEntra(): Promise<StandInEntra> {
  const { tokens, documentAt } = await signer(() => published.url);
  const published = await startPublishedAuthority(documentAt);
  return {
    ...tokens,
    url: `${published.url}/common/v2.0`,
    [Symbol.asyncDispose]: () => published[Symbol.asyncDispose](),
  };
}

interface EntraHost extends AsyncDisposable {
  /** The URL of a proxy that leads to it. */
  readonly proxyUrl: string;
}

/**
 * Starts Entra's substitute at Entra's host name, behind a proxy, so that clients and servers with production settings
 * reach it. Its token endpoint knows one application, and issues tokens of version 2.0 for an API, and tokens for Graph
 * that only Graph could verify.
 */
export async function startEntraHost(
  tls: { readonly cert: string; readonly key: string },
  client: { readonly id: string; readonly secret: string },
): Promise<EntraHost> {
  const host = 'login.microsoftonline.com';
  const { tokens, documentAt } = await signer(() => `https://${host}`);
  const ofGraph = await signer(() => `https://${host}`);
  const answer = async (path: string, body: AsyncIterable<Buffer>) => {
    if (!path.endsWith('/oauth2/v2.0/token')) return { status: 200, body: documentAt(path) };
    const pieces: Buffer[] = [];
    for await (const piece of body) pieces.push(piece);
    const form = new URLSearchParams(Buffer.concat(pieces).toString());
    if (form.get('client_id') !== client.id || form.get('client_secret') !== client.secret)
      return { status: 401, body: { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid.' } };
    const [scope = ''] = (form.get('scope') ?? '').split(' ');
    const [, api] = /^api:\/\/([\w-]+)\/\.default$/.exec(scope) ?? [];
    const access_token = await (api === undefined
      ? ofGraph.tokens.v1('https://graph.microsoft.com')
      : tokens.v2(api, { azp: client.id }));
    return { status: 200, body: { token_type: 'Bearer', expires_in: 3599, access_token } };
  };
  const server = createServer(tls, (request, response) => {
    void answer((request.url ?? '').split('?')[0]!, request as AsyncIterable<Buffer>).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = await startConnectProxy([host], (server.address() as AddressInfo).port);
  return {
    proxyUrl: proxy.url,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
