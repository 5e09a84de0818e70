/** Authenticates an application to its authority. */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { open } from 'node:fs/promises';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as oauth from 'oauth4webapi';
import { UpstreamFailure } from './failure.ts';
import type { ManagedIdentity } from './managed-identity.ts';

/** Credentials of the application. Files are read for each token, so a change needs no restart. */
type ClientCredentials =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'secretFile'; readonly path: string }
  /** PEM with the certificate and its private key. */
  | { readonly kind: 'certificateFile'; readonly path: string }
  /** A token of another identity provider that the application trusts, such as a Kubernetes cluster. */
  | { readonly kind: 'assertionFile'; readonly path: string };

export type Credentials = ClientCredentials | ({ readonly kind: 'managedIdentity' } & ManagedIdentity);

/**
 * Returns the client authentication. @throws UpstreamFailure `credentialsRefused`, naming the file that is unreadable
 * or invalid
 */
export async function clientAuthentication(
  credentials: ClientCredentials,
  tokenEndpoint: string,
): Promise<oauth.ClientAuth> {
  switch (credentials.kind) {
    case 'secret':
      return oauth.ClientSecretPost(credentials.secret);
    case 'secretFile':
      return oauth.ClientSecretPost(await readText(credentials.path));
    case 'certificateFile':
      return certificateAuthentication(credentials.path, tokenEndpoint);
    case 'assertionFile':
      return assertionAuthentication(credentials.path);
  }
}

/**
 * Authenticates with an assertion that another provider signed (RFC 7523, section 2.2; workload identity federation).
 */
async function assertionAuthentication(path: string): Promise<oauth.ClientAuth> {
  const assertion = await readText(path);
  if (!isJwt(assertion)) throw unusable(path, 'it does not contain a token (JWT)');
  return (_server, { client_id: clientId }, body) => {
    body.set('client_id', clientId);
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    body.set('client_assertion', assertion);
  };
}

function isJwt(text: string): boolean {
  try {
    decodeProtectedHeader(text);
    decodeJwt(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Authenticates with a signed assertion (RFC 7523) that has the certificate's SHA-256 thumbprint, as Microsoft Entra
 * requires (reference "Microsoft identity platform application authentication certificate credentials").
 */
async function certificateAuthentication(path: string, tokenEndpoint: string): Promise<oauth.ClientAuth> {
  const { key, thumbprint } = await readCertificate(path);
  return oauth.PrivateKeyJwt(key, {
    [oauth.modifyAssertion]: (header, payload) => {
      header['x5t#S256'] = thumbprint;
      payload['aud'] = tokenEndpoint;
    },
  });
}

async function readCertificate(path: string) {
  const pem = await readText(path);
  try {
    const { raw } = new X509Certificate(pem);
    const privateKey = createPrivateKey(pem);
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
    // PS256 for an RSA key, as Entra requires; ES256 for a key on P-256, which other authorities accept.
    const algorithm =
      privateKey.asymmetricKeyType === 'ec'
        ? { name: 'ECDSA', namedCurve: 'P-256' }
        : { name: 'RSA-PSS', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
    return { key, thumbprint: createHash('sha256').update(raw).digest('base64url') };
  } catch (error) {
    throw unusable(path, 'it does not contain a certificate and its private key in PEM', error);
  }
}

/** The maximum size of a credential file: a larger one is not a credential. */
const mostBytes = 65_536;

/** Reads a text file without surrounding white space or byte order mark. */
async function readText(path: string): Promise<string> {
  const bytes = await readStart(path, mostBytes + 1).catch((error: unknown) => {
    throw unusable(path, reasonOf(error), error);
  });
  if (bytes.length > mostBytes) throw unusable(path, 'it is longer than 64 KiB');
  const text = bytes.toString().trim();
  if (text === '') throw unusable(path, 'it is empty');
  return text;
}

async function readStart(path: string, length: number): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length);
  return buffer.subarray(0, bytesRead);
}

function unusable(path: string, why: string, cause?: unknown): UpstreamFailure {
  const says = `The credential in '${path}' cannot be used: ${why}. Sync reads the file again at its next attempt.`;
  return new UpstreamFailure('credentialsRefused', { says, cause });
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  EISDIR: 'it is a folder',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read';
  return reasons[code] ?? code;
}
