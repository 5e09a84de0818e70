import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../base/exit.ts';
import { readSettings } from './settings.ts';
import { syncTenants } from './sync-tenants.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-tenants-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [one, two] = ['3', '4'].map((digit) => `${digit.repeat(8)}-1111-4111-8111-111111111111`);
const clientId = '77777777-7777-4777-8777-777777777777';
const of = ['--tenant', one!, '--client-id', clientId];

function tenantsOf(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  return syncTenants(readSettings('sync', args, environment)).map(({ tenantId, clientId, credentials }) => ({
    tenantId,
    clientId,
    credentials,
  }));
}

function problemsOf(args: readonly string[], environment: NodeJS.ProcessEnv = {}): readonly string[] {
  try {
    tenantsOf(args, environment);
    return [];
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
}

function fileOf(tenants: unknown): string[] {
  const path = join(folder, 'tenants.json');
  writeFileSync(path, JSON.stringify(tenants));
  return ['--tenants', path];
}

const service = {
  url: new URL('http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01'),
  headers: { metadata: 'true' },
};
const assertionFile = { kind: 'assertionFile', path: '/run/token' } as const;

describe('the credentials of sync', () => {
  it('are a secret, a certificate, a token of another provider or a managed identity', () => {
    const environment = { ROLLCALL_CLIENT_ASSERTION_FILE: '/run/token' };
    expect(tenantsOf(of, environment)).toEqual([{ tenantId: one, clientId, credentials: assertionFile }]);
    expect(tenantsOf(['--tenant', one!, '--managed-identity', 'system'])).toEqual([
      {
        tenantId: one,
        clientId: 'managed identity',
        credentials: { kind: 'managedIdentity', service, clientId: undefined },
      },
    ]);
    expect(tenantsOf([...of, '--managed-identity', two!])).toEqual([
      { tenantId: one, clientId: two, credentials: { kind: 'managedIdentity', service, clientId: two } },
    ]);
  });

  it('are one: none is refused, and more than one with their names', () => {
    expect(problemsOf(of)).toEqual([
      '--client-secret-file: name the secret of the application, or its --client-certificate, --client-assertion-file or --managed-identity.',
    ]);
    const all = [
      '--client-certificate',
      'a.pem',
      '--client-assertion-file',
      'b',
      '--client-secret-file',
      'c',
    ];
    expect(
      problemsOf([...of, ...all, '--managed-identity', 'system'], { ROLLCALL_CLIENT_SECRET: 'hush' }),
    ).toEqual([
      '--client-secret, --client-secret-file, --client-certificate, --client-assertion-file, --managed-identity: one credential is enough. Leave the others out.',
    ]);
    expect(problemsOf([...of, '--client-assertion-file', 'b', '--managed-identity', two!])).toEqual([
      '--client-assertion-file, --managed-identity: one credential is enough. Leave the others out.',
    ]);
  });

  it.each(['System', 'user', '7777', ' system', `${clientId},${two}`])(
    'are no managed identity %j',
    (text) => {
      expect(problemsOf([...of, '--managed-identity', text])).toEqual([
        '--managed-identity: system, or the client ID of a user-assigned identity, a GUID, is expected.',
      ]);
    },
  );

  it('name the variable of the machine that cannot be used, where a managed identity is named', () => {
    const environment = { IDENTITY_ENDPOINT: 'ftp://x', IDENTITY_HEADER: 'hush' };
    const says = ['IDENTITY_ENDPOINT: an http or https URL without a user name is expected.'];
    expect(problemsOf([...of, '--managed-identity', 'system'], environment)).toEqual(says);
    expect(problemsOf(fileOf([{ tenant: one, 'managed-identity': 'system' }]), environment)).toEqual(says);
    expect(problemsOf([...of, '--client-secret', 'x'], environment)).toEqual([]);
  });
});

describe('a file of tenants', () => {
  it('may name a credential for each, or leave it to the options', () => {
    const tenants = [
      { tenant: one, 'client-id': clientId },
      { tenant: two, 'client-id': clientId, 'client-assertion-file': '/run/other' },
    ];
    expect(tenantsOf([...fileOf(tenants), '--client-assertion-file', '/run/token'])).toEqual([
      { tenantId: one, clientId, credentials: assertionFile },
      { tenantId: two, clientId, credentials: { kind: 'assertionFile', path: '/run/other' } },
    ]);
    expect(tenantsOf(fileOf([{ tenant: one, 'managed-identity': two }]))).toEqual([
      { tenantId: one, clientId: two, credentials: { kind: 'managedIdentity', service, clientId: two } },
    ]);
  });

  it('may name the scope of upstream for each, or leave it to the options', () => {
    const managed = { 'managed-identity': 'system' };
    const tenants = [
      { tenant: one, ...managed },
      { tenant: two, ...managed, 'upstream-scope': 'api://other/.default' },
    ];
    const file = [...fileOf(tenants), '--upstream-scope', 'api://calls/.default'];
    expect(syncTenants(readSettings('sync', file, {})).map(({ scope }) => scope)).toEqual([
      'api://calls/.default',
      'api://other/.default',
    ]);
    expect(problemsOf(fileOf([{ tenant: one, ...managed, 'upstream-scope': 'api://calls' }]))).toEqual([
      '--tenants: 0.upstream-scope: a scope such as api://…/.default is expected.',
    ]);
  });

  it('names each entry that lacks something, has too much, or something else', () => {
    const both = { 'client-secret-file': 'a', 'managed-identity': 'system' };
    const tenants = [{ tenant: one }, { tenant: two, 'client-id': clientId, ...both }];
    expect(problemsOf([...fileOf(tenants), '--upstream', 'http://127.0.0.1:1'])).toEqual([
      'tenant 1 of the file: --client-id: name the application that may read the records.',
      'tenant 1 of the file: --client-secret-file: name the secret of the application, or its --client-certificate, --client-assertion-file or --managed-identity.',
      'tenant 2 of the file: --client-secret-file, --managed-identity: one credential is enough. Leave the others out.',
    ]);
    expect(problemsOf(fileOf([{ tenant: one, 'managed-identity': 'user' }]))).toEqual([
      '--tenants: 0.managed-identity: system or a client ID is expected.',
    ]);
  });
});
