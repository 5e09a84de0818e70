/** Whose calls `sync` keeps, from its options or from the file of tenants; every problem with them at once. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { development } from '../auth/issuer/development.ts';
import { isGraph } from '../sync/authority.ts';
import type { Credentials } from '../sync/credentials.ts';
import type { SyncTenant } from '../sync/sync.ts';
import { isPlainHttpElsewhere } from '../sync/upstream-client.ts';
import { UsageError } from './exit.ts';
import type { ReadSettings, Settings } from './settings.ts';

/** What is said of one tenant, on the command line or in the file. */
interface Given {
  readonly tenant: string;
  readonly upstream: string;
  readonly authority: string | undefined;
  readonly clientId: string | undefined;
  readonly credentials: readonly Credentials[];
}

/** @throws UsageError */
export function syncTenants({ settings, origins }: ReadSettings): readonly SyncTenant[] {
  const problems: string[] = [];
  const isSet = (name: 'tenant' | 'client-id') => origins.get(name) !== 'default';
  let tenants: readonly (SyncTenant | undefined)[];
  if (settings.tenants === undefined) {
    const given = fromOptions(settings, isSet('client-id'));
    if (!isSet('tenant') && isGraph(new URL(settings.upstream)))
      problems.push('--tenant: name the tenant whose calls are kept.');
    tenants = [tenantOf(given, '', problems)];
  } else {
    const both = (['tenant', 'client-id'] as const).filter(isSet);
    for (const name of both) problems.push(`--${name}: stands in the file that --tenants names.`);
    tenants = fromFile(settings, problems).map((given, i) =>
      tenantOf(given, `tenant ${i + 1} of the file: `, problems),
    );
    const ids = tenants.map((one) => one?.tenantId);
    for (const id of new Set(ids.filter((one, i) => one !== undefined && ids.indexOf(one) !== i)))
      problems.push(`--tenants: the tenant ${id} stands in the file twice.`);
  }
  if (problems.length > 0) throw new UsageError(problems);
  return tenants.filter((one) => one !== undefined);
}

function fromOptions(settings: Settings, hasClientId: boolean): Given {
  const secret = settings['client-secret'];
  return {
    tenant: settings.tenant,
    upstream: settings.upstream,
    authority: settings.authority?.[0],
    clientId: hasClientId ? settings['client-id'] : undefined,
    credentials: [
      ...(secret === undefined ? [] : [{ kind: 'secret' as const, secret }]),
      ...fileCredentials(settings['client-secret-file'], settings['client-certificate']),
    ],
  };
}

const text = z.string().min(1);
const tenantsFile = z
  .array(
    z.strictObject({
      tenant: z.guid(),
      'client-id': z.guid(),
      'client-secret-file': text.optional(),
      'client-certificate': text.optional(),
      upstream: z.url({ protocol: /^https?$/ }).optional(),
      authority: z.url({ protocol: /^https?$/ }).optional(),
    }),
  )
  .min(1);

function fromFile({ tenants, upstream, authority }: Settings, problems: string[]): readonly Given[] {
  const path = tenants ?? '';
  try {
    const read = tenantsFile.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (read.success) {
      return read.data.map((one) => ({
        tenant: one.tenant,
        upstream: one.upstream ?? upstream,
        authority: one.authority ?? authority?.[0],
        clientId: one['client-id'],
        credentials: fileCredentials(one['client-secret-file'], one['client-certificate']),
      }));
    }
    for (const { path: place, message } of read.error.issues)
      problems.push(`--tenants: ${place.map(String).join('.') || 'the file'}: ${message}.`);
  } catch {
    problems.push(`--tenants: '${path}' cannot be read as JSON.`);
  }
  return [];
}

function fileCredentials(secretFile: string | undefined, certificate: string | undefined): Credentials[] {
  return [
    ...(secretFile === undefined ? [] : [{ kind: 'secretFile' as const, path: secretFile }]),
    ...(certificate === undefined ? [] : [{ kind: 'certificateFile' as const, path: certificate }]),
  ];
}

function tenantOf(given: Given, place: string, problems: string[]): SyncTenant | undefined {
  const before = problems.length;
  const upstream = new URL(given.upstream);
  // `serve` names tenants with its authorities; here each tenant has one.
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
  // A dev server's application is known to everyone; no other upstream knows it.
  if (clientId === undefined && credentials.length === 0 && !isGraph(upstream)) {
    clientId = development.clientId;
    credentials = [{ kind: 'secret', secret: development.clientSecret }];
  }
  if (clientId === undefined)
    problems.push(`${place}--client-id: name the application that may read the records.`);
  const [credential, second] = credentials;
  if (credential === undefined)
    problems.push(
      `${place}--client-secret-file: name the secret of the application, or its --client-certificate.`,
    );
  if (second !== undefined)
    problems.push(
      `${place}--client-secret, --client-secret-file and --client-certificate: one of them is enough.`,
    );
  if (problems.length > before || clientId === undefined || credential === undefined) return undefined;
  return { tenantId: given.tenant.toLowerCase(), upstream, authority, clientId, credentials: credential };
}
