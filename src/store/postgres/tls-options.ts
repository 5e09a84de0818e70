/**
 * Checks the TLS options in the URL of a store before connecting, because the driver ignores options that it does not
 * know.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { StoreError } from '../store-errors.ts';

const modes: readonly string[] = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'];

interface NamedFile {
  /** How messages name the file. */
  readonly name: string;
  readonly text: string;
}

/**
 * Throws when a TLS option is invalid.
 *
 * @throws StoreError
 */
export function refuseWrongTls(url: string): void {
  const mark = url.indexOf('?');
  const options = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  const mode = options.get('sslmode');
  if (mode !== null && !modes.includes(mode))
    throw new StoreError(
      `sslmode in the URL of the store is '${mode}'. It must be one of ${modes.join(', ')}.`,
    );
  if (mode === 'verify-ca' && !options.get('sslrootcert'))
    throw new StoreError(
      `sslmode=verify-ca in the URL of the store needs sslrootcert, the file of the authority's certificate.`,
    );
  const root = fileOf(options, 'sslrootcert');
  const certificate = fileOf(options, 'sslcert');
  const key = fileOf(options, 'sslkey');
  if (root !== undefined) certificateIn(root);
  if (certificate === undefined && key === undefined) return;
  if (key === undefined)
    throw new StoreError('sslcert in the URL of the store needs sslkey, the file of its private key.');
  if (certificate === undefined)
    throw new StoreError('sslkey in the URL of the store needs sslcert, the file of its certificate.');
  const isPair = certificateIn(certificate).checkPrivateKey(keyIn(key));
  if (!isPair) throw new StoreError(`${key.name}, which is not the key of the certificate in sslcert.`);
  try {
    createSecureContext({ cert: certificate.text, key: key.text });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new StoreError(`${certificate.name}, which OpenSSL rejects: ${code}.`, { cause: error });
  }
}

function fileOf(options: URLSearchParams, option: string): NamedFile | undefined {
  const path = options.get(option);
  if (path === null) return undefined;
  const name = `${option} in the URL of the store is '${path}'`;
  try {
    return { name, text: readFileSync(path, 'utf8') };
  } catch {
    throw new StoreError(`${name}, a file that cannot be read.`);
  }
}

/** Returns the first certificate in the file. */
function certificateIn({ name, text }: NamedFile): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new StoreError(`${name}, which is not a certificate in PEM.`);
  }
}

function keyIn({ name, text }: NamedFile): KeyObject {
  try {
    return createPrivateKey(text);
  } catch {
    throw new StoreError(
      /ENCRYPTED/.test(text)
        ? `${name}, a key with a passphrase. Write it without one: openssl pkey does.`
        : `${name}, which is not a private key in PEM.`,
    );
  }
}
