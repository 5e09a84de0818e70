import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSelfSignedCertificate } from '../../serve/auth/certificate.ts';
import { StoreError } from '../store-errors.ts';
import { refuseWrongTls } from './tls-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
beforeAll(async () => {
  const [own, other] = await Promise.all([1, 2].map(() => createSelfSignedCertificate(['a'], new Date())));
  const weak = await generate([{ name: 'commonName', value: 'a' }], { keySize: 512 });
  const locked = createPrivateKey(own!.key).export({
    ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
  });
  const files = {
    'own.pem': own!.cert,
    'own.key': own!.key,
    'other.key': other!.key,
    'both.pem': `${own!.cert}\n${own!.key}`,
    'locked.key': locked.toString(),
    'weak.pem': weak.cert,
    'weak.key': weak.private,
    none: 'words',
    empty: '',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  '',
  '?sslmode=disable',
  '?sslmode=prefer',
  '?sslmode=require',
  '?sslmode=verify-ca&sslrootcert=FOLDER/own.pem',
  '?sslmode=verify-full&sslcert=FOLDER/own.pem&sslkey=FOLDER/own.key',
  '?sslcert=FOLDER/both.pem&sslkey=FOLDER/both.pem&sslrootcert=FOLDER/both.pem',
  '?sslmode=verify-full',
])('%j is taken', (options) => {
  expect(() => refuseWrongTls(`postgres://a/db${options.replaceAll('FOLDER', folder)}`)).not.toThrow();
});

const isNone = (mode: string) =>
  `sslmode in the URL of the store is '${mode}'. It must be one of disable, prefer, require, verify-ca, verify-full.`;
const cannotBeRead = (name: string) =>
  `${name} in the URL of the store is '/none/x.pem', a file that cannot be read.`;

it.each([
  ['sslmode=', isNone('')],
  ['sslmode=allow', isNone('allow')],
  ['application_name=x&sslmode=verify_full', isNone('verify_full')],
  [
    'sslmode=verify-ca',
    `sslmode=verify-ca in the URL of the store needs sslrootcert, the file of the authority's certificate.`,
  ],
  ['sslmode=verify-full&sslrootcert=/none/x.pem', cannotBeRead('sslrootcert')],
  ['sslmode=require&sslcert=%2Fnone%2Fx.pem', cannotBeRead('sslcert')],
  ['sslkey=/none/x.pem', cannotBeRead('sslkey')],
])('%s is refused', (options, message) => {
  expect(() => refuseWrongTls(`postgres://a/db?${options}`)).toThrow(new StoreError(message));
});

describe('a file', () => {
  const isIt = (option: string, name: string, what: string) =>
    `${option} in the URL of the store is '${folder}/${name}', ${what}.`;
  const noCertificate = 'which is not a certificate in PEM';
  const noKey = 'which is not a private key in PEM';

  it.each([
    [{ sslrootcert: 'none' }, isIt('sslrootcert', 'none', noCertificate)],
    [{ sslrootcert: 'empty' }, isIt('sslrootcert', 'empty', noCertificate)],
    [{ sslrootcert: 'own.key' }, isIt('sslrootcert', 'own.key', noCertificate)],
    [{ sslcert: 'own.pem' }, 'sslcert in the URL of the store needs sslkey, the file of its private key.'],
    [{ sslkey: 'own.key' }, 'sslkey in the URL of the store needs sslcert, the file of its certificate.'],
    [{ sslcert: 'own.key', sslkey: 'own.pem' }, isIt('sslcert', 'own.key', noCertificate)],
    [{ sslcert: 'own.pem', sslkey: 'own.pem' }, isIt('sslkey', 'own.pem', noKey)],
    [{ sslcert: 'own.pem', sslkey: 'none' }, isIt('sslkey', 'none', noKey)],
    [{ sslcert: 'own.pem', sslkey: 'empty' }, isIt('sslkey', 'empty', noKey)],
    [
      { sslcert: 'own.pem', sslkey: 'locked.key' },
      isIt('sslkey', 'locked.key', 'a key with a passphrase. Write it without one: openssl pkey does'),
    ],
    [
      { sslcert: 'own.pem', sslkey: 'other.key' },
      isIt('sslkey', 'other.key', 'which is not the key of the certificate in sslcert'),
    ],
    [
      { sslcert: 'weak.pem', sslkey: 'weak.key' },
      isIt('sslcert', 'weak.pem', 'which OpenSSL rejects: ERR_SSL_EE_KEY_TOO_SMALL'),
    ],
  ])('that is not what the option names is told: %o', (files, message) => {
    const options = Object.entries(files).map(([option, name]) => `${option}=${folder}/${name}`);
    expect(() => refuseWrongTls(`postgres://a/db?${options.join('&')}`)).toThrow(new StoreError(message));
  });
});
