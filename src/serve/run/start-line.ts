/** Formats the line that a server and `sync` log when they start: their settings, without secrets. */
import type { Log, LogFields } from '../../base/log.ts';
import { proxyEnvironment, proxyFor, ProxyError } from '../../base/proxy.ts';
import type { SyncTenant } from '../../collect/sync/sync.ts';
import { withoutPassword } from '../../store/postgres/store-url.ts';
import { authoritiesOfGraph } from '../../contract/graph-authorities.ts';
import { version } from '../../base/version.ts';
import { serveProfile } from './answering.ts';
import { audiencesBy } from './audiences.ts';
import { namedAuthorities } from './authorities.ts';
import type { ServerSettings, SyncSettings } from './server-settings.ts';

export interface ServerPlace {
  readonly url: string;
  readonly healthUrl: string | undefined;
  readonly workers: number;
}

export function logServerStart(log: Log, settings: ServerSettings, place: ServerPlace): void {
  const authorities = namedAuthorities(settings.authority).map(({ url }) => url);
  log.write('info', 'rollcall serve listens.', {
    ...ofProcess(settings),
    listening: place.url,
    health: place.healthUrl,
    workers: place.workers,
    authority: authorities,
    audience: audiencesBy(settings),
    allowedTenants: settings['allowed-tenants']?.length,
    signIn: settings['sign-in-client-id'] === undefined ? 'off' : 'on',
    publicUrl: settings['public-url'],
    participants: settings.participants ?? serveProfile.participants,
    deprecated: settings.deprecated ?? serveProfile.deprecated,
    proxy: proxyOf(authorities),
  });
}

export function logSyncStart(
  log: Log,
  settings: SyncSettings,
  tenants: readonly SyncTenant[],
  healthUrl: string | undefined,
): void {
  const upstreams = [...new Set(tenants.map(({ upstream }) => upstream.origin))];
  const authorities = [...new Set(tenants.map(authorityOf))];
  const { 'notification-url': notificationUrl } = settings;
  log.write('info', 'rollcall sync starts.', {
    ...ofProcess(settings),
    upstream: upstreams,
    authority: authorities,
    tenants: tenants.length,
    credential: [...new Set(tenants.map(({ credentials }) => credentialNames[credentials.kind]))],
    notifications: notificationUrl === undefined ? 'off' : new URL(notificationUrl).host,
    reconcileMinutes: settings.once ? undefined : settings['reconcile-minutes'],
    logs: settings.logs,
    health: healthUrl,
    proxy: proxyOf([...upstreams, ...authorities]),
  });
}

/** Returns the host that issues tokens: the upstream itself, unless one is named or it is Graph. */
function authorityOf({ authority, upstream }: SyncTenant): string {
  return authority?.origin ?? authoritiesOfGraph[upstream.hostname] ?? upstream.origin;
}

function ofProcess(settings: Pick<ServerSettings, 'store'>): LogFields {
  return { version, node: process.versions.node, store: withoutPassword(settings.store) };
}

const credentialNames: Readonly<Record<SyncTenant['credentials']['kind'], string>> = {
  secret: 'secret',
  secretFile: 'secret file',
  certificateFile: 'certificate',
  assertionFile: 'assertion file',
  managedIdentity: 'managed identity',
};

/** Returns the proxies used for URLs, without passwords; `none` when every URL is reached directly. */
function proxyOf(urls: readonly string[]): string | readonly string[] {
  const environment = proxyEnvironment();
  if (environment === undefined) return 'none';
  try {
    const proxies = urls.map((url) => proxyFor(new URL(url), environment)?.origin ?? 'none');
    return [...new Set(proxies)];
  } catch (error) {
    if (error instanceof ProxyError) return error.message;
    throw error;
  }
}
