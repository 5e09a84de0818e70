/** The systemd units start commands of Rollcall with the variables and files beside them, as no root, and on time. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Deployed, faultsOf, ofSystemd, ofUnit, read } from './deployed.ts';

const folder = fileURLToPath(new URL('../../deploy/systemd', import.meta.url));
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
const services = names.filter((name) => name.endsWith('.service')).sort();
const unit = (name: string) => read(`deploy/systemd/${name}`);

const deployed: readonly Deployed[] = [
  ofSystemd('rollcall'),
  ofSystemd('rollcall', ['sign-in', 'store', 'tls']),
  ofSystemd('rollcall-sync'),
  ofSystemd('rollcall-sync', ['certificate']),
  ofSystemd('rollcall-sync', ['no-secret']),
  ofSystemd('rollcall-verify'),
  ofSystemd('rollcall-retention'),
];

it.each(deployed)('$name reads variables of its command, and files that it is given', (one) => {
  expect(faultsOf(one)).toEqual([]);
});

it('a drop-in replaces the secret of sync, and none is left', () => {
  const credentials = ({ environment }: Deployed) =>
    Object.keys(environment).filter((name) => /CLIENT_(SECRET|CERTIFICATE)/.test(name));
  expect(deployed.slice(2, 5).map(credentials)).toEqual([
    ['ROLLCALL_CLIENT_SECRET_FILE'],
    ['ROLLCALL_CLIENT_CERTIFICATE'],
    [],
  ]);
});

/** From the user on: what a unit may do. */
const confined = (text: string) => text.slice(text.indexOf('\nUser=')).split('\n[Install]', 1)[0]!.trim();

it('every unit runs as one user of its own, with the same confinement', () => {
  expect(services).toHaveLength(5);
  const [first, ...others] = services.map((name) =>
    confined(unit(name)).replace('StateDirectory=rollcall rollcall-backups', 'StateDirectory=rollcall'),
  );
  expect(first).toContain('DynamicUser=yes');
  expect(first).toContain('CapabilityBoundingSet=\n');
  for (const other of others) expect(other).toBe(first);
});

it.each(['verify', 'backup', 'retention'])('a timer runs %s every night, once', (name) => {
  const timer = unit(`rollcall-${name}.timer`);
  expect(ofUnit(timer, 'OnCalendar')).toEqual([expect.stringMatching(/^\*-\*-\* \d\d:\d\d:00 UTC$/)]);
  expect(ofUnit(timer, 'Persistent')).toEqual(['yes']);
  expect(ofUnit(timer, 'WantedBy')).toEqual(['timers.target']);
  const service = unit(`rollcall-${name}.service`);
  expect(ofUnit(service, 'Type')).toEqual(['oneshot']);
  expect(service).not.toContain('[Install]'); // nothing starts it but its timer
});

it('the backup is made by the script of the chart, into a folder of its own, with an age limit', () => {
  const text = unit('rollcall-backup.service');
  expect(ofUnit(text, 'ExecStart')).toEqual([
    '/bin/sh /usr/local/lib/rollcall/backup.sh %S/rollcall-backups ${BACKUP_KEEP_DAYS}',
  ]);
  expect(ofUnit(text, 'StateDirectory')).toEqual(['rollcall rollcall-backups']);
  expect(ofUnit(text, 'Environment')).toEqual(['BACKUP_KEEP_DAYS=14']);
});

it('wrong configuration ends serve and sync for good', () => {
  for (const name of ['rollcall.service', 'rollcall-sync.service'])
    expect(ofUnit(unit(name), 'RestartPreventExitStatus')).toEqual(['2']);
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

describe.skipIf(!hasSystemd)('systemd-analyze', () => {
  it('finds nothing wrong with the units, their drop-ins and timers', () => {
    const copy = mkdtempSync(join(tmpdir(), 'rollcall-units-'));
    cpSync(folder, copy, { recursive: true });
    // Programs must be there.
    const program = join(copy, 'rollcall');
    writeFileSync(program, '#!/bin/sh\n');
    chmodSync(program, 0o755);
    for (const name of services) {
      const path = join(copy, name);
      writeFileSync(path, readFileSync(path, 'utf8').replace('/usr/local/bin/rollcall', program));
    }
    const units = names.filter((name) => /\.(service|timer)$/.test(name)).map((name) => join(copy, name));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...units], { encoding: 'utf8' });
    const own = stderr.split('\n').filter((line) => line.includes('rollcall'));
    rmSync(copy, { recursive: true });
    expect([own, status]).toEqual([[], 0]);
  });
});
