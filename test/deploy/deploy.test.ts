/** The files of `deploy/` and the Dockerfile name options that there are, and their command lines start. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  environmentName,
  fileVariable,
  type OptionName,
  optionsOf,
  optionTable,
} from '../../src/cli/options.ts';
import type { CommandName } from '../../src/cli/options/option.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { main } from '../support/rollcall.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(project, path), 'utf8');

const files = [
  'Dockerfile',
  ...readdirSync(join(project, 'deploy'), { recursive: true, encoding: 'utf8' })
    .map((name) => `deploy/${name}`)
    .filter((name) => /\.(ya?ml|tpl|service|env|txt)$/.test(name)),
];

/** Variables of a command; those of secrets in files among them. */
function variablesOf(names: readonly OptionName[]): string[] {
  return names
    .flatMap((name) => [environmentName(name), fileVariable(name)])
    .filter((name) => name !== undefined);
}

it('every variable and flag in them is an option', () => {
  const known = new Set([...variablesOf(Object.keys(optionTable) as OptionName[]), 'ROLLCALL_IMAGE']); // the table's own keys
  expect(files.length).toBeGreaterThan(12);
  for (const file of files) {
    // Prose says ROLLCALL_NAME for any.
    const named = [...read(file).matchAll(/ROLLCALL_[A-Z][A-Z_]*/g)]
      .map(([name]) => name)
      .filter((name) => name !== 'ROLLCALL_NAME');
    expect([file, named.filter((name) => !known.has(name))]).toEqual([file, []]);
    const flags = [...read(file).matchAll(/rollcall (?:serve|sync)((?: --?[a-z-]+\S*)+)/g)].flatMap(
      ([, all]) => all!.match(/--[a-z-]+/g) ?? [],
    );
    expect([file, flags.filter((flag) => flag !== '--help' && !(flag.slice(2) in optionTable))]).toEqual([
      file,
      [],
    ]);
  }
});

/** The values of a key in a unit, in order. */
const ofUnit = (unit: string, key: string) =>
  [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value!);

