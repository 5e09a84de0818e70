/** What a file of `deploy/` starts: a command line, its environment, and the files it finds, as a platform would lay them out. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { environmentName, fileVariable, type OptionName, optionsOf } from '../../src/cli/options.ts';
import type { CommandName } from '../../src/cli/options/option.ts';
import { readSettings } from '../../src/cli/settings.ts';
import type { Manifest } from '../support/helm.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
export const read = (path: string) => readFileSync(join(project, path), 'utf8');

export interface Deployed {
  readonly name: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Of each file its place, and what it holds; `undefined` for a secret of the operator. */
  readonly files: Readonly<Record<string, string | undefined>>;
}

/** Variables of a command; those of secrets in files among them. */
export function variablesOf(names: readonly OptionName[]): string[] {
  return names
    .flatMap((name) => [environmentName(name), fileVariable(name)])
    .filter((name) => name !== undefined);
}

/** Variables that the command does not read, files that are named and not there, and values that it rejects. */
export function faultsOf(deployed: Deployed): string[] {
  const { args, environment, files } = deployed;
  const command = args[0] as CommandName; // as the platform starts it
  const own = variablesOf(optionsOf(command));
  // What the image sets is for all commands.
  const named = Object.entries(environment).filter(
    ([name]) => name.startsWith('ROLLCALL_') && !(name in imageEnvironment),
  );
  const paths = [...named.map(([, value]) => value), ...Object.values(files).flatMap(pathsIn)];
  const faults = [
    ...named.map(([name]) => name).filter((name) => !own.includes(name)),
    ...paths.filter((path) => path.startsWith('/') && !(path in files)),
  ];
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-deployed-'));
  try {
    readSettings(
      command,
      args.slice(1),
      layOut(deployed, folder, () => 'postgres://rollcall@db/rollcall'),
    );
  } catch (error) {
    faults.push(String(error));
  }
  rmSync(folder, { recursive: true });
  return faults;
}

/** Paths in a file of tenants. */
function pathsIn(text = ''): readonly string[] {
  return [...text.matchAll(/"(\/[^"]+)"/g)].map(([, path]) => path!);
}

/**
 * Lays the files out below a folder.
 *
 * @param contentOf What a secret holds, by its place.
 * @returns The environment, with the places as they are there.
 */
export function layOut(
  { environment, files }: Deployed,
  folder: string,
  contentOf: (path: string) => string,
): Record<string, string> {
  for (const [path, text] of Object.entries(files)) {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    const content = text?.replaceAll(/"(\/[^"]+)"/g, (_, named: string) =>
      JSON.stringify(join(folder, named)),
    );
    writeFileSync(place, content ?? contentOf(path), { mode: 0o600 });
  }
  const moved = (value: string) => (value in files ? join(folder, value) : value);
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, moved(value)]));
}

/** `NAME=value` lines, as systemd and compose read them. */
export function variablesIn(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** What the Dockerfile sets for every container. */
const imageEnvironment = { ROLLCALL_HOST: '0.0.0.0', ROLLCALL_STORE: 'sqlite:/data/rollcall.db' };

// systemd

/** The values of a key in a unit, in order; an empty one forgets those before it. */
export function ofUnit(unit: string, key: string): string[] {
  const values: string[] = [];
  for (const [, value = ''] of unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm')))
    if (value === '') values.length = 0;
    else values.push(value);
  return values;
}

/** @param dropIns Of the folder beside the unit. */
export function ofSystemd(unit: string, dropIns: readonly string[] = []): Deployed {
  const parts = [`${unit}.service`, ...dropIns.map((name) => `${unit}.service.d/${name}.conf`)];
  const text = parts.map((part) => read(`deploy/systemd/${part}`)).join('\n');
  const credentials = `/run/credentials/${unit}.service`;
  const [program, ...args] = ofUnit(text, 'ExecStart')[0]!.split(' ');
  if (program !== '/usr/local/bin/rollcall') throw new Error(`${unit} starts ${program}.`);
  const [file] = ofUnit(text, 'EnvironmentFile');
  const settings = read(`deploy/systemd/${file!.replace('/etc/rollcall/', '')}`);
  const own = ofUnit(text, 'Environment').flatMap((line) => line.split(' '));
  return {
    name: [unit, ...dropIns].join(' with '),
    args,
    environment: variablesIn([...own, settings].join('\n').replaceAll('%d', credentials)),
    files: Object.fromEntries(
      ofUnit(text, 'LoadCredential').map((line) => [
        `${credentials}/${line.slice(0, line.indexOf(':'))}`,
        undefined,
      ]),
    ),
  };
}

// compose

interface ComposeService {
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly volumes?: readonly string[];
  readonly profiles?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: { readonly default: { readonly ipv4_address: string } };
}

interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: {
    readonly default: { readonly ipam: { readonly config: readonly [{ readonly subnet: string }] } };
  };
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** @param variables As in the file `.env`. @throws for a variable that is required and absent */
export function composeFile(variables: Readonly<Record<string, string>>): ComposeFile {
  const interpolated = (text: string) =>
    text.replaceAll(/\$\{(\w+)(?:(:?[-?+])([^}]*))?\}/g, (_, name: string, rule = '-', rest = '') => {
      const value = variables[name];
      if (rule === ':+') return value === undefined || value === '' ? '' : (rest as string);
      if (value !== undefined && (value !== '' || rule === '-')) return value;
      if (rule === ':?') throw new Error(`${name}: ${rest as string}`);
      return rest as string;
    });
  const text = read('deploy/compose/compose.yaml');
  return parse(text, (_, value) => (typeof value === 'string' ? interpolated(value) : value), {
    merge: true,
  }) as ComposeFile;
}

/** @param folder What the operator put into the folders that are mounted, by its place in the container. */
export function ofCompose(
  name: string,
  { services }: ComposeFile,
  folder: Readonly<Record<string, string | undefined>> = {},
): Deployed {
  const { command = [], environment, secrets } = services[name]!;
  const set = Object.entries(environment).filter(([, value]) => value !== '');
  const files = Object.fromEntries(secrets.map((secret) => [`/run/secrets/${secret}`, undefined]));
  const image = { ROLLCALL_HOST: imageEnvironment.ROLLCALL_HOST };
  return {
    name: `compose ${name}`,
    args: command,
    environment: { ...image, ...Object.fromEntries(set) },
    files: { ...files, ...folder },
  };
}

// Helm

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly securityContext: object;
  readonly readinessProbe?: { readonly httpGet: { readonly port: string } };
}

