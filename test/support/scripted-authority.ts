/** Starts an OpenID authority on a free port whose responses the test defines. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface ScriptedAuthority extends AsyncDisposable {
  readonly url: string;
  /** Forms sent to the token endpoint. */
  readonly asked: URLSearchParams[];
  /** Returns the token endpoint's response; by default an ID token with the expected nonce. */
  answer: (form: URLSearchParams) => Promise<{ readonly status: number; readonly body: unknown }>;
  /** Claims that replace valid ones; `undefined` removes one. */
  claims: Record<string, unknown>;
  /** Sets the nonce of the current sign-in, which the authorization endpoint received. */
  expect(nonce: string): void;
  /** Creates a token with changed claims, signed by the authority or with another key. */
  idToken(changes?: Record<string, unknown>, signer?: 'authority' | 'another'): Promise<string>;
}

interface ScriptedAuthorityOptions {
  readonly tenantId: string;
  readonly clientId: string;
  /** Additions and changes to the discovery document; `{origin}` stands for the server's origin. */
  readonly published?: Readonly<Record<string, unknown>>;
}

export async function startScriptedAuthority({
  tenantId,
  clientId,
  published = {},
}: ScriptedAuthorityOptions): Promise<ScriptedAuthority> {
  const keys = await generateKeyPair('RS256', { extractable: true });
  const others = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  let nonce = '';
  const server = createServer((request, response) => {
    void answerTo(request.url ?? '', request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answerTo(path: string, body: AsyncIterable<Buffer>) {
    if (path === '/keys') return { status: 200, body: { keys: [jwk] } };
    if (path !== '/token') {
      const standard = {
        issuer: url,
        jwks_uri: `${url}/keys`,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
      };
      const text = JSON.stringify({ ...standard, ...published }).replaceAll('{origin}', url);
      return { status: 200, body: text };
    }
    const pieces: Buffer[] = [];
    for await (const piece of body) pieces.push(piece);
    const form = new URLSearchParams(Buffer.concat(pieces).toString());
    authority.asked.push(form);
    return authority.answer(form);
  }

  const authority: ScriptedAuthority = {
    url,
    asked: [],
    claims: {},
    async answer() {
      const id_token = await authority.idToken(authority.claims);
      return { status: 200, body: { access_token: 'unused', token_type: 'Bearer', id_token } };
    },
    expect(told) {
      nonce = told;
    },
    idToken(changes = {}, signer = 'authority') {
      const seconds = Math.floor(Date.now() / 1000);
      const good = {
        iss: url,
        aud: clientId,
        iat: seconds,
        exp: seconds + 600,
        sub: 'somebody',
        oid: 'object',
        tid: tenantId,
        name: 'Ada Example',
        roles: ['CallRecords.Read.All'],
        nonce,
      };
      return new SignJWT({ ...good, ...changes })
        .setProtectedHeader({ alg: 'RS256', kid: 'one' })
        .sign((signer === 'authority' ? keys : others).privateKey);
    },
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return authority;
}
