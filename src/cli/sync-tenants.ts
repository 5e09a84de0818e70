/** Reads the tenants of `sync` from its options or from the tenants file, and reports all problems at once. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { development } from '../base/development.ts';
import { isGraph } from '../collect/sync/authority.ts';
import type { Credentials } from '../collect/sync/credentials.ts';
import type { SyncTenant } from '../collect/sync/sync.ts';
import { isPlainHttpElsewhere } from '../collect/sync/upstream-client.ts';
import { UsageError } from '../base/exit.ts';
import { identityServiceBy } from '../serve/run/identity-service.ts';
import { tokensOptions } from './options/tokens.ts';
import { upstreamOptions } from './options/upstream.ts';
import type { ReadSettings, Settings } from './settings.ts';

/** The settings of one tenant, from the command line or the file. */
interface Given {
  readonly tenant: string;
  readonly upstream: string;
  readonly scope: string | undefined;
  readonly authority: string | undefined;
  readonly clientId: string | undefined;
  readonly credentials: readonly NamedCredentials[];
}

/** Credentials, named as options and file entries name them. */
interface CredentialTexts {
  readonly 'client-secret'?: string | undefined;
  readonly 'client-secret-file'?: string | undefined;
  readonly 'client-certificate'?: string | undefined;
  readonly 'client-assertion-file'?: string | undefined;
  readonly 'managed-identity'?: string | undefined;
}

type NamedCredentials = readonly [option: keyof CredentialTexts, credentials: Credentials];

/** Returns the tenants. @throws UsageError */
export function syncTenants({ settings, origins, environment }: ReadSettings): readonly SyncTenant[] {
  const problems: string[] = [];
  const isSet = (name: 'tenant' | 'client-id') => origins.get(name) !== 'default';
  const ofOptions = credentialsOf(settings, environment);
  let tenants: readonly (SyncTenant | undefined)[];
  if (settings.tenants === undefined) {
    const given = fromOptions(settings, isSet('client-id'), ofOptions);
    if (!isSet('tenant') && isGraph(new URL(settings.upstream)))
      problems.push('--tenant: name the tenant whose calls are kept.');
    tenants = [tenantOf(given, '', problems)];
  } else {
    const both = (['tenant', 'client-id'] as const).filter(isSet);
    for (const name of both)
      problems.push(`--${name}: is set in the file that --tenants names. Remove it from one of the two.`);
    tenants = fromFile(settings, problems, environment).map((given, i) => {
      // One application may serve several tenants.
      const credentials = given.credentials.length > 0 ? given.credentials : ofOptions;
      return tenantOf({ ...given, credentials }, `tenant ${i + 1} of the file: `, problems);
    });
    const ids = tenants.map((one) => one?.tenantId);
    for (const id of new Set(ids.filter((one, i) => one !== undefined && ids.indexOf(one) !== i)))
      problems.push(`--tenants: the tenant ${id} is in the file twice. Remove one of the two.`);
  }
  if (problems.length > 0) throw new UsageError(problems);
  return tenants.filter((one) => one !== undefined);
}

function fromOptions(
  { tenant, upstream, authority, ...settings }: Settings,
  hasClientId: boolean,
  credentials: readonly NamedCredentials[],
): Given {
  const clientId = hasClientId ? settings['client-id'] : undefined;
  const scope = settings['upstream-scope'];
  return { tenant, upstream, scope, authority: authority?.[0], clientId, credentials };
}

const text = z.string().min(1);
const tenantsFile = z
  .array(
    z.strictObject({
      tenant: z.guid(),
      'client-id': z.guid().optional(),
      'client-secret-file': text.optional(),
      'client-certificate': text.optional(),
      'client-assertion-file': text.optional(),
      'managed-identity': z
        .string()
        .regex(tokensOptions['managed-identity'].pattern.form, 'system or a client ID is expected')
        .optional(),
      upstream: z.url({ protocol: /^https?$/ }).optional(),
      'upstream-scope': z
        .string()
        .regex(upstreamOptions['upstream-scope'].pattern.form, 'a scope such as api://…/.default is expected')
        .optional(),
      authority: z.url({ protocol: /^https?$/ }).optional(),
    }),
  )
  .min(1);