interface Items {
  readonly name: string;
  readonly items: readonly { readonly path: string }[];
}

interface Volume {
  readonly name: string;
  readonly projected?: {
    readonly sources: readonly {
      readonly secret?: Items;
      readonly serviceAccountToken?: { readonly path: string };
    }[];
  };
  readonly secret?: { readonly secretName: string };
  readonly configMap?: { readonly name: string };
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly emptyDir?: object;
}

interface Pod {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: boolean;
  readonly enableServiceLinks: boolean;
  readonly securityContext: object;
  readonly containers: readonly [Container];
  readonly volumes: readonly Volume[];
}

interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: Pod;
}

/** Templates of pods by the name of what makes them. */
export function podsIn(manifests: readonly Manifest[]): ReadonlyMap<string, PodTemplate> {
  const specOf = (manifest: Manifest) => (manifest as unknown as { spec: object }).spec;
  const found = manifests.flatMap((manifest): [string, PodTemplate][] => {
    const { kind, metadata } = manifest;
    if (kind === 'Deployment')
      return [[metadata.name, (specOf(manifest) as { template: PodTemplate }).template]];
    if (kind !== 'CronJob') return [];
    const { jobTemplate } = specOf(manifest) as { jobTemplate: { spec: { template: PodTemplate } } };
    return [[metadata.name, jobTemplate.spec.template]];
  });
  return new Map(found);
}

/** Files of a pod's volumes, where they are mounted. */
function filesOf({ containers: [{ volumeMounts }], volumes }: Pod, manifests: readonly Manifest[]) {
  const files: Record<string, string | undefined> = {};
  for (const { name, mountPath } of volumeMounts) {
    const { projected, secret, configMap } = volumes.find((volume) => volume.name === name)!;
    const paths = projected?.sources.flatMap(({ secret: own, serviceAccountToken }) => [
      ...(own?.items ?? []),
      ...(serviceAccountToken === undefined ? [] : [serviceAccountToken]),
    ]);
    for (const { path } of paths ?? []) files[`${mountPath}/${path}`] = undefined;
    // As a secret of type kubernetes.io/tls has them.
    if (secret !== undefined)
      for (const path of ['tls.crt', 'tls.key']) files[`${mountPath}/${path}`] = undefined;
    const data = manifests.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMap?.name,
    ) as unknown as { readonly data: Readonly<Record<string, string>> } | undefined;
    for (const [path, text] of Object.entries(data?.data ?? {})) files[`${mountPath}/${path}`] = text;
  }
  return files;
}

export function ofChart(name: string, manifests: readonly Manifest[]): Deployed {
  const pod = podsIn(manifests).get(name)!.spec;
  const [{ args = [], env }] = pod.containers;
  const own = Object.fromEntries(env.map((one) => [one.name, one.value]));
  const set = Object.entries({ ...imageEnvironment, ...own }).filter(([, value]) => value !== '');
  return {
    name: `chart ${name}`,
    args,
    environment: Object.fromEntries(set),
    files: filesOf(pod, manifests),
  };
}
