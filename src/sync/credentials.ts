/** How an application proves to the authority that it is itself: a secret, or a certificate and its private key. */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as oauth from 'oauth4webapi';
import { UpstreamFailure } from './failure.ts';

export type Credentials =
  | { readonly kind: 'secret'; readonly secret: string }
  /** Read again for every token: a secret that was changed there is taken without a restart. */
  | { readonly kind: 'secretFile'; readonly path: string }
  /** PEM with the certificate and its private key. */
  | { readonly kind: 'certificateFile'; readonly path: string };

/** @throws UpstreamFailure `credentialsRefused` when a file cannot be read or is not what it should be */
export async function clientAuthentication(
  credentials: Credentials,
  tokenEndpoint: string,
): Promise<oauth.ClientAuth> {
  switch (credentials.kind) {
    case 'secret':
      return oauth.ClientSecretPost(credentials.secret);
    case 'secretFile':
      return oauth.ClientSecretPost(await readSecret(credentials.path));
    case 'certificateFile':
      return certificateAuthentication(await readText(credentials.path), tokenEndpoint);
  }
}

/**
 * A signed assertion (RFC 7523) with the certificate's SHA-256 thumbprint, as Microsoft Entra asks for
 * (reference "Microsoft identity platform application authentication certificate credentials").
 */
async function certificateAuthentication(pem: string, tokenEndpoint: string): Promise<oauth.ClientAuth> {
  const { key, thumbprint } = await readCertificate(pem);
  return oauth.PrivateKeyJwt(key, {
    [oauth.modifyAssertion]: (header, payload) => {
      header['x5t#S256'] = thumbprint;
      payload['aud'] = tokenEndpoint;
    },
  });
}

async function readCertificate(pem: string) {
  try {
    const { raw } = new X509Certificate(pem);
    const privateKey = createPrivateKey(pem);
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
    // PS256, which Entra wants; ES256 for an authority that takes it.
    const algorithm =
      privateKey.asymmetricKeyType === 'ec'
        ? { name: 'ECDSA', namedCurve: 'P-256' }
        : { name: 'RSA-PSS', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
    return { key, thumbprint: createHash('sha256').update(raw).digest('base64url') };
  } catch (error) {
    throw new UpstreamFailure('credentialsRefused', {
      detail: 'the file holds no certificate with its private key in PEM',
      cause: error,
    });
  }
}

async function readSecret(path: string): Promise<string> {
  const secret = (await readText(path)).trim();
  if (secret === '') throw new UpstreamFailure('credentialsRefused', { detail: 'the file is empty' });
  return secret;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UpstreamFailure('credentialsRefused', { detail: 'the file cannot be read', cause: error });
  }
}
