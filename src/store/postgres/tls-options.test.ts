import { expect, it } from 'vitest';
import { StoreError } from '../store.ts';
import { refuseWrongTls } from './tls-options.ts';

const here = import.meta.filename;

it.each([
  '',
  '?sslmode=disable',
  '?sslmode=prefer',
  '?sslmode=require',
  `?sslmode=verify-ca&sslrootcert=${here}`,
  '?sslmode=verify-full',
])('%j is taken', (options) => {
  expect(() => refuseWrongTls(`postgres://a/db${options}`)).not.toThrow();
});

const isNone = (mode: string) =>
  `sslmode in the URL of the store is '${mode}'. It is one of disable, prefer, require, verify-ca, verify-full.`;
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
