/** `serve` with Microsoft Entra: which audiences it starts with, and whose tokens it then takes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rollcall } from '../support/rollcall.ts';
import { type RunningProcess, startProcess } from '../support/process.ts';
import { type StandInEntra, standInTenant, startStandInEntra } from '../support/stand-in-entra.ts';

const client = '77777777-7777-4777-8777-777777777777';
const uri = `api://${client}`;
const entra = `https://login.microsoftonline.com/${standInTenant}/v2.0`;
const folder = mkdtempSync(join(tmpdir(), 'rollcall-audience-'));
afterAll(() => rmSync(folder, { recursive: true }));

const place = ['--store', `sqlite:${join(folder, 'none.db')}`, '--port', '0'];
const file = join(folder, 'rollcall.json');
const configure = (settings: object) => writeFileSync(file, JSON.stringify(settings));

describe('serve with Microsoft Entra does not start', () => {
  const graph = 'https://graph.microsoft.com';

  it('without an audience, and says what to register', async () => {
    const { code, stdout, stderr } = await rollcall(['serve', ...place, '--authority', entra]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `--audience: ${entra} is Microsoft Entra, and only Graph can validate a token made for Graph, so this server needs tokens made for itself. Register an API for Rollcall (deploy/entra/register.sh does it) and name its application ID URI and its client ID, as --audience api://CLIENT_ID,CLIENT_ID. See docs/clients.md.\n`,
    );
  });

  it('with an audience of Graph, from a flag, the environment or a file', async () => {
    configure({ authority: entra, audience: [uri, graph] });
    const ended = await Promise.all([
      rollcall(['serve', ...place, '--authority', entra, '--audience', `${uri},${graph}`]),
      rollcall(['serve', ...place], {
        environment: { ROLLCALL_AUTHORITY: entra, ROLLCALL_AUDIENCE: `${graph}/` },
      }),
      rollcall(['serve', ...place, '--config', file]),
    ]);
    for (const { code, stdout, stderr } of ended) {
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(
        /^--audience: 'https:\/\/graph\.microsoft\.com\/?' is Microsoft Graph, and only Graph can validate a token made for Graph\. Register an API for Rollcall .*\n$/,
      );
    }
  });
});

describe('serve with what stands for Microsoft Entra', () => {
  let issuer: StandInEntra;
  let server: RunningProcess;
  let url: string;
  beforeAll(async () => {
    issuer = await startStandInEntra();
    configure({ authority: `${issuer.url}=${standInTenant}`, audience: [uri, client.toUpperCase()] });
    server = startProcess(['serve', ...place, '--config', file, '--workers', '1']);
    url = (await server.said(/rollcall listening on (\S+)/))[1]!;
  }, 60_000);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await issuer[Symbol.asyncDispose]();
  });

  const statusOf = async (token: string) => {
    const path = '/v1.0/communications/callRecords';
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
    const { error } = (await response.json()) as { error?: { code: string; message: string } };
    return error === undefined ? response.status : [response.status, error.code, error.message];
  };
  const refused = [401, 'InvalidAuthenticationToken', 'Access token validation failure. Invalid audience.'];

  it('takes tokens of both versions for either name of the API, and none for anything else', async () => {
    expect([
      await statusOf(await issuer.v1(uri)),
      await statusOf(await issuer.v1(`${uri}/`)),
      await statusOf(await issuer.v1(client)),
      await statusOf(await issuer.v2(client)),
    ]).toEqual([200, 200, 200, 200]);
    expect([
      await statusOf(await issuer.v1('https://graph.microsoft.com')),
      await statusOf(await issuer.v1('00000003-0000-0000-c000-000000000000')),
      await statusOf(await issuer.v2('88888888-8888-4888-8888-888888888888')),
      await statusOf(await issuer.v1(`${uri}.example`)),
      await statusOf(await issuer.v1(`${uri}/.default`)),
    ]).toEqual([refused, refused, refused, refused, refused]);
  });

  it('gives 403 to an application without the role, and to a user', async () => {
    expect([
      await statusOf(await issuer.v1(uri, { roles: undefined })),
      await statusOf(await issuer.v2(client, { roles: ['CallRecords.Read'] })),
      await statusOf(await issuer.v2(client, { scp: 'CallRecords.Read.All' })),
    ]).toEqual([
      [403, 'Forbidden', ''],
      [403, 'Forbidden', ''],
      [403, 'Forbidden', ''],
    ]);
  });

  it('takes no issuer of another tenant than the token’s', async () => {
    const other = '44444444-4444-4444-8444-444444444444';
    for (const token of [
      await issuer.v1(uri, { iss: `https://sts.windows.net/${other}/` }),
      await issuer.v1(uri, { tid: other, iss: `https://sts.windows.net/${other}/` }),
      await issuer.v2(client, { iss: issuer.url.replace('common', other) }),
    ])
      expect(await statusOf(token)).toEqual([401, 'InvalidAuthenticationToken', expect.any(String)]);
  });

  it('goes on as it was when a reload would leave it without an audience, or with one of Graph', async () => {
    for (const audience of [undefined, ['https://graph.microsoft.us']]) {
      configure({ authority: entra, audience });
      server.child.kill('SIGHUP');
      await server.said(
        audience === undefined
          ? /was rejected\. --audience: \S+ is Microsoft Entra, and only Graph/
          : /was rejected\. --audience: 'https:\/\/graph\.microsoft\.us' is Microsoft Graph/,
      );
    }
    expect(await statusOf(await issuer.v1(uri))).toBe(200);
  });
});