function fromFile(
  { tenants, upstream, authority, 'upstream-scope': scope }: Settings,
  problems: string[],
  environment: NodeJS.ProcessEnv,
): readonly Given[] {
  const path = tenants ?? '';
  try {
    const read = tenantsFile.safeParse(JSON.parse(new TextDecoder().decode(readFileSync(path))));
    if (read.success) {
      return read.data.map((one) => ({
        tenant: one.tenant,
        upstream: one.upstream ?? upstream,
        scope: one['upstream-scope'] ?? scope,
        authority: one.authority ?? authority?.[0],
        clientId: one['client-id'],
        credentials: credentialsOf(one, environment),
      }));
    }
    for (const { path: place, message } of read.error.issues)
      problems.push(`--tenants: ${place.map(String).join('.') || 'the file'}: ${message}.`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    problems.push(`--tenants: '${path}' cannot be read as JSON.`);
  }
  return [];
}

function credentialsOf(given: CredentialTexts, environment: NodeJS.ProcessEnv): readonly NamedCredentials[] {
  const identity = given['managed-identity'];
  const service = identity === undefined ? undefined : identityServiceBy(environment);
  const clientId = identity === 'system' ? undefined : identity;
  const inFile = (path: string | undefined, kind: 'secretFile' | 'certificateFile' | 'assertionFile') =>
    path === undefined ? undefined : { kind, path };
  const secret = given['client-secret'];
  const named: readonly (readonly [keyof CredentialTexts, Credentials | undefined])[] = [
    ['client-secret', secret === undefined ? undefined : { kind: 'secret', secret }],
    ['client-secret-file', inFile(given['client-secret-file'], 'secretFile')],
    ['client-certificate', inFile(given['client-certificate'], 'certificateFile')],
    ['client-assertion-file', inFile(given['client-assertion-file'], 'assertionFile')],
    ['managed-identity', service && { kind: 'managedIdentity', service, clientId }],
  ];
  return named.flatMap(([option, credentials]) => (credentials ? [[option, credentials] as const] : []));
}

function tenantOf(given: Given, place: string, problems: string[]): SyncTenant | undefined {
  const before = problems.length;
  const upstream = new URL(given.upstream);
  // `serve` lists tenants with its authorities; here each tenant has one authority.
  const named =
    given.authority?.includes('=') === true ? null : given.authority && URL.parse(given.authority);
  if (named === null)
    problems.push(
      `${place}--authority: '${given.authority}' is not a URL. Name the authority without tenants.`,
    );
  const authority = named === '' || named === null ? undefined : named;
  for (const [name, url] of [
    ['upstream', upstream],
    ['authority', authority],
  ] as const) {
    if (url !== undefined && url.username + url.password !== '')
      problems.push(`${place}--${name}: a URL without a user name is expected.`);
    if (url !== undefined && isPlainHttpElsewhere(url))
      problems.push(`${place}--${name}: http is for this machine alone; name an https URL.`);
  }
  let { clientId, credentials } = given;
  // The client of a dev server is public, and no other upstream knows it.
  if (place === '' && clientId === undefined && credentials.length === 0 && !isGraph(upstream)) {
    clientId = development.clientId;
    credentials = [['client-secret', { kind: 'secret', secret: development.clientSecret }]];
  }
  const [[, credential] = [], ...others] = credentials;
  // A managed identity is itself an application.
  if (credential?.kind === 'managedIdentity') clientId = credential.clientId ?? 'managed identity';
  if (clientId === undefined)
    problems.push(`${place}--client-id: name the application that may read the records.`);
  if (credential === undefined)
    problems.push(
      `${place}--client-secret-file: name the secret of the application, or its --client-certificate, --client-assertion-file or --managed-identity.`,
    );
  if (others.length > 0)
    problems.push(
      `${place}${credentials.map(([option]) => `--${option}`).join(', ')}: one credential is enough. Leave the others out.`,
    );
  if (problems.length > before || clientId === undefined || credential === undefined) return undefined;
  const tenantId = given.tenant.toLowerCase();
  return { tenantId, upstream, scope: given.scope, authority, clientId, credentials: credential };
}