const environmentOf = (file: string): Record<string, string> =>
  Object.fromEntries(
    file
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

describe('systemd', () => {
  it.each([
    ['serve', 'rollcall.service', 'serve.env'],
    ['sync', 'rollcall-sync.service', 'sync.env'],
  ] as const)('the unit of %s reads its own variables, each right', (command, unit, variables) => {
    const text = read(`deploy/systemd/${unit}`);
    expect(ofUnit(text, 'ExecStart')).toEqual([`/usr/local/bin/rollcall ${command}`]);
    expect(ofUnit(text, 'EnvironmentFile')).toEqual([`/etc/rollcall/${variables}`]);
    const environment = environmentOf(read(`deploy/systemd/${variables}`));
    const own = variablesOf(optionsOf(command));
    expect(Object.keys(environment).filter((name) => !own.includes(name))).toEqual([]);
    expect(() => readSettings(command, [], environment)).not.toThrow();
    expect(ofUnit(text, 'RestartPreventExitStatus')).toEqual(['2']);
  });

  it('the command line of serve starts, with the variables beside it, in a folder like its own, and ends by its signal', async () => {
    const [line] = ofUnit(read('deploy/systemd/rollcall.service'), 'ExecStart');
    const [, ...args] = line!.split(' ');
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-unit-'));
    const environment = {
      ...environmentOf(read('deploy/systemd/serve.env')),
      ROLLCALL_PORT: '0',
      ROLLCALL_WORKERS: '2',
    };
    const child = spawn(process.execPath, [main, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const [url] = /http:\S+/.exec(said)!;
    const readyz = await fetch(`${url}/readyz`);
    // It names an authority that is not reached here.
    expect([(await fetch(`${url}/healthz`)).status, readyz.status, await readyz.json()]).toMatchObject([
      ...[200, 503],
      {
        checks: [
          { about: 'store', state: 'well' },
          { about: 'authority', state: 'wrong' },
        ],
      },
    ]);
    expect(readdirSync(folder)).toEqual(['rollcall-data']);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    rmSync(folder, { recursive: true });
  });
});

interface Compose {
  readonly services: Record<
    string,
    {
      command?: [CommandName];
      environment: Record<string, string>;
      secrets: string[];
      read_only?: boolean;
      healthcheck?: unknown;
    }
  >;
  readonly secrets: Record<string, { file: string }>;
}

describe('compose', () => {
  const { services, secrets } = parse(read('deploy/compose/compose.yaml'), { merge: true }) as Compose;

  it('gives each service variables of its command, and secrets that there are', () => {
    for (const [name, { command, environment, secrets: used }] of Object.entries(services)) {
      expect([name, used.filter((secret) => !(secret in secrets))]).toEqual([name, []]);
      const inFiles = Object.values(environment).filter((value) => value.startsWith('/run/secrets/'));
      expect(inFiles.map((path) => path.slice('/run/secrets/'.length)).sort()).toEqual([...used].sort());
      if (command === undefined) continue;
      const own = variablesOf(optionsOf(command[0]));
      expect([name, Object.keys(environment).filter((variable) => !own.includes(variable))]).toEqual([
        name,
        [],
      ]);
    }
  });

  it('leaves nothing of ours to be written to, and needs no privilege', () => {
    for (const name of ['serve', 'sync'])
      expect(services[name]).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        tmpfs: ['/tmp'],
        security_opt: ['no-new-privileges:true'],
      });
  });
});

describe('the Dockerfile', () => {
  const text = read('Dockerfile');
  const stages = text.split(/^FROM /m).slice(1);

  it('builds in one stage and runs in another, as no root, with a check of its health', () => {
    expect(stages).toHaveLength(2);
    expect(stages[1]).toMatch(/^USER 1000:1000$/m);
    expect(stages[1]).toMatch(/^HEALTHCHECK /m);
    expect(stages[1]).not.toMatch(/npm (ci|install)|apt-get/);
  });

  it('copies what the build needs, by its list of what is left out', () => {
    const taken = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const missing = [
      'package.json',
      'package-lock.json',
      '.npmrc',
      'tsconfig.json',
      'tsconfig.build.json',
      'bin',
      'build',
      'src',
    ];
    expect(missing.filter((name) => !taken.includes(name))).toEqual([]);
  });

  it('checks its health by a script that tells well from ill', async () => {
    const [, json] = /^HEALTHCHECK [^\n]*\\\n +CMD (\[.*\])$/m.exec(text)!;
    const [, ...args] = JSON.parse(json!) as string[];
    const check = spawn(process.execPath, args, { env: { ROLLCALL_PORT: '1' }, stdio: 'ignore' });
    expect(await once(check, 'exit')).toEqual([1, null]);
  });
});

describe('the Helm chart', () => {
  const values = parse(read('deploy/helm/rollcall/values.yaml')) as { sync: object };
  const schema = JSON.parse(read('deploy/helm/rollcall/values.schema.json')) as object;
  const validate = new Ajv({ strict: false }).compile(schema);
  const id = '11111111-1111-4111-8111-111111111111';
  const given = {
    ...values,
    authority: 'https://login.example/x',
    store: { existingSecret: 'db', key: 'store' },
  };

  it('takes what must be said, and names what is not', () => {
    expect(validate(given)).toBe(true);
    expect(validate(values)).toBe(false);
    const sync = { ...values.sync, enabled: true };
    expect(validate({ ...given, sync })).toBe(false);
    expect(validate({ ...given, sync: { ...sync, tenant: id, clientId: id, existingSecret: 's' } })).toBe(
      true,
    );
    expect(validate({ ...given, replicas: 2 })).toBe(false);
  });

  it('reads no value that is not there', () => {
    const templates = files.filter((file) => file.startsWith('deploy/helm/rollcall/templates/'));
    const used = templates.flatMap((file) =>
      [...read(file).matchAll(/\.Values\.([\w.]+)/g)].map(([, path]) => path!),
    );
    const valueAt = (path: string) =>
      path
        .split('.')
        .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], values);
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((path) => path !== 'nameOverride' && valueAt(path) === undefined)).toEqual([]);
  });

  it('has Prometheus read ports that the pods have', () => {
    const [ofService, ofPod] = read('deploy/helm/rollcall/templates/service-monitor.yaml').split(
      'kind: PodMonitor',
    );
    const portsIn = (text: string) =>
      [...text.matchAll(/\{ (?:name|port): ([a-z]+), /g)].map(([, name]) => name);
    const template = (name: string) => read(`deploy/helm/rollcall/templates/${name}.yaml`);
    expect(portsIn(ofService!)).toEqual(['http']);
    expect(portsIn(template('services'))).toContain('http');
    expect(portsIn(ofPod!)).toEqual(['health']);
    expect(template('sync')).toContain('{ name: health, containerPort: 7656 }');
    expect(template('network-policy')).toContain('{ port: 7656 }');
  });

  it('gives each pod variables of its command', () => {
    for (const command of ['serve', 'sync'] as const) {
      const text =
        read(`deploy/helm/rollcall/templates/${command}.yaml`) +
        read('deploy/helm/rollcall/templates/_helpers.tpl');
      const own = variablesOf(optionsOf(command));
      expect(
        [...text.matchAll(/name: (ROLLCALL_\w+)/g)]
          .map(([, name]) => name!)
          .filter((name) => !own.includes(name)),
      ).toEqual([]);
    }
  });
});
