/** The scripts that register Rollcall with Microsoft Entra, against an `az` that keeps what it is asked to make. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audienceProblems } from '../../src/serve/run/audiences.ts';
import { authorityProblems } from '../../src/serve/run/authority-verifier.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { signInProblems } from '../../src/serve/run/sign-in.ts';
import { startStubAz, type StubAz, stubId, stubTenant } from '../support/stub-az.ts';

const entra = fileURLToPath(new URL('../../deploy/entra/', import.meta.url));
let folder: string;
let az: StubAz;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-register-'));
  az = await startStubAz(folder);
});
afterEach(async () => {
  await az[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function register(...args: readonly string[]) {
  const env = { PATH: [folder, process.env['PATH']].join(delimiter), ROLLCALL_REGISTER_PAUSE: '0' };
  const child = spawn('bash', [join(entra, 'register.sh'), ...args], { cwd: folder, env });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

const environmentOf = (file: string) =>
  Object.fromEntries(
    file
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

describe('register.sh', () => {
  const all = ['--client-name', 'Call reports', '--public-url', 'https://calls.example/'];

  it('registers the API, a client and the sign-in, and prints settings that serve starts with', async () => {
    // Microsoft Graph does not know at once what was just made.
    az.failures = 2;
    const { status, stdout, stderr } = await register(...all);
    expect([status, stderr.match(/404/g)?.length]).toEqual([0, 2]);
    const { applications, servicePrincipals, assignments } = az;
    const [api, client, page] = applications as [Record<string, unknown>, ...typeof applications];
    expect(api).toMatchObject({
      displayName: 'Rollcall',
      signInAudience: 'AzureADMyOrg',
      identifierUris: [`api://${String(api['appId'])}`],
      api: { requestedAccessTokenVersion: 2 },
      appRoles: [{ value: 'CallRecords.Read.All', allowedMemberTypes: ['Application'], isEnabled: true }],
    });
    expect(client).toMatchObject({ displayName: 'Call reports', appRoles: [] });
    expect(page).toMatchObject({
      displayName: 'Rollcall sign-in',
      web: { redirectUris: ['https://calls.example/rollcall/sign-in/callback'] },
      appRoles: [{ value: 'CallRecords.Read.All', allowedMemberTypes: ['User'] }],
    });
    const [ofApi, ofClient, ofPage] = servicePrincipals;
    expect(servicePrincipals.map(({ appId }) => appId)).toEqual(applications.map(({ appId }) => appId));
    expect(ofPage).toMatchObject({ appRoleAssignmentRequired: true });
    const [{ id: appRoleId }] = api['appRoles'] as [{ id: string }];
    expect(assignments).toEqual([{ principalId: ofClient!.id, resourceId: ofApi!.id, appRoleId }]);

    const environment = environmentOf(stdout);
    expect(environment).toEqual({
      ROLLCALL_AUTHORITY: `https://login.microsoftonline.com/${stubTenant}/v2.0`,
      ROLLCALL_AUDIENCE: `api://${String(api['appId'])},${String(api['appId'])}`,
      ROLLCALL_ALLOWED_TENANTS: stubTenant,
      ROLLCALL_PUBLIC_URL: 'https://calls.example',
      ROLLCALL_SIGN_IN_CLIENT_ID: page!['appId'],
      ROLLCALL_SIGN_IN_CLIENT_SECRET_FILE: 'rollcall-sign-in-secret',
    });
    const secret = join(folder, 'rollcall-sign-in-secret');
    expect([readFileSync(secret, 'utf8'), statSync(secret).mode & 0o777]).toEqual(['stub-secret\n', 0o600]);
    expect(stdout + stderr).not.toContain('stub-secret');
    const here = { ...environment, ROLLCALL_SIGN_IN_CLIENT_SECRET_FILE: secret };
    const { settings } = readSettings('serve', [], here);
    expect([
      ...authorityProblems(settings),
      ...audienceProblems(settings),
      ...signInProblems(settings),
    ]).toEqual([]);

    // Once more: it adds nothing.
    const before = structuredClone([applications, servicePrincipals, assignments]);
    az.writes.length = 0;
    const again = await register(...all);
    expect([again.status, again.stdout]).toEqual([0, stdout]);
    expect([applications, servicePrincipals, assignments]).toEqual(before);
    expect(az.writes.filter((write) => !write.startsWith('patch '))).toEqual([]);
  });

  it('gives the role to an application that is there, and keeps roles of others', async () => {
    const other = { id: stubId(99), value: 'Other', allowedMemberTypes: ['Application'] };
    const clientId = stubId(50);
    az.applications.push({ id: stubId(40), appId: stubId(41), displayName: 'Calls', appRoles: [other] });
    az.servicePrincipals.push({ id: stubId(51), appId: clientId });
    const { status, stdout } = await register('--name', 'Calls', '--client-id', clientId.toUpperCase());
    expect([status, Object.keys(environmentOf(stdout))]).toEqual([
      0,
      ['ROLLCALL_AUTHORITY', 'ROLLCALL_AUDIENCE', 'ROLLCALL_ALLOWED_TENANTS'],
    ]);
    expect([az.applications.length, az.applications[0]!['appRoles'], az.assignments]).toEqual([
      1,
      [other, expect.objectContaining({ value: 'CallRecords.Read.All' })],
      [expect.objectContaining({ principalId: stubId(51) })],
    ]);
  });

  it.each([
    [2, '--name: a value is missing.', ['--name']],
    [2, '--nmae: there is no such option.', ['--nmae', 'x']],
    [2, "'x\"y': a name of letters", ['--name', 'x"y']],
    [2, '--client-id, --client-name: one of them', ['--client-id', stubTenant, '--client-name', 'x']],
    [2, "--client-id: 'x' is not a client ID", ['--client-id', 'x']],
    [2, "--public-url: 'http://calls.example' is not", ['--public-url', 'http://calls.example']],
    [2, "--public-url: 'https://a/b' is not", ['--public-url', 'https://a/b']],
  ])('ends with %i: %s', async (code, says, args) => {
    const { status, stdout, stderr } = await register(...args);
    expect([status, stdout]).toEqual([code, '']);
    expect(stderr).toContain(says);
  });

  it('ends when it cannot register, and where a name is not of one application', async () => {
    az.failures = 99;
    const failed = await register();
    expect([failed.status, failed.stdout, az.applications]).toEqual([1, '', []]);
    expect(failed.stderr).toContain('post /applications failed six times');
    az.isSignedOut = true;
    expect(await register()).toMatchObject({ status: 1, stdout: '' });
    az.isSignedOut = false;
    for (const id of [stubId(1), stubId(2)])
      az.applications.push({ id, appId: id, displayName: 'Rollcall', appRoles: [] });
    const { status, stderr } = await register();
    expect([status, stderr]).toEqual([
      1,
      "Several applications are called 'Rollcall'. Rename all but one, or give another name.\n",
    ]);
  });
});

describe('register.ps1', () => {
  const read = (name: string) => readFileSync(join(entra, name), 'utf8');

  it('sends the requests of register.sh, and prints the same settings', () => {
    const plain = (text: string) =>
      text
        .replaceAll(/\$\(\$\w+\.\w+\)|\$\{\w+\}|\$\w+(?=[/?'"])/g, 'ID')
        .replaceAll('`$', '\\$')
        .toLowerCase();
    const requests = (text: string, form: RegExp) =>
      new Set([...plain(text).matchAll(form)].map(([, a, b]) => `${a} ${b}`));
    const ofShell = requests(read('register.sh'), /\brest (get|post|patch) ["']?(\/[\w/]+)/g);
    const ofPowerShell = requests(read('register.ps1'), /invoke-rest (get|post|patch) ["']?(\/[\w/]+)/g);
    expect(ofPowerShell.size).toBeGreaterThan(7);
    expect(ofPowerShell).toEqual(ofShell);
    const settings = (text: string) => [...text.matchAll(/^ *"?(ROLLCALL_\w+)=/gm)].map(([, name]) => name);
    expect(settings(read('register.ps1'))).toEqual(settings(read('register.sh')));
    const ids = (text: string) => text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g);
    expect(ids(read('register.ps1'))).toEqual(ids(read('register.sh')));
  });

  const isInstalled = spawnSync('pwsh', ['-Version']).status === 0;
  it.skipIf(!isInstalled)('is PowerShell', () => {
    const parse = `$errors = $null; [void][Management.Automation.Language.Parser]::ParseFile('${join(entra, 'register.ps1')}', [ref]$null, [ref]$errors); $errors.Count`;
    expect(spawnSync('pwsh', ['-NoProfile', '-Command', parse], { encoding: 'utf8' }).stdout.trim()).toBe(
      '0',
    );
  });
});
