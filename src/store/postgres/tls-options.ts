/** What the URL of a store asks of TLS, looked at before anybody connects: the driver passes over what it does not know. */
import { accessSync, constants } from 'node:fs';
import { StoreError } from '../store.ts';

const modes: readonly string[] = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'];
const files = ['sslrootcert', 'sslcert', 'sslkey'];

/** @throws StoreError */
export function refuseWrongTls(url: string): void {
  const options = new URLSearchParams(/\?(.*)$/s.exec(url)?.[1]);
  const mode = options.get('sslmode');
  if (mode !== null && !modes.includes(mode))
    throw new StoreError(`sslmode in the URL of the store is '${mode}'. It is one of ${modes.join(', ')}.`);
  if (mode === 'verify-ca' && !options.get('sslrootcert'))
    throw new StoreError(
      `sslmode=verify-ca in the URL of the store needs sslrootcert, the file of the authority's certificate.`,
    );
  for (const name of files) {
    const path = options.get(name);
    if (path !== null && !isReadable(path))
      throw new StoreError(`${name} in the URL of the store is '${path}', a file that cannot be read.`);
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
