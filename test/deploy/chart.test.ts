/** The Helm chart, rendered by Helm with several files of values: what its parts name of one another is there. */
import { readdirSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { chart, hasHelm, lintChart, type Manifest, renderChart } from '../support/helm.ts';
import { type Deployed, faultsOf, ofChart, podsIn, read } from './deployed.ts';

const folder = 'deploy/helm/rollcall';
const variants = readdirSync(`${chart}/ci`).map((name) => name.replace('-values.yaml', ''));
const valuesOf = (variant: string) => parse(read(`${folder}/ci/${variant}-values.yaml`)) as Values;
const defaults = parse(read(`${folder}/values.yaml`)) as Values;

type Values = Readonly<Record<string, unknown>>;

/** As Helm merges them. */
function merged(below: Values, above: Values): Values {
  const both = Object.entries(above).map(([key, value]): [string, unknown] => {
    const known = below[key];
    return [key, isMap(known) && isMap(value) ? merged(known, value) : value];
  });
  return { ...below, ...Object.fromEntries(both) };
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

describe('values.schema.json', () => {
  const validate = new Ajv({ strict: false }).compile(
    JSON.parse(read(`${folder}/values.schema.json`)) as object,
  );
  const accepts = (change: Values) => validate(merged(merged(defaults, valuesOf('minimal')), change));
  const id = '11111111-1111-4111-8111-111111111111';
  const sync = { enabled: true, tenant: id, clientId: id };

  it.each(variants)('accepts the %s values', (variant) => {
    expect([validate(merged(defaults, valuesOf(variant))), validate.errors]).toEqual([true, null]);
  });

  it.each<[string, Values]>([
    ['no authority', { authority: '' }],
    ['Microsoft Entra without an audience', { audience: '' }],
    ['an audience of Graph', { audience: 'https://graph.microsoft.com/' }],
    ['no store', { store: { existingSecret: '' } }],
    ['a value that is not there', { replicas: 2 }],
    ['a public URL with a path', { publicUrl: 'https://calls.example/path' }],
    ['a proxy by name', { trustProxy: ['proxy.example'] }],
    ['a secret of signing in without its application', { serve: { signIn: { existingSecret: 's' } } }],
    ['sync without a tenant', { sync: { enabled: true } }],
    ['sync without a secret', { sync }],
    ['a credential of another kind', { sync: { ...sync, credential: 'password', existingSecret: 's' } }],
    [
      'one tenant beside several',
      {
        sync: { ...sync, existingSecret: 's', tenants: [{ tenant: id, clientId: id, existingSecret: 's' }] },
      },
    ],
    [
      'one of several tenants without a secret',
      { sync: { enabled: true, tenants: [{ tenant: id, clientId: id }] } },
    ],
    [
      'notifications without a path',
      { sync: { ...sync, existingSecret: 's', notificationUrl: 'https://calls.example' } },
    ],
    ['an ingress without a host', { ingress: { enabled: true } }],
    ['retention without an age', { retention: { enabled: true } }],
    ['a schedule that is none', { verify: { schedule: 'daily' } }],
  ])('rejects %s', (_, change) => {
    expect(accepts(change)).toBe(false);
  });

  it('accepts any authority but Microsoft Entra without an audience, and each kind of credential', () => {
    expect(accepts({ authority: 'https://login.example/x', audience: '' })).toBe(true);
    expect(accepts({ sync: { ...sync, existingSecret: 's' } })).toBe(true);
    for (const credential of ['workloadIdentity', 'managedIdentity'])
      expect(accepts({ sync: { ...sync, credential } })).toBe(true);
    // A managed identity is an application of its own.
    const unnamed = { enabled: true, tenant: id, clientId: '' };
    for (const [credential, accepted] of [
      ['managedIdentity', true],
      ['workloadIdentity', false],
    ] as const) {
      expect(accepts({ sync: { ...unnamed, credential } })).toBe(accepted);
      expect(accepts({ sync: { enabled: true, tenants: [{ tenant: id, credential }] } })).toBe(accepted);
    }
    expect(accepts({ publicUrl: 'https://calls.example/' })).toBe(true);
  });
});

const nameOf = ({ metadata }: Manifest) => metadata.name;
const ofKind = (manifests: readonly Manifest[], kind: string) =>
  manifests.filter((manifest) => manifest.kind === kind);

describe.skipIf(!hasHelm).each(variants)('rendered with the %s values', (variant) => {
  const manifests = hasHelm ? renderChart(valuesOf(variant)) : [];
  const pods = podsIn(manifests);
  const values = merged(defaults, valuesOf(variant));

  it('has no fault that Helm finds', () => {
    expect(lintChart(valuesOf(variant)).status).toBe(0);
    const names = manifests.map((manifest) => `${manifest.kind} ${nameOf(manifest)}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('gives each pod variables of its command, once, and files that are mounted', () => {
    for (const [name, { spec }] of pods) {
      const [{ env, image, args }] = spec.containers;
      expect(new Set(env.map((one) => one.name)).size).toBe(env.length);
      if (args === undefined)
        expect([name, image]).toEqual([expect.stringMatching(/-backup$/), 'postgres:18']);
      else expect([name, faultsOf(ofChart(name, manifests))]).toEqual([name, []]);
    }
  });

  it('mounts volumes that are there, from objects that are rendered or that the values name', () => {
    const text = JSON.stringify(values);
    for (const { spec } of pods.values()) {
      const { volumes, containers } = spec;
      const mounted = containers[0].volumeMounts.map(({ name }) => name);
      expect(mounted.sort()).toEqual(volumes.map(({ name }) => name).sort());
      for (const { configMap, secret, persistentVolumeClaim: claim, projected } of volumes) {
        const made = (kind: string, name: string) => ofKind(manifests, kind).map(nameOf).includes(name);
        const given = [
          secret?.secretName,
          ...(projected?.sources ?? []).map((source) => source.secret?.name),
        ];
        for (const name of given.filter((one) => one !== undefined)) expect(text).toContain(`"${name}"`);
        if (configMap !== undefined && !text.includes(`"${configMap.name}"`))
          expect([configMap.name, made('ConfigMap', configMap.name)]).toEqual([configMap.name, true]);
        if (claim !== undefined) expect(made('PersistentVolumeClaim', claim.claimName)).toBe(true);
      }
    }
  });

  it('runs pods of one service account without a role, without service links and without privilege', () => {
    const [account] = ofKind(manifests, 'ServiceAccount');
    expect(manifests.filter(({ kind }) => /Role/.test(kind))).toEqual([]);
    for (const { spec } of pods.values()) {
      expect(spec).toMatchObject({
        serviceAccountName: nameOf(account!),
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(spec.containers[0].securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('leads services, budgets, ingress and monitors to ports and pods that are there', () => {
    const labels = [...pods.values()].map(({ metadata, spec }) => ({ labels: metadata.labels, spec }));
    const selectedBy = (selector: Readonly<Record<string, string>>) =>
      labels.filter((pod) => Object.entries(selector).every(([key, value]) => pod.labels[key] === value));
    const portsOf = (spec: (typeof labels)[number]['spec']) =>
      (spec.containers[0].ports ?? []).map(({ name }) => name);
    const services = ofKind(manifests, 'Service') as unknown as Service[];
    for (const { spec } of services) {
      const selected = selectedBy(spec.selector).filter((pod) => portsOf(pod.spec).length > 0);
      expect(selected.length).toBeGreaterThan(0);
      for (const { targetPort } of spec.ports)
        for (const pod of selected) expect(portsOf(pod.spec)).toContain(targetPort);
    }
    for (const { spec } of ofKind(manifests, 'PodDisruptionBudget') as unknown as Selecting[])
      expect(selectedBy(spec.selector.matchLabels)).toHaveLength(1);
    for (const { spec } of ofKind(manifests, 'ServiceMonitor') as unknown as Selecting[]) {
      const found = services.filter(({ metadata }) =>
        Object.entries(spec.selector.matchLabels).every(([key, value]) => metadata.labels[key] === value),
      );
      expect(found.map((one) => one.spec.ports.map(({ name }) => name))).toEqual([['health']]);
    }
    for (const { spec } of labels)
      for (const { readinessProbe } of spec.containers)
        if (readinessProbe !== undefined) expect(portsOf(spec)).toContain(readinessProbe.httpGet.port);
    const backends = (ofKind(manifests, 'Ingress') as unknown as Ingress[]).flatMap(({ spec }) =>
      spec.rules.flatMap(({ http }) => http.paths.map(({ backend }) => backend.service.name)),
    );
    expect(backends.filter((name) => !services.some(({ metadata }) => metadata.name === name))).toEqual([]);
  });
});

interface Service extends Manifest {
  readonly spec: {
    readonly selector: Readonly<Record<string, string>>;
    readonly ports: readonly { readonly name: string; readonly targetPort: string }[];
  };
}
interface Selecting {
  readonly spec: { readonly selector: { readonly matchLabels: Readonly<Record<string, string>> } };
}
interface Ingress {
  readonly spec: {
    readonly rules: readonly {
      readonly http: {
        readonly paths: readonly {
          readonly path: string;
          readonly backend: { readonly service: { readonly name: string } };
        }[];
      };
    }[];
  };
}

describe.skipIf(!hasHelm)('what values change', () => {
  const environment = (deployed: Deployed) => deployed.environment;
  const rendered = (variant: string) => renderChart(valuesOf(variant));

  it('the ingress is the public URL of serve, and leads notifications to sync', () => {
    const manifests = rendered('ingress');
    expect(environment(ofChart('calls-serve', manifests))).toMatchObject({
      ROLLCALL_PUBLIC_URL: 'https://calls.example',
      ROLLCALL_TRUST_PROXY: '10.244.0.0/16',
      ROLLCALL_SIGN_IN_CLIENT_ID: '88888888-8888-4888-8888-888888888888',
      ROLLCALL_SIGN_IN_CLIENT_SECRET_FILE: '/run/secrets/rollcall/sign-in-client-secret',
    });
    const [{ spec }] = ofKind(manifests, 'Ingress') as unknown as [Ingress];
    expect(spec.rules[0]!.http.paths.map(({ path, backend }) => [path, backend.service.name])).toEqual([
      ['/notifications', 'calls-sync'],
      ['/', 'calls'],
    ]);
  });

  it('sync has one credential, of the kind that the values name', () => {
    const credential = /CLIENT_(SECRET|CERTIFICATE|ASSERTION)|MANAGED/;
    const of = (variant: string, name = 'calls-sync') =>
      Object.entries(environment(ofChart(name, rendered(variant)))).filter(([key]) => credential.test(key));
    expect(of('ingress')).toEqual([['ROLLCALL_CLIENT_SECRET_FILE', '/run/secrets/rollcall/client-secret']]);
    expect(of('full', 'archive-sync')).toEqual([
      ['ROLLCALL_CLIENT_CERTIFICATE', '/run/secrets/rollcall/client-certificate.pem'],
    ]);
    expect(of('workload-identity')).toEqual([
      ['ROLLCALL_CLIENT_ASSERTION_FILE', '/run/secrets/rollcall/identity-token'],
    ]);
    expect(of('managed-identity')).toEqual([['ROLLCALL_MANAGED_IDENTITY', 'system']]);
    expect(of('tenants')).toEqual([]);
  });

  it('a file of tenants has a credential for each, and starts the pods again when it changes', () => {
    const { files, environment: own } = ofChart('calls-sync', rendered('tenants'));
    const path = own['ROLLCALL_TENANTS']!;
    expect(JSON.parse(files[path]!)).toEqual([
      expect.objectContaining({ 'client-secret-file': expect.stringMatching(/tenants\/33333333/) as string }),
      expect.objectContaining({ 'client-certificate': expect.stringMatching(/tenants\/44444444/) as string }),
      expect.objectContaining({ 'client-assertion-file': '/run/secrets/rollcall/identity-token' }),
      expect.objectContaining({ 'managed-identity': '99999999-9999-4999-8999-999999999999' }),
    ]);
    const { sync } = valuesOf('tenants') as { sync: { tenants: object[] } };
    const fewer = renderChart({ ...valuesOf('tenants'), sync: { ...sync, tenants: sync.tenants.slice(1) } });
    expect(ofChart('calls-sync', fewer).environment['ROLLCALL_TENANTS']).not.toBe(path);
  });

  it('one pod has no budget, which would keep its node from being drained', () => {
    const one = renderChart({ ...valuesOf('minimal'), serve: { replicas: 1 } });
    expect(ofKind(one, 'PodDisruptionBudget')).toEqual([]);
    expect(ofKind(rendered('minimal'), 'PodDisruptionBudget').map(nameOf)).toEqual(['calls-serve']);
  });

  it('backups go to a claim that is kept, or to one that exists', () => {
    const [claim] = ofKind(rendered('full'), 'PersistentVolumeClaim');
    expect(claim!.metadata).toMatchObject({ annotations: { 'helm.sh/resource-policy': 'keep' } });
    const own = renderChart({ ...valuesOf('minimal'), backup: { enabled: true, existingClaim: 'nas' } });
    expect(ofKind(own, 'PersistentVolumeClaim')).toEqual([]);
    const { spec } = podsIn(own).get('calls-backup')!;
    expect(spec.volumes).toContainEqual({ name: 'backups', persistentVolumeClaim: { claimName: 'nas' } });
    expect(spec.containers[0].command).toEqual(['sh', '/etc/rollcall/backup.sh', '/backups', '14']);
  });

  it('Helm refuses values that the schema rejects, and says which', () => {
    expect(() => renderChart({ ...valuesOf('minimal'), audience: '' })).toThrow('audience');
  });
});
