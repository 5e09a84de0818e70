/** compose.yaml gives each service variables of its command and files, with the settings of env.example and others. */
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { composeFile, type Deployed, faultsOf, ofCompose, read, variablesIn } from './deployed.ts';

const example = variablesIn(read('deploy/compose/env.example'));
const file = composeFile(example);
const { services, secrets } = file;
const noSecret = { ...example, ROLLCALL_CLIENT_SECRET_FILE: '' };
const tenants = '/etc/rollcall/tenants.json';
const certificate = '/etc/rollcall/client.pem';

const deployed: readonly Deployed[] = [
  ...['serve', 'sync', 'verify', 'retention'].map((name) => ofCompose(name, file)),
  ofCompose('serve', composeFile({ ...example, ROLLCALL_SIGN_IN_CLIENT_ID: '' })),
  ofCompose('sync', composeFile({ ...noSecret, ROLLCALL_CLIENT_CERTIFICATE: certificate }), {
    [certificate]: undefined,
  }),
  ofCompose('sync', composeFile({ ...noSecret, ROLLCALL_MANAGED_IDENTITY: 'system' })),
  ofCompose(
    'sync',
    composeFile({ ...noSecret, ROLLCALL_TENANT: '', ROLLCALL_CLIENT_ID: '', ROLLCALL_TENANTS: tenants }),
    { [tenants]: '[{ "client-certificate": "/etc/rollcall/client.pem" }]', [certificate]: undefined },
  ),
];

it.each(deployed)('$name reads variables of its command, and files that it is given', (one) => {
  expect(faultsOf(one)).toEqual([]);
});

it('asks for each variable without which serve would not accept real tokens', () => {
  for (const name of ['ROLLCALL_AUTHORITY', 'ROLLCALL_AUDIENCE', 'ROLLCALL_PUBLIC_URL'])
    expect(() => composeFile({ ...example, [name]: '' })).toThrow(`${name}: `);
});

it('names secrets and volumes that are declared, and files that are shipped', () => {
  for (const [name, { secrets: used = [], volumes = [] }] of Object.entries(services)) {
    expect([name, used.filter((secret) => !(secret in secrets))]).toEqual([name, []]);
    for (const source of volumes.map((volume) => volume.split(':')[0]!)) {
      const at = fileURLToPath(new URL(`../../deploy/compose/${source}`, import.meta.url));
      expect([name, source, source.startsWith('.') ? existsSync(at) : source in file.volumes]).toEqual([
        name,
        source,
        true,
      ]);
    }
  }
});

it('leaves nothing of ours to be written to, and needs no privilege', () => {
  for (const name of ['serve', 'sync', 'verify', 'retention', 'backup'])
    expect(services[name]).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      tmpfs: ['/tmp'],
      security_opt: ['no-new-privileges:true'],
    });
});

describe('the proxy', () => {
  const { serve, proxy } = services;
  const caddyfile = read('deploy/compose/Caddyfile');

  it('is the one that serve trusts, and hides what others publish', () => {
    const address = proxy!.networks!.default.ipv4_address;
    expect(isIP(address)).toBe(4);
    expect(serve!.environment['ROLLCALL_TRUST_PROXY']).toBe(address);
    const [{ subnet }] = file.networks.default.ipam.config;
    expect(subnet.split('.').slice(0, 3)).toEqual(address.split('.').slice(0, 3));
    const published = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(published.sort()).toEqual(['127.0.0.1:7655:7655', '443:443', '443:443/udp', '80:80']);
  });

  it('serves the public URL, and leads notifications to sync', () => {
    expect(proxy!.environment['PUBLIC_URL']).toBe(example['ROLLCALL_PUBLIC_URL']);
    expect(caddyfile).toContain('{$PUBLIC_URL} {');
    expect([...caddyfile.matchAll(/reverse_proxy (\S+)/g)].map(([, to]) => to)).toEqual([
      'sync:7655',
      'serve:7655',
    ]);
    const [, notified] = /#ROLLCALL_NOTIFICATION_URL=(\S+)/.exec(read('deploy/compose/env.example'))!;
    expect(caddyfile).toContain(`handle ${new URL(notified!).pathname} {`);
  });
});

it('jobs start by name alone, and the table of cron names them', () => {
  const jobs = Object.keys(services).filter((name) => services[name]!.profiles?.includes('jobs') === true);
  expect(jobs.sort()).toEqual(['backup', 'retention', 'verify']);
  const cron = read('deploy/compose/rollcall.cron');
  const lines = [...cron.matchAll(/^#?(?:[\d*]+ ){5}root .* run --rm -T (\w+)$/gm)].map(([, job]) => job!);
  expect(lines.sort()).toEqual(jobs);
  expect(services['backup']!.entrypoint!.concat(services['backup']!.command!)).toEqual([
    'sh',
    '/etc/rollcall/backup.sh',
    '/backups',
    example['BACKUP_KEEP_DAYS'],
  ]);
});
